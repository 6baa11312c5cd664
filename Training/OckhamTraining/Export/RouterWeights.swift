package import Ockham

/// Everything that goes into a model file.
package struct RouterWeights: Sendable {
  package var tierNames: [String]
  package var options: FeatureOptions
  package var transform: FeatureTransform
  package var heads: any HeadWeights
  package var calibrations: [Calibration]
  package var jointCalibration: JointCalibration?
  package var taskModel: SoftmaxModel?
  package var tierCosts: [Double]?
  package var costs: CostWeights?
  package var metadata: [String: String]
}

extension RouterWeights {
  /// The model file, with thresholds of 0: a step up for any gain. Calibration sets others.
  package func tensorFile() -> TensorFile {
    var file = TensorFile(metadata: fullMetadata)
    if let tierCosts {
      file.tensors.append(Tensor(name: "tier_cost_usd", shape: [tierCosts.count], doubles: tierCosts))
    }
    file.tensors +=
      scalingTensors + heads.tensors(transform) + calibrationTensors + taskTensors + (costs?.tensors ?? [])
    file.tensors.append(
      Tensor(
        name: "thresholds", shape: [tierNames.count - 1],
        floats: [Float](repeating: 0, count: tierNames.count - 1)))
    // Wide elements first, so that each tensor starts at a multiple of its element size.
    file.tensors.sort { ($1.elementType.byteCount, $0.name) < ($0.elementType.byteCount, $1.name) }
    return file
  }

  private var fullMetadata: [String: String] {
    var entries = metadata
    entries["format"] = Model.formatName
    entries["feature_schema"] = FeatureSchema.fingerprint
    entries["features"] =
      "{\"bucket_bits\":\(options.bucketBits),\"word_pairs\":\(options.wordPairs ? 1 : 0),"
      + "\"character_grams\":\(options.characterGrams ? 1 : 0)}"
    entries["tiers"] = Self.array(tierNames)
    entries["calibration"] = Self.array(
      calibrations.map { if case .platt = $0 { "platt" } else { "isotonic" } })
    return entries
  }

  private static func array(_ texts: [String]) -> String {
    "[" + texts.map(JSONText.quote).joined(separator: ",") + "]"
  }

  private var scalingTensors: [Tensor] {
    let width = transform.means.count
    var tensors = [
      Tensor(name: "dense.mean", shape: [width], floats: transform.means),
      Tensor(name: "dense.inverse_deviation", shape: [width], floats: transform.inverseDeviations),
    ]
    if transform.limit != FeatureTransform.usualLimit {
      tensors.append(Tensor(name: "dense.limit", shape: [1], floats: [transform.limit]))
    }
    return tensors
  }

  private var calibrationTensors: [Tensor] {
    let apart = calibrations.enumerated().map { tier, calibration in
      switch calibration {
      case .platt(let slope, let intercept):
        Tensor(name: "calibration.\(tier).platt", shape: [2], floats: [slope, intercept])
      case .isotonic(let x, let y):
        Tensor(name: "calibration.\(tier).isotonic", shape: [2, x.count], floats: x + y)
      }
    }
    guard let joint = jointCalibration else { return apart }
    let shape = [joint.tierCount, JointCalibration.width(tierCount: joint.tierCount)]
    return apart + [Tensor(name: "calibration.joint", shape: shape, floats: joint.weights)]
  }

  private var taskTensors: [Tensor] {
    guard let taskModel else { return [] }
    let kinds = TaskKind.allCases.count
    let table = QuantisedTable(weights: taskModel.sparse, columns: kinds)
    return [
      Tensor(name: "task.gram.weight", shape: [taskModel.sparse.count / kinds, kinds], int16s: table.values),
      Tensor(name: "task.gram.scale", shape: [kinds], floats: table.scales),
      Tensor(name: "task.dense.weight", shape: [taskModel.dense.count / kinds, kinds], floats: taskModel.dense),
      Tensor(name: "task.bias", shape: [kinds], floats: taskModel.bias),
    ]
  }
}
