package import Ockham

/// Everything that goes into a model file.
package struct RouterWeights: Sendable {
  package var tierNames: [String]
  package var options: FeatureOptions
  package var transform: FeatureTransform
  package var heads: Heads
  package var calibrations: [Calibration]
  package var jointCalibration: JointCalibration?
  package var taskModel: SoftmaxModel?
  package var tierCosts: [Double]?
  package var costs: CostWeights?
  package var metadata: [String: String]

  /// The tiers' heads in one of the two architectures, over the transform's columns.
  package enum Heads: Sendable {
    case logistic(LinearModel)
    case mlp(MLPModel)
  }
}

extension RouterWeights {
  /// The model file, with thresholds of 0: a step up for any gain. Calibration sets others.
  package func tensorFile() -> TensorFile {
    var file = TensorFile(metadata: fullMetadata)
    if let tierCosts {
      file.tensors.append(Tensor(name: "tier_cost_usd", shape: [tierCosts.count], doubles: tierCosts))
    }
    file.tensors += headTensors + calibrationTensors + taskTensors + (costs?.tensors ?? [])
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

  private var headTensors: [Tensor] {
    let count = tierNames.count
    let width = transform.means.count
    var tensors = [
      Tensor(name: "dense.mean", shape: [width], floats: transform.means),
      Tensor(name: "dense.inverse_deviation", shape: [width], floats: transform.inverseDeviations),
    ]
    if transform.limit != FeatureTransform.usualLimit {
      tensors.append(Tensor(name: "dense.limit", shape: [1], floats: [transform.limit]))
    }
    switch heads {
    case .logistic(let model):
      tensors += gramTensors(wide: model.sparse, embedding: [], embeddingWidth: 0)
      tensors.append(Tensor(name: "dense.weight", shape: [width, count], floats: model.dense))
      tensors.append(Tensor(name: "bias", shape: [count], floats: model.bias))
    case .mlp(let model):
      tensors += gramTensors(
        wide: model.wideSparse, embedding: model.embedding, embeddingWidth: model.shape.embeddingWidth)
      tensors.append(Tensor(name: "dense.weight", shape: [width, count], floats: model.wideDense))
      tensors.append(Tensor(name: "bias", shape: [count], floats: [Float](repeating: 0, count: count)))
      tensors += hiddenTensors(model)
    }
    return tensors
  }

  private func hiddenTensors(_ model: MLPModel) -> [Tensor] {
    let shape = model.shape
    let inputs = shape.embeddingWidth + shape.denseColumns
    return [
      Tensor(name: "hidden.weight", shape: [inputs, shape.hiddenWidth], floats: model.hidden),
      Tensor(name: "hidden.bias", shape: [shape.hiddenWidth], floats: model.hiddenBias),
      Tensor(name: "output.weight", shape: [shape.hiddenWidth, shape.heads], floats: model.output),
      Tensor(name: "output.bias", shape: [shape.heads], floats: model.outputBias),
    ]
  }

  /// The table of n-grams: idf² first, then the idf-weighted weights of tiers and embedding.
  private func gramTensors(wide: [Float], embedding: [Float], embeddingWidth: Int) -> [Tensor] {
    let tiers = tierNames.count
    let learned = tiers + embeddingWidth
    var weights = [Float](repeating: 0, count: options.bucketCount * learned)
    for (column, bucket) in transform.bucketOfColumn.enumerated() {
      let idf = transform.grams.idf(bucket)
      let start = Int(bucket) * learned
      for tier in 0..<tiers { weights[start + tier] = idf * wide[column * tiers + tier] }
      for place in 0..<embeddingWidth {
        weights[start + tiers + place] = idf * embedding[column * embeddingWidth + place]
      }
    }
    let table = QuantisedTable(weights: weights, columns: learned)
    var values: [Int16] = []
    values.reserveCapacity(options.bucketCount * (learned + 1))
    for bucket in 0..<options.bucketCount {
      values.append(transform.grams.squares[bucket])
      values.append(contentsOf: table.values[(bucket * learned)..<((bucket + 1) * learned)])
    }
    return [
      Tensor(name: "gram.weight", shape: [options.bucketCount, learned + 1], int16s: values),
      Tensor(name: "gram.scale", shape: [learned + 1], floats: [transform.grams.scale] + table.scales),
    ]
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
