import ChatProtocols
import GatewayCore
import Logging
import NIOCore
import Ockham
import TextKit

/// The targets of one configuration, ready to be called.
struct TargetTable: Sendable {
  private let byName: [String: UpstreamTarget]
  private let tiers: [[UpstreamTarget]]
  private let tierNames: [String]
  private let commands: [CommandKeys]
  /// What the tiers would cost.
  let references: ReferencePrices
  /// All providers, ordered by name.
  let providers: [ProviderConnection]

  /// - Parameters:
  ///   - environment: where keys are.
  ///   - earlier: the table before: providers that are configured as before keep their connections and keys.
  ///   - hints: where is kept what targets refuse.
  init(
    _ configuration: GatewayConfiguration, prices: PriceCatalogue, environment: (String) -> String?,
    group: any EventLoopGroup, clock: GatewayClock, logger: Logger, earlier: TargetTable?,
    hints: any HintStore = MemoryHints()
  ) {
    var providers: [String: ProviderConnection] = [:]
    for (name, provider) in configuration.providers {
      let known = earlier?.byName.values.first { $0.provider.configuration == provider }?.provider
      let keys = Self.keys(provider, known?.keys, environment: environment, clock: clock, logger: logger)
      providers[name] = known?.keys === keys ? known : Self.connection(provider, keys, group)
    }
    self.providers = providers.values.sorted { $0.configuration.name < $1.configuration.name }
    commands = providers.values.compactMap(\.keys.command)
    let time = clock.unixSeconds()
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
    let tierNames = configuration.tiers.map(\.name)
    self.tierNames = tierNames
    references = ReferencePrices(
      zip(tierNames, tiers).map { ReferencePrices.Reference(tier: $0, price: $1.first?.price) })
  }

  private static func refusedHints(
    _ target: TargetConfiguration, _ provider: ProviderConfiguration, _ store: any HintStore, _ time: Double
  ) -> RefusedHints {
    let parts = [provider.kind.rawValue, provider.baseURL, provider.query ?? "", target.model]
    let place = HintPlace(
      target: target.name, fingerprint: ContentHash(parts.joined(separator: "\n")).value.hexadecimal)
    return RefusedHints(store.hints(of: place, at: time)) { store.add($0, of: place, at: $1) }
  }

  /// The keys of a provider: the ones before, where they are the same.
  private static func keys(
    _ provider: ProviderConfiguration, _ known: ProviderKeys?, environment: (String) -> String?, clock: GatewayClock,
    logger: Logger
  ) -> ProviderKeys {
    let region = provider.region.map { [ProviderAddress.regionPart: $0] } ?? [:]
    let signer = provider.kind.signer
    if let command = provider.keyCommand {
      if let known { return known }
      return ProviderKeys(
        CommandKeys(
          command, parts: region, clock: clock, isComplete: { signer.isComplete($0) },
          onFault: { logger.warning("\($0.reason)", metadata: ["provider": "\(provider.name)"]) }))
    }
    let others = provider.furtherVariables.compactMapValues(environment).filter { !$0.value.isEmpty }
      .merging(region) { $1 }
    let keys = provider.keyVariables.compactMap(environment).filter { !$0.isEmpty }
    let credentials = keys.map { Credentials(key: $0, others: others) }.filter(signer.isComplete)
    if let known, known.are(credentials) { return known }
    return ProviderKeys(credentials)
  }

  private static func connection(
    _ provider: ProviderConfiguration, _ keys: ProviderKeys, _ group: any EventLoopGroup
  ) -> ProviderConnection {
    let transport: any UpstreamTransport =
      provider.kind.isInProcess ? MockTransport() : HTTPTransport(provider, group: group)
    return ProviderConnection(
      configuration: provider, codec: provider.kind.codec.at(provider.baseURL), keys: keys, transport: transport)
  }

  /// Fetches keys that programs print ahead of their end.
  func renewKeys() { for command in commands { command.renew() } }

  /// All targets, by name.
  var all: [UpstreamTarget] { byName.values.sorted { $0.name < $1.name } }

  /// The target of a name.
  subscript(name: String) -> UpstreamTarget? { byName[name] }

  /// The targets to try for a plan.
  func inOrder(of plan: AttemptPlan) -> [UpstreamTarget] { plan.steps.compactMap { byName[$0.target.name] } }

  /// The targets of a tier, in the order of the configuration.
  func targets(ofTier tier: Int) -> [UpstreamTarget] { tiers.indices.contains(tier) ? tiers[tier] : [] }

  /// The targets of the next tier above that may be used.
  func above(_ tier: String, allowed: TierSet) -> [UpstreamTarget] {
    guard let index = tierNames.firstIndex(of: tier) else { return [] }
    let upper = (index + 1..<tiers.count).first { allowed.contains($0) && !tiers[$0].isEmpty }
    return upper.map { tiers[$0] } ?? []
  }
}
