import Evaluation
import Ockham
import RequestLog
import TextKit

extension TrafficRow {
  /// A record of a request log, which knows less than a gateway: no reasons, no attempts, tokens of requests by the length of their
  /// text.
  init(_ record: LogRecord, tiers: AuditTiers, prices: PriceList?, begins: Bool) {
    let served = record.servedName
    let outcome = record.outcomes.first { $0.name == served }
    let input = TokenEstimate.tokens(bytes: record.textBytes)
    let output = outcome.flatMap { prices?.outputTokens(of: $0) ?? $0.outputTokens }
    let answered = tiers.tier(of: served)
    self.init(
      id: record.id, time: record.timestamp.flatMap(CivilTime.seconds(ofTimestamp:)) ?? 0,
      conversation: record.conversation, key: record.dataset, task: record.task?.name, tier: answered,
      answeredTier: answered, target: served == answered ? nil : served, isFailure: record.failed == true,
      latencyMilliseconds: outcome?.latencyMilliseconds, inputTokens: output == nil ? nil : input, outputTokens: output,
      beginsConversation: begins, isEligible: record.eligible ?? record.propensity.map { $0 < 1 },
      hasText: !record.request.segments.isEmpty)
    setMoney(record, outcome, tiers, prices, input: input)
    setLabels(record, outcome, tiers)
  }

  /// What tiers were seen to take comes before what their prices say.
  private mutating func setMoney(
    _ record: LogRecord, _ outcome: ModelOutcome?, _ tiers: AuditTiers, _ prices: PriceList?, input: Int
  ) {
    costUSD = outcome?.costUSD ?? tiers.costUSD(of: answeredTier, inputTokens: inputTokens, outputTokens: outputTokens)
    guard let answeredTier else { return }
    tierUSD = tiers.costsUSD(inputTokens: input, outputTokens: outputTokens)
    for other in record.outcomes {
      guard let cost = other.costUSD, let tier = tiers.tier(of: other.name), other.inclusion == nil else { continue }
      tierUSD[tier] = cost
    }
    if let costUSD { tierUSD[answeredTier] = costUSD }
    strongestUSD = tiers.names.last.flatMap { tierUSD[$0] }
    cheapestUSD = tiers.names.first.flatMap { tierUSD[$0] }
  }

  private mutating func setLabels(_ record: LogRecord, _ outcome: ModelOutcome?, _ tiers: AuditTiers) {
    let isAudit = record.outcomes.contains { $0.origin == .audit }
    for other in record.outcomes {
      guard let tier = tiers.tier(of: other.name), let quality = other.quality else { continue }
      guard other.origin != .feedback else {
        if other.name == outcome?.name { feedback = quality }
        continue
      }
      guard !labels.contains(where: { $0.tier == tier }) else { continue }
      let isUniform = isAudit || (other.inclusion ?? 1) == 1 && other.origin != .shadow
      labels.append(
        TrafficLabel(
          tier: tier, quality: quality, inclusion: other.inclusion ?? 1, isUniform: isUniform,
          costUSD: tier == answeredTier || other.inclusion == nil ? nil : other.costUSD))
    }
    isDrawn = record.outcomes.contains { $0.inclusion != nil }
    isLabelMissing = isDrawn && !record.outcomes.contains { $0.inclusion != nil && $0.quality != nil }
  }
}
