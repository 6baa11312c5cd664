import Statistics
package import Ockham

/// What the simplest ways of routing come to on the same rows: the figures that a model has to beat.
package struct Baselines: Sendable, Equatable {
  /// Every request to the first tier.
  package var allCheapest: PolicyOutcome
  /// Every request to the last tier.
  package var allStrongest: PolicyOutcome
  /// Each request to the cheapest tier among those of highest quality on it: the best that any router could do.
  package var oracle: PolicyOutcome
  /// The model at its own thresholds.
  package var own: PolicyOutcome
  /// Each request to a tier at random, with the shares of ``own``: the exact expectation.
  package var random: PolicyOutcome
  /// The shortest prompts to the first tier, the next ones to the second and so on, with the shares of ``own``.
  package var lengthOnly: PolicyOutcome
  /// The best random mix of tiers that costs no more dollars than ``own``; `nil` where costs are unknown.
  package var randomSameCost: PolicyOutcome?
  /// The longest prompts to the upper tier of that mix, up to the same dollars; `nil` where costs are unknown.
  package var lengthOnlySameCost: PolicyOutcome?

  /// Evaluates all baselines.
  package init(_ table: OutcomeTable, thresholds: Thresholds) {
    let count = table.rows.count
    allCheapest = table.outcome(tiers: [Int](repeating: 0, count: count))
    allStrongest = table.outcome(tiers: [Int](repeating: table.log.tierCount - 1, count: count))
    oracle = table.outcome(tiers: table.oracleTiers)
    own = table.outcome(tiers: table.tiers(thresholds))
    random = table.outcome(randomWith: own.share)
    lengthOnly = table.outcome(chances: table.lengthChances(shares: own.share))
    guard let costUSD = own.costUSD, let mix = table.mix(costingAtMost: costUSD) else { return }
    randomSameCost = table.outcome(randomBy: mix)
    lengthOnlySameCost = table.outcome(longestBy: mix, costUSD: costUSD)
  }
}

extension OutcomeTable {
  /// The cheapest tier among those of highest quality on each row [m]; tiers are ordered from cheapest to most expensive.
  var oracleTiers: [Int] {
    rows.map { row in
      (1..<log.tierCount).reduce(0) { log.quality[row, $1] > log.quality[row, $0] ? $1 : $0 }
    }
  }

  /// The expected outcome of choosing tiers at random with the given shares, whatever the request.
  func outcome(randomWith shares: [Double]) -> PolicyOutcome {
    PolicyOutcome(
      share: shares, quality: zip(shares, tierQuality).reduce(0) { $0 + $1.0 * $1.1 },
      costUSD: tierCostUSD.map { zip(shares, $0).reduce(0) { $0 + $1.0 * $1.1 } })
  }

  /// The chances of each row's tier when prompts are dealt to the tiers in order of length [m × T].
  ///
  /// The rows are laid out by length along their weight, and the tiers' shares cut that line. Prompts of equal length
  /// share what their joint piece of the line covers, which is the expectation over all orders among them.
  func lengthChances(shares: [Double]) -> Matrix<Double> {
    let order = rows.indices.sorted { (log.promptBytes[rows[$0]], $0) < (log.promptBytes[rows[$1]], $1) }
    var chances = Matrix(repeating: 0.0, rows: rows.count, columns: log.tierCount)
    var start = 0
    var before = 0.0
    while start < order.count {
      let bytes = log.promptBytes[rows[order[start]]]
      let group = order[start...].prefix { log.promptBytes[rows[$0]] == bytes }
      let after = before + group.reduce(0) { $0 + log.weights[rows[$1]] } / weight
      let overlaps = Self.overlaps(from: before, to: after, shares: shares)
      for position in group { for tier in shares.indices { chances[position, tier] = overlaps[tier] } }
      start += group.count
      before = after
    }
    return chances
  }

  /// Which part of the interval each share covers; the parts sum to 1.
  private static func overlaps(from start: Double, to end: Double, shares: [Double]) -> [Double] {
    var edge = 0.0
    let covered = shares.map { share in
      defer { edge += share }
      return max(0, min(end, edge + share) - max(start, edge))
    }
    let total = covered.reduce(0, +)
    // Rounding can push the last interval past the end of the last share.
    guard total > 0 else { return shares.indices.map { $0 == shares.count - 1 ? 1 : 0 } }
    return covered.map { $0 / total }
  }
}
