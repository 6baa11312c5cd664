import ChatProtocols
import GatewayCore

/// What made-up traffic depends on.
struct DemoTerms: Sendable {
  var seed: UInt64 = 18
  var requests = 12_000
  var days = 14
  /// The end of the traffic, in seconds since 1970.
  var end: Double
  /// The tiers, cheapest first, with the target that answers in each.
  var tiers: [(name: String, target: String)]
  /// What the tiers cost.
  var references: ReferencePrices

  init(end: Double, tiers: [(name: String, target: String)], references: ReferencePrices) {
    (self.end, self.tiers, self.references) = (end, tiers, references)
  }

  /// The demo's own tiers.
  init(of runtime: ConfiguredGateway, end: Double) {
    self.init(
      end: end, tiers: runtime.configuration.tiers.map { ($0.name, $0.targets.first?.name ?? $0.name) },
      references: runtime.targets.references)
  }

  /// From then on small answers to extraction are worse: what the alert is about.
  var driftStart: Double { end - 3 * 86_400 }

  /// Two hours in which the middle tier's target failed.
  var outage: Range<Double> { end - 4.6 * 86_400..<end - 4.6 * 86_400 + 7200 }

  /// When thresholds were changed, so that there are two policies to compare.
  var changeOfThresholds: Double { end - 7 * 86_400 }

  /// Names what scored: no model's hash.
  static let model: UInt64 = 0x6d61_6465_2d75_7000

  func identity(at time: Double) -> PolicyIdentity {
    PolicyIdentity(
      model: Self.model, thresholds: time < changeOfThresholds ? 1 : 2, rules: Self.model ^ 1, prices: Self.model ^ 2)
  }

  func costUSD(_ usage: TokenUsage, tier: Int) -> Double? {
    references.tiers.indices.contains(tier) ? references.tiers[tier].price?.costUSD(of: usage) : nil
  }
}
