import ChatProtocols
import GatewayCore

/// Who says how good made-up answers were: audits, labels on disagreements, users and a person.
extension DemoTraffic {
  /// The share of requests that every tier is asked of, and of near decisions that one other is asked of.
  static let (auditRate, labelRate) = (0.1, 0.15)

  mutating func rated(_ trace: RequestTrace, _ conversation: DemoConversation, trueOutcomes: TrueOutcomes)
    -> DemoRequest
  {
    var request = DemoRequest(trace: trace)
    guard let served = terms.tiers.firstIndex(where: { $0.name == trace.tier }) else { return request }
    let isGood = trueOutcomes.isGood[served]
    request.label = label(of: trace, conversation, trueOutcomes: trueOutcomes, served: served)
    if request.label != nil { request.answer = Self.answer(isGood: isGood) }
    if dice.happens(0.03) {
      let isRight = dice.happens(0.85)
      request.feedback = Feedback(
        requestID: trace.id, quality: isGood == isRight ? 1 : 0, source: "thumbs", time: trace.time + 40, key: trace.key
      )
    }
    if request.label?.outcomes.first?.origin == .audit, dice.happens(0.1) {
      request.rating = GivenRating(
        requestID: trace.id, quality: isGood ? 1 : 0, rater: "made-up-ann", probability: 0.1, time: trace.time + 7200)
    }
    return request
  }

  private mutating func label(
    of trace: RequestTrace, _ conversation: DemoConversation, trueOutcomes: TrueOutcomes, served: Int
  ) -> ShadowLabel? {
    let others = terms.tiers.indices.filter { $0 != served }
    guard !others.isEmpty else { return nil }
    if dice.happens(Self.auditRate) {
      return label(
        trace, conversation, trueOutcomes: trueOutcomes, served: served, others: others, origin: .audit,
        inclusion: Self.auditRate)
    }
    let decision = trace.decision
    let isNear = !decision.probabilities.isEmpty && abs(decision.gain - decision.threshold) < 0.04
    guard isNear, dice.happens(Self.labelRate) else { return nil }
    let other = served > 0 ? served - 1 : served + 1
    return label(
      trace, conversation, trueOutcomes: trueOutcomes, served: served, others: [other], origin: .shadow,
      inclusion: Self.labelRate)
  }

  private mutating func label(
    _ trace: RequestTrace, _ conversation: DemoConversation, trueOutcomes: TrueOutcomes, served: Int,
    others: [Int],
    origin: ShadowLabel.Origin, inclusion: Double
  ) -> ShadowLabel {
    let isMissing = dice.happens(0.03)
    let outcomes = others.map { tier -> ShadowLabel.Outcome in
      let usage = usage(in: tier, conversation)
      return ShadowLabel.Outcome(
        name: terms.tiers[tier].name, quality: isMissing ? nil : trueOutcomes.isGood[tier] ? 1 : 0,
        costUSD: terms.costUSD(usage, tier: tier), outputTokens: usage.outputTokens,
        latencyMilliseconds: dice.about(900, spread: 0.5), origin: origin, inclusion: inclusion, judgeUSD: 0.00015,
        answer: Self.answer(isGood: trueOutcomes.isGood[tier]))
    }
    return ShadowLabel(
      requestID: trace.id, outcomes: outcomes, servedQuality: isMissing ? nil : trueOutcomes.isGood[served] ? 1 : 0,
      servedInclusion: inclusion, labelRate: Self.labelRate, auditRate: Self.auditRate,
      missing: isMissing ? "judge" : nil)
  }

  /// It does not say whose it is: people rate blind.
  private static func answer(isGood: Bool) -> String {
    isGood
      ? "Made-up answer: complete, to the point, and right in every figure."
      : "Made-up answer: it stays vague, and one of the figures is wrong."
  }
}
