import RequestLog
import TextKit

@testable import ChatProtocols
@testable import GatewayCore
@testable import Ockham

/// A model that gives every request the same probabilities, and routers around it.
enum RouterFixture {
  /// - Parameters:
  ///   - probabilities: P(good) per tier of `t0`, `t1` …
  ///   - steps: the model's thresholds.
  ///   - costs: the mean cost per tier in USD.
  ///   - task: the kind of task of every request; `nil` for a model that recognises none.
  ///   - calibrated: the tiers that the thresholds were chosen for; `nil` for all.
  static func model(
    _ probabilities: [Float], steps: [Float], costs: [Double]? = nil, task: TaskKind? = nil, calibrated: String? = nil
  ) throws -> Model {
    let tiers = probabilities.count
    let dense = DenseFeatures.names.count
    let names = (0..<tiers).map { "\"t\($0)\"" }.joined(separator: ",")
    let kinds = [String](repeating: "\"isotonic\"", count: tiers).joined(separator: ",")
    var metadata = [
      "format": Model.formatName, "feature_schema": FeatureSchema.fingerprint,
      "features": #"{"bucket_bits":10,"word_pairs":1,"character_grams":0}"#, "tiers": "[\(names)]",
      "calibration": "[\(kinds)]",
    ]
    metadata["calibrated_tiers"] = calibrated
    func zeros(_ name: String, _ shape: Int...) -> Tensor {
      Tensor(name: name, shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    func integers(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
      Tensor(name: name, shape: [rows, columns], int16s: [Int16](repeating: 0, count: rows * columns))
    }
    var tensors = [Tensor(name: "tier_cost_usd", shape: [tiers], doubles: costs ?? (0..<tiers).map { Double($0) })]
    tensors += [
      zeros("dense.mean", dense), zeros("dense.inverse_deviation", dense), zeros("dense.weight", dense, tiers),
    ]
    tensors += [zeros("bias", tiers), Tensor(name: "thresholds", shape: [tiers - 1], floats: steps)]
    tensors += [Tensor(name: "gram.scale", shape: [1 + tiers], floats: [Float](repeating: 0.001, count: 1 + tiers))]
    for (tier, probability) in probabilities.enumerated() {
      tensors.append(Tensor(name: "calibration.\(tier).isotonic", shape: [2, 1], floats: [0, probability]))
    }
    if let task {
      var bias = [Float](repeating: 0, count: 10)
      bias[Int(task.rawValue)] = 9
      tensors += [Tensor(name: "task.gram.scale", shape: [10], floats: [Float](repeating: 0.001, count: 10))]
      tensors += [zeros("task.dense.weight", dense, 10), Tensor(name: "task.bias", shape: [10], floats: bias)]
      tensors.append(integers("task.gram.weight", 64, 10))
    }
    tensors.append(integers("gram.weight", 1 << 10, 1 + tiers))
    return try Model(TensorFile(metadata: metadata, tensors: tensors).encoded())
  }

  /// Tiers `t0` … with a target each: `mock/m0` …
  static func configuration(tiers: Int = 3) -> GatewayConfiguration {
    var configuration = GatewayConfiguration.demo(tierNames: (0..<tiers).map { "t\($0)" })
    for tier in 0..<tiers {
      configuration.tiers[tier].targets = [
        TargetConfiguration(name: "mock/m\(tier)", provider: "mock", model: "m\(tier)")
      ]
    }
    configuration.extraTargets = [TargetConfiguration(name: "embedding", provider: "mock", model: "e")]
    return configuration
  }

  /// Prices of 1, 2, 4 … USD per million tokens, cached ones at a tenth.
  static func prices(tiers: Int = 3) -> PriceCatalogue {
    var prices: [String: Price] = [:]
    for tier in 0..<tiers {
      var price = Price(input: Double(1 << tier) * 1e-6, output: Double(1 << tier) * 1e-6)
      price.cachedInput = Double(1 << tier) * 1e-7
      prices["mock/m\(tier)"] = price
    }
    return PriceCatalogue(prices: prices)
  }

  /// A chat completion request as a API format would read it.
  static func chat(body: String) throws -> ChatRequest {
    let bytes = Array(body.utf8)
    let root = try JSONParser.parse(bytes)
    guard let parser = RequestParser() else { fatalError("no memory") }
    return ChatRequest(
      apiFormat: .chatCompletions, body: bytes, root: root, chatBody: bytes, chat: root,
      model: root["model"]?.string ?? "",
      isStream: false, wantsUsageChunk: false, request: try parser.request(fromJSON: bytes))
  }

  static func chat(model: String = "auto", _ turns: String..., more: String = "") throws -> ChatRequest {
    try chat(model: model, turns: turns, more: more)
  }

  static func chat(model: String = "auto", turns: [String], more: String = "") throws -> ChatRequest {
    let messages = turns.enumerated().map { index, text in
      "{\"role\":\"\(index % 2 == 0 ? "user" : "assistant")\",\"content\":\(JSONText.quote(text))}"
    }
    return try chat(
      body: "{\"model\":\(JSONText.quote(model)),\"messages\":[\(messages.joined(separator: ","))]\(more)}")
  }
}

extension RequestRouter {
  /// Routes with headers from a dictionary.
  func route(
    _ chat: ChatRequest, _ headers: [String: String] = [:], key: KeyConfiguration? = nil, at time: Double = 1000
  ) throws(GatewayError) -> RoutingDecision {
    try route(chat, header: { headers[$0] }, key: key, time: time)
  }
}

/// The gateway's error that a body throws, if it throws one.
func gatewayError(_ body: () throws -> Void) -> GatewayError? {
  do { try body() } catch { return error as? GatewayError }
  return nil
}
