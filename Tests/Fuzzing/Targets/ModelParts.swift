import Ockham

/// Model files that are well-formed but wrong inside: small models with a few parts replaced. Random bytes seldom come
/// past the header; these do.
@c(LLVMFuzzerTestOneInput)
public func fuzzModelParts(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes, count)
  var file = files[input.index(below: files.count)]
  while !input.isEmpty { edit(&file, &input) }
  // A file with parts is refused without its checksum; the others are read with a wrong one.
  if file.metadata["parts"] != nil { file = file.sealed() }
  if let model = try? Model(file.encoded()) { checkModel(model) }
  return 0
}

private let files: [TensorFile] = {
  let files = [
    try? TensorFile(goldenBytes("logistic.safetensors")), .small, try? TensorFile(goldenBytes("joint.safetensors")),
    try? TensorFile(goldenBytes("responses.safetensors")),
  ].compactMap { $0 }
  for file in files { expect((try? Model(file.encoded())) != nil, "an unchanged model does not load") }
  return files
}()

private func edit(_ file: inout TensorFile, _ input: inout FuzzInput) {
  let index = input.index(below: max(1, file.tensors.count))
  switch input.index(below: 8) {
  case 0: pokeMetadata(&file, &input)
  case 1 where !file.tensors.isEmpty: file.tensors.remove(at: index)
  case 2: file.tensors.append(makeTensor(named: input.text(), &input))
  case 3 where !file.tensors.isEmpty: file.tensors[index] = makeTensor(named: file.tensors[index].name, &input)
  case 4 where !file.tensors.isEmpty: fill(&file.tensors[index], with: [input.word(), input.word()])
  case 5 where !file.tensors.isEmpty: fill(&file.tensors[index], with: [extreme(&input), extreme(&input)])
  default: if !file.tensors.isEmpty { poke(&file.tensors[index], &input) }
  }
}

private func pokeMetadata(_ file: inout TensorFile, _ input: inout FuzzInput) {
  let keys = file.metadata.keys.sorted()
  let key = keys.isEmpty ? input.text() : keys[input.index(below: keys.count)]
  switch input.byte() {
  case 0: file.metadata[key] = nil
  case 255: file = file.sealed()
  default: file.metadata[key] = input.text()
  }
}

/// A number at the edge of what a tensor may hold.
private func extreme(_ input: inout FuzzInput) -> UInt64 {
  let edges: [Double] = [0, -0.0, 1, -1, 1e-45, 3e38, -3e38, 1e308, -1e308, .infinity, .nan, 64, -64, 1e6]
  return edges[input.index(below: edges.count)].bitPattern
}

/// The bits of two doubles as two numbers of the tensor's own type.
private func fill(_ tensor: inout Tensor, with bits: [UInt64]) {
  let count = tensor.count
  let numbers = bits.map { Double(bitPattern: $0) }
  switch tensor.elementType {
  case .float32:
    tensor = Tensor(name: tensor.name, shape: tensor.shape, floats: (0..<count).map { Float(numbers[$0 % 2]) })
  case .float64: tensor = Tensor(name: tensor.name, shape: tensor.shape, doubles: (0..<count).map { numbers[$0 % 2] })
  case .int16:
    let values = bits.map { Int16(truncatingIfNeeded: $0) }
    tensor = Tensor(name: tensor.name, shape: tensor.shape, int16s: (0..<count).map { values[$0 % 2] })
  case .uint64, .int64: break
  }
}

/// Replaces some bytes of the elements.
private func poke(_ tensor: inout Tensor, _ input: inout FuzzInput) {
  guard !tensor.bytes.isEmpty else { return }
  let start = input.index(below: min(65_536, tensor.bytes.count))
  for (offset, byte) in input.bytes(Int(input.byte() % 9)).enumerated() where start + offset < tensor.bytes.count {
    tensor.bytes[start + offset] = byte
  }
}

/// A tensor of a few small numbers in any shape.
private func makeTensor(named name: String, _ input: inout FuzzInput) -> Tensor {
  let extents = [0, 1, 2, 3, 4, 5, 10, 64, 65, 128, 160, DenseFeatures.names.count]
  let shape = (0..<input.index(below: 4)).map { _ in extents[input.index(below: extents.count)] }
  let count = shape.reduce(1, *)
  guard count <= 4_096 else { return Tensor(name: name, shape: [0], floats: []) }
  let value = Int8(bitPattern: input.byte())
  switch input.index(below: 3) {
  case 0: return Tensor(name: name, shape: shape, floats: [Float](repeating: Float(value) / 8, count: count))
  case 1: return Tensor(name: name, shape: shape, doubles: [Double](repeating: Double(value) / 8, count: count))
  default: return Tensor(name: name, shape: shape, int16s: [Int16](repeating: Int16(value), count: count))
  }
}
