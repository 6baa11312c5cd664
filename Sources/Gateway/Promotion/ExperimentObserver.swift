import Evaluation
import GatewayCore
import TextKit

/// Follows one experiment through the log: every conversation that is over is shown to the watch once.
struct ExperimentObserver {
  let experiment: ExperimentConfiguration
  let design: String
  private(set) var watch: ExperimentWatch
  private var conversations: ArmConversations
  private var lastNumber = 0

  /// Requests that are read at once.
  private static let batch = 2_000

  init(_ experiment: ExperimentConfiguration, idleSeconds: Double) {
    self.experiment = experiment
    design = experiment.design
    watch = ExperimentWatch(arms: experiment.arms.map { ($0.name, $0.share) })
    conversations = ArmConversations(idleSeconds: idleSeconds)
  }

  /// Reads on, up to now or to a bounded number of requests.
  /// - Returns: whether there is more at once.
  mutating func look(at store: any TelemetryStore, now: Double) async throws(TelemetryStoreError) -> Bool {
    let turns = try await store.experimentTurns(of: design, after: lastNumber, limit: Self.batch)
    var over: [ArmConversations.Part] = []
    for turn in turns {
      over += conversations.add(turn)
      lastNumber = turn.number
    }
    if turns.count < Self.batch { over += conversations.takeIdle(at: now) }
    for part in over {
      let turns = try await store.experimentTurns(of: design, requests: part.requests)
      if !turns.isEmpty { watch.close(Self.conversation(of: turns, arm: part.arm)) }
    }
    return turns.count == Self.batch
  }

  private static func conversation(of turns: [LoggedExperimentTurn], arm: String) -> ExperimentWatch.Conversation {
    let dollars = turns.compactMap(\.costUSD)
    let count = Double(turns.count)
    return ExperimentWatch.Conversation(
      arm: arm, dollars: dollars.count == turns.count ? dollars.reduce(0, +) : nil,
      latencyMilliseconds: turns.reduce(0) { $0 + $1.latencyMilliseconds } / count,
      failures: Double(turns.count(where: \.hasFailed)) / count, quality: turns.lazy.compactMap(\.quality).first)
  }

  /// What is known so far.
  var json: JSONNode {
    let own: KeyValuePairs<String, JSONNode?> = [
      "name": .string(experiment.name), "design": .string(design), "open_conversations": .integer(conversations.count),
    ]
    return .object((JSONNode.object(own).members ?? []) + (watch.json.members ?? []))
  }
}

extension LoggedExperimentTurn: LoggedTurn {}
