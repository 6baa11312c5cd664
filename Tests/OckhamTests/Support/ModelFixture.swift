@testable import Ockham

/// A small valid model file, to be read or to be damaged.
struct ModelFixture {
  var tiers = 2
  var bag = 0
  var hidden = 0
  var taskRows = 0
  var hasCosts = false
  var calibration: [String] = ["platt", "isotonic"]
  var isJoint = false
  var hasResponses = false

  static let logistic = ModelFixture()
  static let joint = ModelFixture(calibration: ["platt", "platt"], isJoint: true)
  static let full = ModelFixture(bag: 3, hidden: 2, taskRows: 64, hasCosts: true)

  static let responses = ModelFixture(hasResponses: true)

  var file: TensorFile {
    var metadata = [
      "format": Model.formatName, "feature_schema": FeatureSchema.fingerprint,
      "features": #"{"bucket_bits":10,"word_pairs":1,"character_grams":0}"#,
    ]
    metadata["tiers"] = "[" + (0..<tiers).map { "\"t\($0)\"" }.joined(separator: ",") + "]"
    metadata["calibration"] = "[" + calibration.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    guard hasResponses else { return TensorFile(metadata: metadata, tensors: tensors) }
    metadata["format"] = Model.partsFormatName
    metadata["parts"] = #"["response"]"#
    metadata["response"] =
      #"{"schema":"\#(ResponseFeatures.fingerprint)","answering":[0],"calibration":[["platt","isotonic"]]}"#
    return TensorFile(metadata: metadata, tensors: tensors).sealed()
  }

  private var tensors: [Tensor] {
    var draws = SplitMix64(seed: 1)
    func floats(_ name: String, _ shape: Int...) -> Tensor {
      let count = shape.reduce(1, *)
      return Tensor(name: name, shape: shape, floats: (0..<count).map { _ in Float.random(in: -1...1, using: &draws) })
    }
    func integers(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
      let values = (0..<(rows * columns)).map { _ in Int16.random(in: 0...3_000, using: &draws) }
      return Tensor(name: name, shape: [rows, columns], int16s: values)
    }
    let (dense, columns) = (DenseFeatures.names.count, 1 + tiers + bag)
    var result = [Tensor(name: "tier_cost_usd", shape: [tiers], doubles: (0..<tiers).map { Double($0) })]
    result += [
      floats("dense.mean", dense), floats("dense.inverse_deviation", dense), floats("dense.weight", dense, tiers),
    ]
    result += [floats("bias", tiers), floats("thresholds", tiers - 1)]
    result += [Tensor(name: "gram.scale", shape: [columns], floats: [Float](repeating: 0.001, count: columns))]
    for (tier, kind) in calibration.enumerated() {
      let isPlatt = kind == "platt"
      result.append(
        Tensor(
          name: "calibration.\(tier).\(kind)", shape: isPlatt ? [2] : [2, 3],
          floats: isPlatt ? [1, 0] : [-1, 0, 1, 0.25, 0.5, 0.75]))
    }
    if isJoint { result.append(floats("calibration.joint", tiers, 1 + tiers + tiers * (tiers + 1) / 2)) }
    if hidden > 0 {
      result += [floats("hidden.weight", bag + dense, hidden), floats("hidden.bias", hidden)]
      result += [floats("output.weight", hidden, tiers), floats("output.bias", tiers)]
    }
    if taskRows > 0 {
      result += [floats("task.gram.scale", 10), floats("task.dense.weight", dense, 10), floats("task.bias", 10)]
      result.append(integers("task.gram.weight", taskRows, 10))
    }
    if hasCosts {
      result += [floats("cost.weight", dense, tiers), floats("cost.bias", tiers)]
      result.append(Tensor(name: "cost.range", shape: [2, tiers], floats: (0..<2 * tiers).map { Float($0) }))
      result.append(Tensor(name: "cost.smearing", shape: [tiers], floats: (0..<tiers).map { 1 + Float($0) / 4 }))
      result.append(Tensor(name: "cost.price", shape: [2, tiers], doubles: (0..<2 * tiers).map { Double($0) * 1e-6 }))
      result.append(Tensor(name: "cost.mean_step", shape: [tiers - 1], doubles: (1..<tiers).map { Double($0) * 1e-5 }))
    }
    result.append(integers("gram.weight", 1 << 10, columns))
    if hasResponses {
      let inputs = ResponseFeatures.names.count + tiers
      result += [
        floats("response.0.dense.mean", inputs), floats("response.0.dense.inverse_deviation", inputs),
        floats("response.0.dense.weight", inputs, tiers), floats("response.0.bias", tiers),
        floats("response.0.gram.scale", 1 + tiers), integers("response.0.gram.weight", 1 << 10, 1 + tiers),
        Tensor(name: "response.0.unlike", shape: [1], floats: [0.9]),
        Tensor(name: "response.0.calibration.0.platt", shape: [2], floats: [1, 0]),
        Tensor(name: "response.0.calibration.1.isotonic", shape: [2, 3], floats: [-1, 0, 1, 0.25, 0.5, 0.75]),
      ]
    }
    return result
  }
}

extension TensorFile {
  /// Replaces, adds (a name that is not there) or, with `nil`, removes a tensor.
  mutating func set(_ name: String, _ tensor: Tensor?) {
    let index = tensors.firstIndex { $0.name == name }
    if let index { tensors.remove(at: index) }
    if let tensor { tensors.insert(tensor, at: index ?? tensors.count) }
  }

  /// Replaces a tensor by zeros of another shape.
  mutating func reshape(_ name: String, _ shape: Int...) {
    let count = shape.reduce(1, *)
    let isInteger = name.hasSuffix("gram.weight")
    set(
      name,
      isInteger
        ? Tensor(name: name, shape: shape, int16s: [Int16](repeating: 0, count: count))
        : Tensor(name: name, shape: shape, floats: [Float](repeating: 0, count: count)))
  }

  /// Changes one element of a single-precision tensor.
  mutating func poke(_ name: String, _ index: Int, _ value: Float) {
    guard let tensor = self[name], var floats = tensor.floats else { preconditionFailure("no floats \(name)") }
    floats[index] = value
    set(name, Tensor(name: name, shape: tensor.shape, floats: floats))
  }
}

/// The bytes of a file with this header and data.
func rawFile(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  rawFile(Array(header.utf8), data: data, length: length)
}

func rawFile(_ header: [UInt8], data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + header + data
}
