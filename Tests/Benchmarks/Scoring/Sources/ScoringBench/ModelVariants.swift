import Glibc
import Ockham

/// A model under a name.
struct NamedModel {
  let name: String
  let model: Model
}

/// The model of a file, the same without its task head, and the same with an embedding bag and a hidden layer of made-up
/// weights: the work of a score does not depend on the weights' values.
func modelVariants(path: String) throws -> [NamedModel] {
  let file = try TensorFile(readFile(path))
  var result = [NamedModel(name: path, model: try Model(readFile(path)))]
  if file["task.bias"] != nil {
    var plain = file
    plain.tensors.removeAll { $0.name.hasPrefix("task.") }
    result.append(NamedModel(name: path + " without task head", model: try Model(plain.sealed().encoded())))
  }
  if file["hidden.bias"] == nil {
    result.append(NamedModel(name: path + " as MLP", model: try Model(addHiddenLayers(to: file).sealed().encoded())))
  }
  return result
}

private let (bagWidth, hiddenWidth) = (16, 32)

private func addHiddenLayers(to file: TensorFile) -> TensorFile {
  var (file, draws) = (file, SplitMix64(state: 1))
  guard let table = file["gram.weight"], let values = table.int16s, let scales = file["gram.scale"]?.floats else {
    return file
  }
  let (rows, columns) = (table.shape[0], table.shape[1])
  var widened: [Int16] = []
  widened.reserveCapacity(rows * (columns + bagWidth))
  for row in 0..<rows {
    widened += values[row * columns..<(row + 1) * columns]
    for _ in 0..<bagWidth { widened.append(Int16(truncatingIfNeeded: draws.next())) }
  }
  func floats(_ name: String, _ shape: [Int]) -> Tensor {
    let values = (0..<shape.reduce(1, *)).map { _ in Float(draws.below(2_001) - 1_000) * 1e-4 }
    return Tensor(name: name, shape: shape, floats: values)
  }
  let (dense, tiers) = (DenseFeatures.names.count, columns - 1)
  file.tensors.removeAll { $0.name == "gram.weight" || $0.name == "gram.scale" }
  file.tensors += [
    Tensor(name: "gram.scale", shape: [columns + bagWidth], floats: scales + [Float](repeating: 1e-5, count: bagWidth)),
    floats("hidden.weight", [bagWidth + dense, hiddenWidth]), floats("hidden.bias", [hiddenWidth]),
    floats("output.weight", [hiddenWidth, tiers]), floats("output.bias", [tiers]),
    Tensor(name: "gram.weight", shape: [rows, columns + bagWidth], int16s: widened),
  ]
  return file
}

/// The bytes of a file; nothing where it cannot be read, which a model's reader then says.
func readFile(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return bytes
}
