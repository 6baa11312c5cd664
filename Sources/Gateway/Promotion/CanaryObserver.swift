import Evaluation
import TextKit

/// Follows one canary through the log: every conversation that is over is shown to the watch once, with what its labels came to.
///
/// All that it knows it can read again: a gateway that starts anew goes on where the log ends.
struct CanaryObserver {
  let canary: CanaryUnderWay
  private(set) var watch: CanaryWatch
  private var conversations: ArmConversations
  /// Conversations that are over and have ratings in progress.
  private var waiting: [ArmConversations.Part] = []
  private var lastNumber = 0

  /// Requests that are read, and conversations that are closed, at once.
  private static let batch = (requests: 2_000, conversations: 50)
  /// After so long a rating that is in progress counts as missing.
  static let patienceSeconds = 600.0
  /// How far the rate of labels may fall within a conversation before one of them counts as missing.
  private static let fall = 1.5

  init(_ canary: CanaryUnderWay, idleSeconds: Double) {
    self.canary = canary
    watch = CanaryWatch(canary.terms)
    conversations = ArmConversations(idleSeconds: idleSeconds)
  }

  /// Conversations that are not over, or wait for a rating.
  var open: Int { conversations.count + waiting.count }

  /// Reads on, up to now or to the next conversations that are over.
  /// - Returns: whether there is more at once.
  mutating func look(at store: any TelemetryStore, now: Double) async throws(TelemetryStoreError) -> Bool {
    var isAll = false
    while waiting.count < Self.batch.conversations, !isAll {
      let turns = try await store.canaryTurns(of: canary.salt, after: lastNumber, limit: Self.batch.requests)
      for turn in turns {
        waiting += conversations.add(turn)
        lastNumber = turn.number
      }
      isAll = turns.count < Self.batch.requests
    }
    if isAll { waiting += conversations.takeIdle(at: now) }
    var kept: [ArmConversations.Part] = []
    var closed = 0
    for (place, part) in waiting.enumerated() {
      guard closed < Self.batch.conversations else {
        kept += waiting[place...]
        break
      }
      let turns = try await store.canaryTurns(ofRequests: part.requests)
      if now - part.last < Self.patienceSeconds, turns.contains(where: { $0.comparison == .pending }) {
        kept.append(part)
      } else if !turns.isEmpty {
        watch.close(Self.conversation(of: turns, isCandidate: part.arm == LoggedCanaryTurn.candidate))
        closed += 1
      }
    }
    waiting = kept
    return !isAll || closed == Self.batch.conversations
  }

  /// What is known so far.
  /// - Parameter hasLabels: whether copies are asked of other tiers: without them nothing is known of quality.
  func json(hasLabels: Bool) -> JSONNode {
    let own: KeyValuePairs<String, JSONNode?> = [
      "candidate": .string(canary.candidate), "conditions": canary.conditions.node, "alpha": .number(canary.alpha),
      "open_conversations": .integer(open),
      "refused": hasLabels
        ? .null : .string("quality is not watched: shadow is not configured, so that nothing is rated"),
    ]
    return .object((JSONNode.object(own).members ?? []) + (watch.json.members ?? []))
  }

  private static func conversation(of turns: [LoggedCanaryTurn], isCandidate: Bool) -> CanaryWatch.Conversation {
    let eligible = turns.filter { $0.comparison != .ineligible && $0.scale != nil }
    let scale = eligible.first?.scale ?? 1
    let greatest = fall / LabelDesign.intensities.lowerBound
    let count = Double(turns.count)
    let dollars = turns.compactMap(\.costUSD)
    var conversation = CanaryWatch.Conversation(
      isCandidate: isCandidate, turns: eligible.map { $0.turn(scale: scale, greatestWeight: greatest) }, scale: scale,
      dollars: dollars.count == turns.count ? dollars.reduce(0, +) : nil,
      latencyMilliseconds: turns.reduce(0) { $0 + $1.latencyMilliseconds } / count,
      failures: Double(turns.count(where: \.hasFailed)) / count)
    conversation.greatestWeight = greatest
    return conversation
  }
}

extension LoggedCanaryTurn: LoggedTurn {
  fileprivate static let candidate = "candidate"

  var arm: String { isCandidate ? Self.candidate : "incumbent" }

  /// As the sequence takes it. A label whose weight would be out of bounds counts as missing.
  fileprivate func turn(scale: Double, greatestWeight: Double) -> DecidingSequence.Turn {
    switch comparison {
    case .ineligible, .agreement: return .agreement
    case .undrawn: return .disagreement(nil)
    case .pending, .missing: return .disagreement(.init(difference: nil, weight: greatestWeight))
    case .rated(let difference, let inclusion):
      let weight = scale / inclusion
      return .disagreement(
        weight <= greatestWeight
          ? .init(difference: difference, weight: weight) : .init(difference: nil, weight: greatestWeight))
    }
  }
}
