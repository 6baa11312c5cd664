import Evaluation
import Ockham
import RequestLog

extension TierMap {
  /// Who answered a record's request, and by what chance; `nil` where the log does not say who, or names no tier.
  ///
  /// What the answer was worth is that of the model which served, not a mean over its tier; a cost that its outcome does not contain is
  /// that of the tier.
  ///
  /// - Parameter recordedCost: whether a cost that the log contains counts, before that of the tier.
  func draw(of record: LogRecord, _ outcomes: TierOutcomes, recordedCost: Bool = true) -> LoggedDraw? {
    guard let name = record.servedName, let tier = index(of: name) else { return nil }
    let outcome = record.outcomes.first { $0.name == name }
    return LoggedDraw(
      tier: tier, propensity: record.propensity, isEligible: record.eligible, allowed: allowed(record),
      conversation: record.conversation, inclusion: outcome?.inclusion ?? 1, quality: outcome?.quality,
      costUSD: (recordedCost ? outcome?.costUSD : nil) ?? outcomes.costUSD[tier],
      latencyMilliseconds: outcome?.latencyMilliseconds ?? outcomes.latencyMilliseconds[tier], hasFailed: record.failed)
  }

  /// The probability with which a record's request was picked for what is known of its tiers: the least of its outcomes. The steps of
  /// a cascade are picks too.
  func inclusion(of record: LogRecord) -> Double {
    let known = record.outcomes.filter { ($0.quality != nil || $0.costUSD != nil) && index(of: $0.name) != nil }
    return known.reduce(1) { min($0, ($1.inclusion ?? 1) * record.reach(of: $1.name)) }
  }

  /// The tiers that the request could have gone to. Names that are not mapped are skipped.
  private func allowed(_ record: LogRecord) -> TierSet {
    guard let names = record.allowed else { return .all }
    return TierSet(names.compactMap(index(of:)))
  }
}
