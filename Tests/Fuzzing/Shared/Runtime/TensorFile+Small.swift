import Ockham

extension TensorFile {
  /// The smallest model with every part that a file can have: two tiers, a bag and a hidden layer of one, a task head,
  /// expected costs, and both kinds of calibration. Small, because most of the time goes into reading it.
  static var small: TensorFile {
    let dense = DenseFeatures.names.count
    var tensors = [
      doubles("tier_cost_usd", [2], 0.01), doubles("cost.price", [2, 2], 1e-6), doubles("cost.mean_step", [1], 1e-4),
      floats("dense.mean", [dense], 1), floats("dense.inverse_deviation", [dense], 0.5),
      floats("dense.weight", [dense, 2], 0.1), floats("bias", [2], 0), floats("thresholds", [1], 0.05),
      floats("gram.scale", [4], 0.001), floats("hidden.weight", [dense + 1, 1], 0.1), floats("hidden.bias", [1], 0),
      floats("output.weight", [1, 2], 0.5), floats("output.bias", [2], 0),
      floats("task.gram.scale", [10], 0.01),
      floats("task.dense.weight", [dense, 10], 0.1), floats("task.bias", [10], 0),
      floats("cost.weight", [dense, 2], 0.1), floats("cost.bias", [2], 4), floats("cost.range", [2, 2], 5),
      floats("cost.smearing", [2], 1.5),
      Tensor(name: "calibration.0.platt", shape: [2], floats: [1, 0]),
      Tensor(name: "calibration.1.isotonic", shape: [2, 3], floats: [-1, 0, 1, 0.25, 0.5, 0.75]),
    ]
    tensors.append(Tensor(name: "task.gram.weight", shape: [2, 10], int16s: (0..<20).map { $0 * 100 }))
    tensors.append(Tensor(name: "gram.weight", shape: [1_024, 4], int16s: (0..<4_096).map { $0 % 997 }))
    return TensorFile(
      metadata: [
        "format": Model.formatName, "feature_schema": FeatureSchema.fingerprint, "tiers": #"["a","b"]"#,
        "features": #"{"bucket_bits":10,"word_pairs":1,"character_grams":0}"#,
        "calibration": #"["platt","isotonic"]"#,
      ], tensors: tensors)
  }

  private static func floats(_ name: String, _ shape: [Int], _ value: Float) -> Tensor {
    Tensor(name: name, shape: shape, floats: [Float](repeating: value, count: shape.reduce(1, *)))
  }

  private static func doubles(_ name: String, _ shape: [Int], _ value: Double) -> Tensor {
    Tensor(name: name, shape: shape, doubles: [Double](repeating: value, count: shape.reduce(1, *)))
  }
}
