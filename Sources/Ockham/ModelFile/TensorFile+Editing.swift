extension TensorFile {
  /// Puts a tensor in the place of the one with its name, or adds it.
  package mutating func set(_ tensor: Tensor) {
    if let place = tensors.firstIndex(where: { $0.name == tensor.name }) {
      tensors[place] = tensor
    } else {
      tensors.append(tensor)
      sortTensors()
    }
  }

  /// Orders tensors as model files have them: wide elements first, so that each starts at a multiple of its element size, then
  /// by name.
  package mutating func sortTensors() {
    tensors.sort { ($1.elementType.byteCount, $0.name) < ($0.elementType.byteCount, $1.name) }
  }
}
