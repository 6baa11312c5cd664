import ChatProtocols
import GatewayCore
import Ockham

/// Made-up requests by time: plausible, the same for a seed, and marked in every name.
///
/// Whether an answer is good is drawn with the probability that the made-up model predicted, with one draw for all tiers of a request:
/// so probabilities, tiers, ratings and their differences belong together, but for the drift that the alert reports.
struct DemoTraffic: IteratorProtocol {
  let terms: DemoTerms
  let skill: DemoSkill
  var dice: DemoDice
  private let rhythm: DemoRhythm
  private var number = 0
  private var open: [DemoConversation] = []

  /// What of a request decides how good its answers are.
  struct TrueOutcomes {
    /// P(good) per tier as it is predicted.
    var predicted: [Double]
    var isGood: [Bool]
  }

  init(_ terms: DemoTerms) {
    self.terms = terms
    skill = DemoSkill(tiers: terms.tiers.count)
    dice = DemoDice(seed: terms.seed)
    rhythm = DemoRhythm(end: terms.end, days: terms.days, seed: terms.seed ^ 1)
  }

  mutating func next() -> DemoRequest? {
    guard number < terms.requests, !terms.tiers.isEmpty else { return nil }
    let time = rhythm.time(at: (Double(number) + dice.unit()) / Double(terms.requests))
    number += 1
    var conversation = conversation(at: time)
    let trueOutcomes = trueOutcomes(of: conversation, at: time)
    let decision = decision(on: &conversation, trueOutcomes, at: time)
    var trace = RequestTrace(
      id: "made-up-" + String(1_000_000 + number).dropFirst(), time: time, apiFormat: .chatCompletions,
      isStream: dice.happens(0.6), requestedModel: decision.reason == .requested ? decidedName(decision) : "auto",
      key: conversation.client.key, request: Request(segments: conversation.segments), decision: decision,
      tierNames: terms.tiers.map(\.name), status: 200, latencyMilliseconds: 0, upstreamMilliseconds: 0)
    trace.references = terms.references
    answer(&trace, conversation, trueOutcomes: trueOutcomes)
    if trace.tier != nil { remember(conversation) }
    return rated(trace, conversation, trueOutcomes: trueOutcomes)
  }

  private func decidedName(_ decision: RoutingDecision) -> String { terms.tiers[decision.tier ?? 0].name }

  /// A conversation that goes on, or a new one.
  private mutating func conversation(at time: Double) -> DemoConversation {
    open.removeAll { !$0.isOpen(at: time) }
    guard !open.isEmpty, dice.happens(0.3) else { return DemoConversation(at: time, &dice) }
    var conversation = open.remove(at: dice.number(below: open.count))
    conversation.goOn(at: time, &dice)
    return conversation
  }

  private mutating func remember(_ conversation: DemoConversation) {
    if conversation.isOpen(at: conversation.lastTime), open.count < 64 { open.append(conversation) }
  }

  private mutating func trueOutcomes(of conversation: DemoConversation, at time: Double) -> TrueOutcomes {
    let difficulty = min(0.98, max(0.01, dice.near(conversation.difficulty, 0.03)))
    let predicted = skill.probabilities(difficulty: difficulty)
    let found = skill.found(predicted, of: conversation.subject, isLate: time >= terms.driftStart)
    let luck = dice.unit()
    return TrueOutcomes(predicted: predicted, isGood: found.map { luck < $0 })
  }
}
