import AsyncHTTPClient
import ChatProtocols
package import GatewayCore
import NIOCore
package import Ockham

/// Everything that follows from one configuration: made as a whole, swapped as a whole, never changed.
package final class GatewayRuntime: Sendable {
  package let configuration: GatewayConfiguration
  /// How requests get their answers, with this configuration's retries and limits.
  package let execution: ChatExecution
  let router: RequestRouter
  let keyRing: KeyRing
  private let targetsByName: [String: UpstreamTarget]
  private let tiers: [[UpstreamTarget]]
  private let model: Model?

  /// The tiers' names, cheapest first.
  package let tierNames: [String]

  /// What identifies the model that scores; `nil` without one.
  package let modelIdentifier: UInt64?

  /// - Parameters:
  ///   - model: the scorer; `nil` leaves requests to rules.
  ///   - environment: where keys are.
  ///   - earlier: the runtime before: providers that are configured as before keep their connections and keys, and
  ///     conversations their tiers.
  /// - Throws: what does not fit the model.
  package init(
    configuration: GatewayConfiguration, model: Model?, catalogue: PriceCatalogue,
    environment: (String) -> String?, shared: GatewayServices, earlier: GatewayRuntime? = nil
  ) throws(ConfigurationProblem) {
    let sessions = earlier?.tierNames == configuration.tiers.map(\.name) ? earlier?.router.sessionTable : nil
    router = try RequestRouter(configuration: configuration, model: model, prices: catalogue, sessions: sessions)
    self.configuration = configuration
    tierNames = configuration.tiers.map(\.name)
    self.model = model
    modelIdentifier = model?.identifier
    keyRing = KeyRing(keys: configuration.keys) { VirtualKey.sha256($0) }
    var providers: [String: ProviderConnection] = [:]
    for (name, provider) in configuration.providers {
      let secrets = provider.keyVariables.compactMap(environment).filter { !$0.isEmpty }
      providers[name] = Self.connection(provider, secrets: secrets, shared: shared, earlier: earlier)
    }
    func target(_ target: TargetConfiguration, tier: String) -> UpstreamTarget? {
      guard let provider = providers[target.provider] else { return nil }
      return UpstreamTarget(
        configuration: target, tier: tier, provider: provider, breaker: CircuitBreaker(configuration.breaker),
        price: catalogue.price(of: target, kind: provider.configuration.kind))
    }
    tiers = configuration.tiers.map { tier in tier.targets.compactMap { target($0, tier: tier.name) } }
    let extra = configuration.extraTargets.compactMap { target($0, tier: "") }
    targetsByName = Dictionary((tiers.joined() + extra).map { ($0.name, $0) }) { first, _ in first }
    execution = ChatExecution(
      failover: Failover(
        retries: configuration.retries, clock: shared.clock, random: { Double.random(in: 0...1) }),
      deadlines: shared.deadlines, maximumAnswerBytes: configuration.limits.answerBytes)
  }

  private static func connection(
    _ provider: ProviderConfiguration, secrets: [String], shared: GatewayServices, earlier: GatewayRuntime?
  ) -> ProviderConnection {
    let known = earlier?.targetsByName.values.first { $0.provider.configuration == provider }?.provider
    let credentials = secrets.map(Credentials.init(key:))
    if let known, known.keys.are(credentials) { return known }
    let transport: any UpstreamTransport =
      provider.kind.isInProcess ? MockTransport() : HTTPTransport(provider, group: shared.group)
    return ProviderConnection(
      configuration: provider, codec: provider.kind.codec, keys: ProviderKeys(credentials), transport: transport)
  }

  /// All targets, by name.
  var targets: [UpstreamTarget] { targetsByName.values.sorted { $0.name < $1.name } }

  func target(named name: String) -> UpstreamTarget? { targetsByName[name] }

  /// The target that a model's name stands for, where nothing is to be routed.
  func target(forModel name: String, _ key: KeyConfiguration?) throws(GatewayError) -> UpstreamTarget {
    guard let target = targetsByName[try router.target(named: name, key: key).target.name] else { throw .noAnswer }
    return target
  }

  /// The targets of the next tier above that may be used.
  func targets(above tier: String, allowed: UInt64) -> [UpstreamTarget] {
    guard let index = tierNames.firstIndex(of: tier) else { return [] }
    let upper = (index + 1..<tiers.count).first { allowed >> UInt64($0) & 1 == 1 && !tiers[$0].isEmpty }
    return upper.map { tiers[$0] } ?? []
  }

  /// The key that a client sent.
  /// - Throws: 401 without one that is known, where keys are configured.
  func key(of incoming: IncomingRequest) throws(GatewayError) -> KeyConfiguration? {
    try keyRing.key(authorization: incoming.header("authorization"), apiKey: incoming.header("x-api-key"))
  }

  /// Where a request goes.
  func decide(
    _ request: ChatRequest, _ incoming: IncomingRequest, _ key: KeyConfiguration?, at time: Double,
    remembers: Bool = true
  ) throws(GatewayError) -> RoutingDecision {
    try router.route(request, header: { incoming.header($0) }, key: key, time: time, remembers: remembers)
  }

  /// The targets to try for a decision, in order.
  func targets(for decision: RoutingDecision) -> [UpstreamTarget] {
    router.plan(for: decision).steps.compactMap { targetsByName[$0.target.name] }
  }

  /// What a request may cost at most where it goes first, in USD; `nil` where the price is unknown.
  func estimatedCostUSD(_ targets: [UpstreamTarget], _ needs: RequestNeeds) -> Double? {
    targets.first?.price?.costUSD(of: TokenUsage(inputTokens: needs.inputTokens, outputTokens: needs.outputTokens))
  }

  /// Tells telemetry what to keep from now on.
  func apply(to telemetry: TelemetryStore) {
    telemetry.use(TelemetrySettings(configuration.telemetry, featureOptions: featureOptions))
  }

  /// The features that telemetry keeps: those of the model, or the standard ones without a model.
  var featureOptions: FeatureOptions { model?.extractor.options ?? FeatureOptions() }
}
