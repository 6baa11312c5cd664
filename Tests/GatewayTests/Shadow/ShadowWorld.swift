import Foundation
import Logging
import Ockham
import Synchronization
import TextKit
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Three tiers and a judge at one scripted provider, and a gateway that makes copies of what it is asked.
struct ShadowWorld {
  let upstream: FaultUpstream
  let gateway: TestGateway
  let store: MemoryTelemetry
  let recorder: TelemetryRecorder

  static let tiers = ["small", "mid", "frontier"]

  /// - Parameters:
  ///   - script: what the provider does for a model, before what it would do: answer, and as a judge say how good.
  static func start(
    _ change: (inout GatewayConfiguration) -> Void = { _ in },
    script: @escaping @Sendable (_ model: String, _ body: String) -> [FaultUpstream.Step]? = { _, _ in nil }
  ) async throws -> ShadowWorld {
    let upstream = try await FaultUpstream.start { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      let model = Self.model(of: body)
      if let steps = script(model, body) { return steps }
      guard model == "judge" else { return [FaultUpstream.completion("an answer of \(model)")] }
      let score = ["m-frontier": 1, "m-mid": 0.75, "m-small": 0.25].first { body.contains("answer of \($0.key)") }
      return [FaultUpstream.completion(#"{\"score\":\#(score?.value ?? 0)}"#)]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.tiers = tiers.map { name in
      TierConfiguration(
        name: name, targets: [TargetConfiguration(name: "t-\(name)", provider: "p0", model: "m-\(name)")])
    }
    configuration.extraTargets = [TargetConfiguration(name: "t-judge", provider: "p0", model: "judge")]
    var shadow = ShadowConfiguration()
    shadow.dailyBudgetUSD = 100
    shadow.auditShare = 1
    shadow.judge = "t-judge"
    configuration.shadow = shadow
    change(&configuration)
    let store = MemoryTelemetry()
    let recorder = TelemetryRecorder(
      store, settings: TelemetrySettings(prompts: .full), pauseSeconds: 0.01, logger: Logger(label: "test"))
    let gateway = try await TestGateway.start(configuration, telemetry: recorder, catalogue: prices())
    return ShadowWorld(upstream: upstream, gateway: gateway, store: store, recorder: recorder)
  }

  static func prices() throws -> PriceCatalogue {
    let prices = [("m-small", "1e-7"), ("m-mid", "1e-6"), ("m-frontier", "1e-5"), ("judge", "1e-7")].map { model, usd in
      #""\#(model)":{"input_cost_per_token":\#(usd),"output_cost_per_token":\#(usd)}"#
    }
    return try PriceCatalogue(json: Array("{\(prices.joined(separator: ","))}".utf8))
  }

  private static func model(of body: String) -> String {
    let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    return object?["model"] as? String ?? ""
  }

  /// The models that were asked, judges and served answers among them.
  var asked: [String] { upstream.requests.map { Self.model(of: String(decoding: $0.body, as: UTF8.self)) } }

  /// The label of an answered request, once it is over.
  func label(of seen: TestGateway.Seen) async throws -> StoredRequest {
    let id = try #require(seen.headers["x-ockham-request-id"])
    while true {
      if let stored = try await store.request(id), let label = stored.label, label["missing"] != .text("pending") {
        return stored
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Ends the gateway, and waits until all copies are over.
  func settled() async {
    while gateway.live.runtime.shadow.map({ $0.counts != (0, 0) }) ?? false {
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  func stop() { gateway.stop() }
}

extension StoredRequest {
  /// Name, quality and inclusion of each outcome.
  var ratings: [String] {
    record.outcomes.map { row in
      let numbers = ["quality", "inclusion"].map { row[$0].real.map { "\($0)" } ?? "-" }
      return ([row["name"].text ?? ""] + numbers + [row["origin"].text ?? "-"]).joined(separator: " ")
    }
  }
}
