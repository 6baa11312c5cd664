import Glibc
import Ockham

/// A model under a name.
struct NamedModel {
  let name: String
  let model: Model
  /// False for one that is there for its response heads: requests take it the same time as another.
  var servesRequests = true
}

/// The model of a file, the same without its task head, the same with an embedding bag and a hidden layer, and with response heads
/// of either kind, all of made-up weights: the work of a score does not depend on the weights' values.
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
  if file.metadata["response"] == nil {
    for (bag, suffix) in [(0, " with response heads"), (bagWidth, " with response heads as MLP")] {
      let model = try Model(addResponseHead(to: file, bag: bag).sealed().encoded())
      result.append(NamedModel(name: path + suffix, model: model, servesRequests: false))
    }
  }
  return result
}

/// Adds a head for responses of the first tier.
private func addResponseHead(to file: TensorFile, bag: Int) -> TensorFile {
  var (file, draws) = (file, SplitMix64(state: 2))
  guard let rows = file["gram.weight"]?.shape[0], let outputs = file["bias"]?.count else { return file }
  let (columns, inputs) = (1 + outputs + bag, ResponseFeatures.names.count + outputs)
  func floats(_ name: String, _ shape: [Int], _ value: (Float) -> Float = { $0 }) -> Tensor {
    let values = (0..<shape.reduce(1, *)).map { _ in value(Float(draws.below(2_001) - 1_000) * 1e-4) }
    return Tensor(name: "response.0." + name, shape: shape, floats: values)
  }
  file.tensors += [
    floats("gram.scale", [columns]) { _ in 1e-5 }, floats("dense.mean", [inputs]),
    floats("dense.inverse_deviation", [inputs]) { _ in 1 }, floats("dense.weight", [inputs, outputs]),
    floats("bias", [outputs]), floats("unlike", [1]) { _ in 1 },
  ]
  file.tensors += (0..<outputs).map { floats("calibration.\($0).platt", [2]) }
  if bag > 0 {
    file.tensors += [
      floats("hidden.weight", [bag + inputs, hiddenWidth]), floats("hidden.bias", [hiddenWidth]),
      floats("output.weight", [hiddenWidth, outputs]), floats("output.bias", [outputs]),
    ]
  }
  // Column 0 is above 0 where a gram is known, as nearly all are.
  let weights = (0..<rows * columns).map { place in
    place % columns == 0 ? Int16(1 + draws.below(1_000)) : Int16(truncatingIfNeeded: draws.next())
  }
  file.tensors.append(Tensor(name: "response.0.gram.weight", shape: [rows, columns], int16s: weights))
  let kinds = Array(repeating: "\"platt\"", count: outputs).joined(separator: ",")
  file.metadata["format"] = Model.partsFormatName
  file.metadata["parts"] = "[\"response\"]"
  file.metadata["response"] =
    "{\"schema\":\"\(ResponseFeatures.fingerprint)\",\"answering\":[0],\"calibration\":[[\(kinds)]]}"
  return file
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
