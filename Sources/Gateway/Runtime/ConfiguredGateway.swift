import AsyncHTTPClient
package import GatewayCore
import Logging
import NIOCore
package import Ockham
package import TextKit

/// Everything that follows from one configuration: made as a whole, swapped as a whole, never changed.
package final class ConfiguredGateway: Sendable {
  package let configuration: GatewayConfiguration
  /// How requests get their answers, with this configuration's retries and limits.
  package let execution: ChatExecution
  /// Who decides; ``router`` is the version that serves.
  let arms: RoutingArms
  var router: RequestRouter { arms.incumbent }
  let keyRing: KeyRing
  let targets: TargetTable
  /// Asks other tiers for labels; `nil` where none are wanted.
  let shadow: ShadowEngine?
  /// The canary in progress, where a registry has one.
  let canary: CanaryUnderWay?
  private let model: Model?
  /// The model of the version that serves; `nil` where rules decide alone.
  var scoringModel: Model? { model }

  /// The tiers' names, cheapest first.
  package let tierNames: [String]

  /// What identifies the model that scores; `nil` without one.
  package let modelIdentifier: UInt64?

  /// - Parameters:
  ///   - model: the scorer; `nil` leaves requests to rules.
  ///   - candidate: the model under canary, with its share of the conversations.
  ///   - environment: where keys are.
  ///   - earlier: the runtime before: providers that are configured as before keep their connections and keys, and
  ///     conversations their tiers.
  /// - Throws: what does not fit the model.
  package init(
    configuration: GatewayConfiguration, model: Model?, candidate: CandidateModel? = nil, catalogue: PriceCatalogue,
    environment: (String) -> String?, shared: SharedResources, earlier: ConfiguredGateway? = nil
  ) throws(ConfigurationProblem) {
    // Where conversations would be is not where they are.
    let staysPut =
      earlier?.tierNames == configuration.tiers.map(\.name) && earlier?.configuration.observe == configuration.observe
    let sessions = staysPut ? earlier?.router.sessions : nil
    let incumbent = try RequestRouter(
      configuration: configuration, model: model, prices: catalogue, sessions: sessions)
    arms = RoutingArms(
      incumbent: incumbent,
      canary: try candidate.map { candidate throws(ConfigurationProblem) in
        let same = earlier?.arms.canary.flatMap { $0.salt == candidate.canary.salt ? $0.router.sessions : nil }
        return RoutingArms.Canary(
          router: try RequestRouter(
            configuration: configuration, model: candidate.model, prices: catalogue, sessions: staysPut ? same : nil),
          share: candidate.canary.share, salt: candidate.canary.salt)
      })
    canary = candidate?.canary
    self.configuration = configuration
    tierNames = configuration.tiers.map(\.name)
    self.model = model
    modelIdentifier = model?.identifier
    keyRing = KeyRing(keys: configuration.keys) { VirtualKey.sha256($0) }
    targets = TargetTable(
      configuration, prices: catalogue, environment: environment, group: shared.group, clock: shared.clock,
      logger: shared.logger, earlier: earlier?.targets, hints: shared.hints)
    execution = ChatExecution(
      failover: Failover(
        retries: configuration.retries, clock: shared.clock, random: { Double.random(in: 0...1) }),
      deadlines: shared.deadlines, maximumAnswerBytes: configuration.limits.answerBytes)
    shadow = configuration.shadow.map {
      ShadowEngine(
        $0, of: configuration, catalogue: catalogue, environment: environment, shared: shared.forShadows,
        earlier: earlier?.shadow)
    }
  }

  /// Whether the answers of a decision are looked at, one tier after the other.
  func hasCascade(for decision: RoutingDecision) -> Bool {
    let policy = decision.isPlain ? nil : configuration.policies[decision.policy]
    return policy?.cascade != nil && policy?.ensemble == nil
  }

  /// The hashes of what decides, for the log.
  var identityFacts: Logger.Metadata {
    Dictionary(uniqueKeysWithValues: router.identity.columns.map { ($0.name, .string($0.value)) })
  }

  /// Sets what telemetry keeps from now on.
  func apply(to telemetry: TelemetryRecorder) {
    telemetry.use(TelemetrySettings(configuration.telemetry, featureOptions: featureOptions))
  }

  /// The features that telemetry keeps: those of the model, or the standard ones without a model.
  var featureOptions: FeatureOptions { model?.extractor.options ?? FeatureOptions() }
}
