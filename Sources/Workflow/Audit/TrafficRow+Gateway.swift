import Evaluation
import RequestLog

extension TrafficRow {
  /// A decision of a gateway.
  init(_ decision: GatewayDecision, tiers: AuditTiers, begins: Bool) {
    let answered = tiers.tier(of: decision.answeredTier)
    self.init(
      id: decision.id, time: decision.time, conversation: decision.conversation, key: decision.key, task: decision.task,
      policy: decision.policy.isEmpty ? nil : decision.policy, reason: decision.reason, rules: decision.rules,
      requestedModel: decision.requestedModel, tier: tiers.tier(of: decision.tier), answeredTier: answered,
      target: decision.target, status: decision.status, isFailure: decision.status >= 500 || decision.status == 429,
      latencyMilliseconds: decision.latencyMilliseconds, firstTokenMilliseconds: decision.firstTokenMilliseconds,
      decisionNanoseconds: decision.decisionNanoseconds, inputTokens: decision.inputTokens,
      outputTokens: decision.outputTokens)
    (attempts, rejectedUSD) = (decision.attempts, decision.rejectedUSD)
    (isEscalated, isFallback) = (decision.rejected > 0, decision.failed > 0)
    (observedTier, beginsConversation) = (tiers.tier(of: decision.observedTier), begins)
    (isEligible, gain, threshold) = (decision.isEligible, decision.gain, decision.threshold)
    probabilities = Dictionary(decision.probabilities.map { ($0.tier, $0.value) }) { first, _ in first }
    (feedback, hasText) = (decision.feedback, decision.hasText)
    (isDrawn, isLabelMissing) = (decision.isDrawn, decision.isDrawn && decision.missing != nil)
    (labelUSD, judgeUSD) = (decision.labelUSD, decision.judgeUSD)
    setMoney(decision, tiers)
    setLabels(decision, tiers)
  }

  /// What nothing was asked for took nothing; what each tier had taken is its price for the tokens of the answer.
  private mutating func setMoney(_ decision: GatewayDecision, _ tiers: AuditTiers) {
    costUSD = decision.costUSD ?? (decision.target == nil && decision.bookedUSD == 0 ? 0 : nil)
    guard let answeredTier else { return }
    tierUSD = tiers.costsUSD(
      inputTokens: decision.answerInputTokens ?? inputTokens, outputTokens: decision.answerOutputTokens ?? outputTokens)
    if let paid = decision.answerUSD ?? costUSD { tierUSD[answeredTier] = paid }
    if let last = tiers.names.last, let known = decision.strongestUSD, answeredTier != last { tierUSD[last] = known }
    strongestUSD = tiers.names.last.flatMap { tierUSD[$0] }
    cheapestUSD = tiers.names.first.flatMap { tierUSD[$0] }
  }

  private mutating func setLabels(_ decision: GatewayDecision, _ tiers: AuditTiers) {
    guard decision.isDrawn else { return }
    let isAudit = decision.outcomes.contains { $0.origin == .audit }
    labels = decision.outcomes.compactMap { outcome in
      guard let inclusion = outcome.inclusion, outcome.origin != .feedback, let tier = tiers.tier(of: outcome.name)
      else {
        return nil
      }
      return TrafficLabel(
        tier: tier, quality: outcome.quality, inclusion: inclusion, isUniform: isAudit,
        costUSD: tier == answeredTier ? nil : outcome.costUSD)
    }
  }
}
