@testable import Ockham

/// A model with a response head for its first tier, whose word on a response is decided by one of its features.
struct CascadeFixture {
  var tiers = ["small", "frontier"]
  /// Where it is there the response is good, else bad.
  var feature = "ends_with_digit"
  /// P(good | request) by tier.
  var prompt: [Float] = [0.6, 0.9]
  /// The logits of P(good | response) of the tiers above.
  var above: [Float] = [2]
  var readsLogprobs = false
  var hasCascade = true
  var hasHeads = true

  func model() throws -> Model { try Model(file.encoded()) }

  var file: TensorFile {
    let names = tiers.map { "\"\($0)\"" }.joined(separator: ",")
    let kinds = tiers.map { _ in "\"isotonic\"" }.joined(separator: ",")
    let platt = tiers.map { _ in "\"platt\"" }.joined(separator: ",")
    var metadata = [
      "format": Model.partsFormatName, "feature_schema": FeatureSchema.fingerprint,
      "features": #"{"bucket_bits":10,"word_pairs":1,"character_grams":0}"#, "tiers": "[\(names)]",
      "calibration": "[\(kinds)]", "parts": hasCascade ? #"["response","cascade"]"# : #"["response"]"#,
      "response": #"{"schema":"\#(ResponseFeatures.fingerprint)","answering":[0],"calibration":[[\#(platt)]]}"#,
    ]
    metadata["cascade"] = hasCascade ? #"{"start":[0],"check":[0]}"# : nil
    guard hasHeads else {
      (metadata["response"], metadata["cascade"], metadata["parts"]) = (nil, nil, nil)
      metadata["format"] = Model.formatName
      return TensorFile(metadata: metadata, tensors: promptTensors)
    }
    var file = TensorFile(metadata: metadata, tensors: promptTensors + headTensors + (hasCascade ? cascadeTensors : []))
    file.sortTensors()
    return file.sealed()
  }

  private var promptTensors: [Tensor] {
    let (count, dense) = (tiers.count, DenseFeatures.names.count)
    var tensors = [
      Tensor(name: "tier_cost_usd", shape: [count], doubles: (0..<count).map { Double($0) }),
      zeros("dense.mean", dense), zeros("dense.inverse_deviation", dense), zeros("dense.weight", dense, count),
      zeros("bias", count), zeros("thresholds", count - 1),
      Tensor(name: "gram.scale", shape: [1 + count], floats: [Float](repeating: 0.001, count: 1 + count)),
      integers("gram.weight", 1 << 10, 1 + count),
    ]
    for (tier, probability) in prompt.enumerated() {
      tensors.append(Tensor(name: "calibration.\(tier).isotonic", shape: [2, 1], floats: [0, probability]))
    }
    return tensors
  }

  private var headTensors: [Tensor] {
    let (count, inputs) = (tiers.count, ResponseFeatures.names.count + tiers.count)
    var (means, inverse) = ([Float](repeating: 0, count: inputs), [Float](repeating: 0, count: inputs))
    var weights = [Float](repeating: 0, count: inputs * count)
    let place = ResponseFeatures.names.firstIndex(of: feature) ?? 0
    (means[place], inverse[place], weights[place * count]) = (0.5, 1, 20)
    if readsLogprobs { inverse[ResponseFeatures.logprobFeatures[1]] = 1 }
    var tensors = [
      Tensor(name: "response.0.dense.mean", shape: [inputs], floats: means),
      Tensor(name: "response.0.dense.inverse_deviation", shape: [inputs], floats: inverse),
      Tensor(name: "response.0.dense.weight", shape: [inputs, count], floats: weights),
      Tensor(name: "response.0.bias", shape: [count], floats: [0] + above),
      Tensor(name: "response.0.gram.scale", shape: [1 + count], floats: [Float](repeating: 0.001, count: 1 + count)),
      integers("response.0.gram.weight", 1 << 10, 1 + count),
      Tensor(name: "response.0.unlike", shape: [1], floats: [2]),
    ]
    for tier in 0..<count {
      tensors.append(Tensor(name: "response.0.calibration.\(tier).platt", shape: [2], floats: [1, 0]))
    }
    return tensors
  }

  private var cascadeTensors: [Tensor] {
    let count = tiers.count
    return [
      Tensor(name: "cascade.tier_cost_usd", shape: [count], doubles: (0..<count).map { 0.001 + 0.01 * Double($0) }),
      Tensor(name: "cascade.spread", shape: [count - 1], floats: [Float](repeating: 0.5, count: count - 1)),
      Tensor(name: "cascade.price", shape: [2], doubles: [5, 0]),
    ]
  }

  private func zeros(_ name: String, _ shape: Int...) -> Tensor {
    Tensor(name: name, shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
  }

  private func integers(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
    Tensor(name: name, shape: [rows, columns], int16s: [Int16](repeating: 0, count: rows * columns))
  }
}
