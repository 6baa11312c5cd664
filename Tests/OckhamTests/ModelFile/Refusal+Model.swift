@testable import Ockham

extension Refusal {
  private static func metadata(_ key: String, _ value: String?, expected: String = "") -> Refusal {
    let error: ModelFileError =
      value.map { .metadataValue(key: key, expected: expected, found: $0) } ?? .missingMetadata(key)
    return Refusal("metadata: \(key) \(value ?? "missing")", error) { $0.metadata[key] = value }
  }

  static var versions: [Refusal] {
    let fields = #"an object of integers ["bucket_bits", "word_pairs", "character_grams"]"#
    let ranges = "bucket_bits in 10...20, word_pairs and character_grams 0 or 1"
    return [
      Refusal("no metadata", rawFile("{}"), .missingMetadata("format")),
      metadata("format", nil),
      metadata("format", "ockham/3", expected: "ockham/1 or ockham/2"),
      metadata("feature_schema", nil),
      metadata("feature_schema", "0000000000000000", expected: FeatureSchema.fingerprint),
      metadata("features", nil),
      metadata("features", "16", expected: fields),
      metadata("features", "{", expected: fields),
      metadata("features", #"{"word_pairs":1,"bucket_bits":10,"character_grams":0}"#, expected: fields),
      metadata("features", #"{"bucket_bits":"10","word_pairs":1,"character_grams":0}"#, expected: fields),
      metadata("features", #"{"bucket_bits":9,"word_pairs":1,"character_grams":0}"#, expected: ranges),
      metadata("features", #"{"bucket_bits":21,"word_pairs":1,"character_grams":0}"#, expected: ranges),
      metadata("features", #"{"bucket_bits":10,"word_pairs":2,"character_grams":0}"#, expected: ranges),
      metadata("features", #"{"bucket_bits":10,"word_pairs":1,"character_grams":2}"#, expected: ranges),
    ]
  }

  static var names: [Refusal] {
    let tiers = "2 to 64 different names"
    let many = "[" + (0..<65).map { "\"\($0)\"" }.joined(separator: ",") + "]"
    return [
      metadata("tiers", nil),
      metadata("tiers", "small", expected: "an array of strings"),
      metadata("tiers", #"["a",1]"#, expected: "an array of strings"),
      metadata("tiers", #"["a"]"#, expected: tiers),
      metadata("tiers", #"["a","a"]"#, expected: tiers),
      metadata("tiers", #"["a",""]"#, expected: tiers),
      metadata("tiers", many, expected: tiers),
      metadata("calibration", nil),
      metadata("calibration", #"{"a":"platt"}"#, expected: "an array of strings"),
      metadata("calibration", #"["platt"]"#, expected: "2 names"),
      Refusal(
        "metadata: calibration unknown",
        .metadataValue(key: "calibration", expected: #""platt" or "isotonic""#, found: "beta")
      ) { $0.metadata["calibration"] = #"["platt","beta"]"# },
      Refusal(
        "metadata: joint calibration of an isotonic tier",
        .metadataValue(
          key: "calibration", expected: #""platt" for every tier beside the tensor calibration.joint"#,
          found: #"["platt","isotonic"]"#)
      ) {
        $0.set(
          "calibration.joint", Tensor(name: "calibration.joint", shape: [2, 6], floats: .init(repeating: 0, count: 12)))
      },
    ]
  }

  static func missing(_ tensor: String, _ fixture: ModelFixture = .logistic) -> Refusal {
    Refusal("missing: " + tensor, of: fixture, .missingTensor(tensor)) { $0.set(tensor, nil) }
  }

  static func shape(
    _ tensor: String, _ found: [Int], expected: String, type: String? = "F32", _ fixture: ModelFixture = .logistic
  ) -> Refusal {
    let text = (type.map { $0 + " " } ?? "") + "\(found)"
    return Refusal(
      "shape: \(tensor) \(found)", of: fixture, .tensorShape(tensor: tensor, expected: expected, found: text)
    ) {
      let isInteger = tensor.hasSuffix("gram.weight")
      let count = found.reduce(1, *)
      $0.set(
        tensor,
        isInteger
          ? Tensor(name: tensor, shape: found, int16s: [Int16](repeating: 0, count: count))
          : Tensor(name: tensor, shape: found, floats: [Float](repeating: 0, count: count)))
    }
  }

  static var shapes: [Refusal] {
    let dense = DenseFeatures.names.count
    let required = [
      "gram.weight", "gram.scale", "dense.mean", "dense.inverse_deviation", "dense.weight", "bias", "thresholds",
      "calibration.0.platt", "calibration.1.isotonic",
    ]
    let optional = [
      "hidden.weight", "hidden.bias", "output.weight", "output.bias", "task.gram.scale", "task.dense.weight",
      "task.bias",
    ]
    return required.map { missing($0) } + optional.map { missing($0, .full) } + [
      shape("gram.weight", [1_024], expected: "I16 [1024, at least 3]", type: "I16"),
      shape("gram.weight", [1_024, 2], expected: "I16 [1024, at least 3]", type: "I16"),
      shape("gram.weight", [512, 3], expected: "I16 [1024, 3]", type: "I16"),
      shape("gram.scale", [2], expected: "F32 [3]"),
      shape("dense.mean", [dense - 1], expected: "F32 [\(dense)]"),
      shape("dense.inverse_deviation", [1, dense], expected: "F32 [\(dense)]"),
      shape("dense.weight", [2, dense], expected: "F32 [\(dense), 2]"),
      shape("dense.limit", [2], expected: "F32 [1]"),
      shape("bias", [3], expected: "F32 [2]"),
      shape("thresholds", [2], expected: "F32 [1]"),
      shape("calibration.0.platt", [3], expected: "F32 [2]"),
      shape("calibration.1.isotonic", [3, 2], expected: "F32 [2, knots]", type: nil),
      shape("calibration.1.isotonic", [2, 0], expected: "F32 [2, knots]", type: nil),
      shape("calibration.joint", [2, 5], expected: "F32 [2, 6]", .joint),
      shape("calibration.joint", [12], expected: "F32 [2, 6]", .joint),
      shape("hidden.weight", [dense + 3, 0], expected: "F32 [\(dense + 3), 1 to 1024]", type: nil, .full),
      shape("hidden.weight", [dense, 2], expected: "F32 [\(dense + 3), 2]", .full),
      shape("hidden.bias", [3], expected: "F32 [2]", .full),
      shape("output.weight", [2, 3], expected: "F32 [2, 2]", .full),
      shape("task.gram.weight", [63, 10], expected: "I16 [a power of two up to 1024, 10]", type: nil, .full),
      shape("task.gram.weight", [2_048, 10], expected: "I16 [a power of two up to 1024, 10]", type: nil, .full),
      shape("task.gram.weight", [64, 9], expected: "I16 [64, 10]", type: "I16", .full),
      Refusal("type: bias", .tensorShape(tensor: "bias", expected: "F32 [2]", found: "F64 [2]")) {
        $0.set("bias", Tensor(name: "bias", shape: [2], doubles: [0, 0]))
      },
      Refusal(
        "type: gram.weight", .tensorShape(tensor: "gram.weight", expected: "I16 [1024, 3]", found: "F32 [1024, 3]")
      ) {
        $0.set(
          "gram.weight", Tensor(name: "gram.weight", shape: [1_024, 3], floats: [Float](repeating: 0, count: 3_072)))
      },
      Refusal("type: tier_cost_usd", .tensorShape(tensor: "tier_cost_usd", expected: "F64 [2]", found: "F32 [2]")) {
        $0.reshape("tier_cost_usd", 2)
      },
      Refusal("bag without hidden layer", .missingTensor("hidden.weight")) {
        $0.reshape("gram.weight", 1_024, 4)
        $0.reshape("gram.scale", 4)
      },
      Refusal("unexpected tensor", .unexpectedTensor("extra")) {
        $0.set("extra", Tensor(name: "extra", shape: [], floats: [0]))
      },
      Refusal("task head without its table", of: .full, .unexpectedTensor("task.gram.scale")) {
        $0.set("task.gram.weight", nil)
      },
    ]
  }

  static func value(
    _ tensor: String, _ index: Int, _ value: Float, expected: String = "a finite number", reported: Int? = nil,
    _ fixture: ModelFixture = .logistic
  ) -> Refusal {
    Refusal(
      "value: \(tensor)[\(index)] = \(value)", of: fixture,
      .tensorValue(tensor: tensor, index: reported ?? index, expected: expected)
    ) { $0.poke(tensor, index, value) }
  }

  static var values: [Refusal] {
    let rising = "rising logits and rising probabilities from 0 to 1"
    let bounded = "a number from -1e30 to 1e30"
    return [
      value("gram.scale", 2, .nan), value("dense.mean", 0, .infinity),
      value("dense.inverse_deviation", 138, -.infinity),
      value("dense.weight", 7, .nan), value("bias", 1, .nan), value("thresholds", 0, .nan),
      value("calibration.0.platt", 1, .infinity),
      value("calibration.joint", 3, .nan, expected: "a finite number", reported: nil, .joint),
      value("calibration.1.isotonic", 5, .nan),
      value("hidden.weight", 3, .nan, .full), value("output.bias", 0, .nan, .full),
      value("task.bias", 9, .nan, .full),
      value("thresholds", 0, 2e30, expected: bounded), value("calibration.1.isotonic", 0, -3e38, expected: bounded),
      value("calibration.1.isotonic", 1, -1, expected: rising, reported: 1),
      value("calibration.1.isotonic", 2, -2, expected: rising, reported: 2),
      value("calibration.1.isotonic", 4, 0.2, expected: rising, reported: 1),
      value("calibration.1.isotonic", 3, -0.1, expected: rising, reported: 0),
      value("calibration.1.isotonic", 5, 1.5, expected: rising, reported: 2),
    ]
      + ([0, -1, .nan, .infinity, 65] as [Float]).map { limit in
        Refusal(
          "value: dense.limit \(limit)",
          .tensorValue(
            tensor: "dense.limit", index: 0,
            expected: limit.isFinite ? "a number above 0, at most 64" : "a finite number")
        ) { $0.set("dense.limit", Tensor(name: "dense.limit", shape: [1], floats: [limit])) }
      }
      + ([-1, .nan, .infinity] as [Double]).map { cost in
        Refusal(
          "value: tier_cost_usd \(cost)",
          .tensorValue(tensor: "tier_cost_usd", index: 1, expected: "a cost of at least 0")
        ) { $0.set("tier_cost_usd", Tensor(name: "tier_cost_usd", shape: [2], doubles: [0, cost])) }
      }
  }
}
