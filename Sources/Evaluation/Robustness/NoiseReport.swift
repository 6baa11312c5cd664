/// What one kind of noise does to decisions, over the sampled rows whose question it changes. Each row counts once.
package struct NoiseReport: Sendable, Equatable {
  /// The kind.
  package var noise: Noise
  /// The rows whose question it changes.
  package var rows: Int
  /// Those that move to a higher tier.
  package var movedUp: Int
  /// Those that move to a lower tier.
  package var movedDown: Int
  /// The share that moves either way; `nil` without rows.
  package var changedShare: Interval?
  /// The mean of |gain after − gain before|; `nil` without rows.
  package var meanGainChange: Double?
  /// The share of the last tier after minus before, −1…1; `nil` without rows.
  package var strongestShareChange: Double?
  /// Those of ``rows`` in which every tier's quality is known.
  package var completeRows: Int
  /// The mean quality of the chosen tiers after minus before, over ``completeRows``; `nil` without any. It takes the
  /// answers as unchanged by the noise.
  package var qualityChange: Double?

  /// Summarises the rows that a noise changes.
  init(_ noise: Noise, _ moves: [TierMove], confidence: Double) {
    self.noise = noise
    rows = moves.count
    movedUp = moves.count { $0.after.tier > $0.before.tier }
    movedDown = moves.count { $0.after.tier < $0.before.tier }
    changedShare = Interval(successes: movedUp + movedDown, count: rows, confidence: confidence)
    meanGainChange = Self.mean(moves.map { Double(abs($0.after.gain - $0.before.gain)) })
    strongestShareChange = Self.mean(
      moves.map { ($0.after.isStrongest ? 1 : 0) - ($0.before.isStrongest ? 1 : 0) })
    let changes = moves.compactMap(\.qualityChange)
    completeRows = changes.count
    qualityChange = Self.mean(changes)
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// One row before and after a change of its question.
struct TierMove {
  let before: TierScore
  let after: TierScore
  /// The measured quality per tier [T], or `nil` where some tier's is unknown.
  let quality: [Double]?

  var qualityChange: Double? { quality.map { $0[after.tier] - $0[before.tier] } }
}
