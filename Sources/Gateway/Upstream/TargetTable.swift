import ChatProtocols
import GatewayCore
import NIOCore
import TextKit

/// The targets of one configuration, ready to be called.
struct TargetTable: Sendable {
  private let byName: [String: UpstreamTarget]
  private let tiers: [[UpstreamTarget]]
  private let tierNames: [String]

  /// - Parameters:
  ///   - environment: where keys are.
  ///   - earlier: the table before: providers that are configured as before keep their connections and keys.
  ///   - hints: where is kept what targets refuse.
  ///   - time: now, in seconds since 1970.
  init(
    _ configuration: GatewayConfiguration, prices: PriceCatalogue, environment: (String) -> String?,
    group: any EventLoopGroup, earlier: TargetTable?, hints: any HintStore = MemoryHints(), at time: Double = 0
  ) {
    var providers: [String: ProviderConnection] = [:]
    for (name, provider) in configuration.providers {
      let others = provider.kind.furtherVariables.compactMapValues(environment)
      let keys = provider.keyVariables.compactMap(environment).filter { !$0.isEmpty }
      providers[name] = Self.connection(provider, keys.map { Credentials(key: $0, others: others) }, group, earlier)
    }
    func target(_ target: TargetConfiguration, tier: String) -> UpstreamTarget? {
      guard let provider = providers[target.provider] else { return nil }
      return UpstreamTarget(
        configuration: target, tier: tier, provider: provider, breaker: CircuitBreaker(configuration.breaker),
        price: prices.price(of: target, kind: provider.configuration.kind), isStrict: configuration.isStrict,
        refusedHints: Self.refusedHints(target, provider.configuration, hints, time))
    }
    tiers = configuration.tiers.map { tier in tier.targets.compactMap { target($0, tier: tier.name) } }
    let extra = configuration.extraTargets.compactMap { target($0, tier: "") }
    byName = Dictionary((tiers.joined() + extra).map { ($0.name, $0) }) { first, _ in first }
    tierNames = configuration.tiers.map(\.name)
  }

  private static func refusedHints(
    _ target: TargetConfiguration, _ provider: ProviderConfiguration, _ store: any HintStore, _ time: Double
  ) -> RefusedHints {
    let parts = [provider.kind.rawValue, provider.baseURL, provider.query ?? "", target.model]
    let place = HintPlace(
      target: target.name, fingerprint: ContentHash(parts.joined(separator: "\n")).value.hexadecimal)
    return RefusedHints(store.hints(of: place, at: time)) { store.add($0, of: place, at: $1) }
  }

  private static func connection(
    _ provider: ProviderConfiguration, _ credentials: [Credentials], _ group: any EventLoopGroup,
    _ earlier: TargetTable?
  ) -> ProviderConnection {
    let known = earlier?.byName.values.first { $0.provider.configuration == provider }?.provider
    if let known, known.keys.are(credentials) { return known }
    let transport: any UpstreamTransport =
      provider.kind.isInProcess ? MockTransport() : HTTPTransport(provider, group: group)
    return ProviderConnection(
      configuration: provider, codec: provider.kind.codec, keys: ProviderKeys(credentials), transport: transport)
  }

  /// All targets, by name.
  var all: [UpstreamTarget] { byName.values.sorted { $0.name < $1.name } }

  /// The target of a name.
  subscript(name: String) -> UpstreamTarget? { byName[name] }

  /// The targets to try for a plan.
  func inOrder(of plan: AttemptPlan) -> [UpstreamTarget] { plan.steps.compactMap { byName[$0.target.name] } }

  /// The targets of the next tier above that may be used.
  func above(_ tier: String, allowed: UInt64) -> [UpstreamTarget] {
    guard let index = tierNames.firstIndex(of: tier) else { return [] }
    let upper = (index + 1..<tiers.count).first { allowed >> UInt64($0) & 1 == 1 && !tiers[$0].isEmpty }
    return upper.map { tiers[$0] } ?? []
  }
}
