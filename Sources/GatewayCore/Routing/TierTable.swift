import Ockham
import TextKit

/// The tiers as the router needs them: names, limits and prices in order.
struct TierTable: Sendable {
  let configurations: [TierConfiguration]
  let limits: [TierLimits]
  /// The price of the first target, by which a lost prompt cache is weighed.
  let prices: [Price?]
  /// Targets without a price for prompts and answers, by name.
  let unpriced: [String]

  init(_ configuration: GatewayConfiguration, catalogue: PriceCatalogue) {
    configurations = configuration.tiers
    let prices = configuration.tiers.map { tier in
      tier.targets.map { catalogue.price(of: $0, kind: configuration.providers[$0.provider]?.kind) }
    }
    limits = zip(configuration.tiers, prices).map(Self.limits)
    self.prices = prices.map { $0.first ?? nil }
    unpriced = zip(configuration.tiers, prices).flatMap { tier, prices in
      zip(tier.targets, prices).filter { $1?.input == nil || $1?.output == nil }.map(\.0.name)
    }
  }

  var all: TierSet { TierSet(below: configurations.count) }

  func index(of name: String) -> Int? { configurations.firstIndex { $0.name == name } }

  func set(_ names: some Sequence<String>) -> TierSet { TierSet(names.compactMap(index)) }

  /// The names of the tiers of a set.
  func names(_ set: TierSet) -> [String] {
    configurations.indices.filter(set.contains).map { configurations[$0].name }
  }

  /// What a tier can do: what one of its targets may. Its window is the least of its targets', and its price the highest, since any of them may
  /// answer; with one price unknown the tier's is.
  private static func limits(_ tier: TierConfiguration, _ prices: [Price?]) -> TierLimits {
    var limits = TierLimits()
    limits.contextTokens = tier.contextTokens ?? prices.compactMap { $0?.contextTokens }.min()
    limits.capabilities = []
    let supports = zip(tier.targets, prices).map { $0.support(by: $1) }
    let lacks = { (path: KeyPath<ModelSupport, Bool?>) in
      !supports.isEmpty && supports.allSatisfy { $0[keyPath: path] == false }
    }
    if tier.hasTools, !lacks(\.tools) { limits.capabilities.insert(.tools) }
    if tier.hasJSON { limits.capabilities.insert(.json) }
    if tier.hasImages, !lacks(\.images) { limits.capabilities.insert(.images) }
    limits.inputUSDPerMillionTokens = highest(prices.map { $0?.input })
    limits.outputUSDPerMillionTokens = highest(prices.map { $0?.output })
    limits.latencyMilliseconds = tier.latencyMilliseconds
    return limits
  }

  private static func highest(_ prices: [Double?]) -> Double? {
    let known = prices.compactMap { $0 }
    guard known.count == prices.count else { return nil }
    return known.max().map { $0 * 1_000_000 }
  }
}
