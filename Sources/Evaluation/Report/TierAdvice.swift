import Statistics

/// What each tier is worth by itself: quality beside cost, and which tiers another one makes superfluous on average.
///
/// A tier is on the Pareto front where no other is at least as good for no more dollars. One off the front may still be the
/// right one for some requests; where a router sends none to it, it is only in the way.
package struct TierAdvice: Sendable, Equatable {
  /// One tier.
  package struct Standing: Sendable, Equatable {
    package var name: String
    /// The rows that ``quality`` is the mean of.
    package var rows: Int
    /// The weighted mean quality, 0…1; `nil` where no row shows it.
    package var quality: Double?
    /// The mean cost of a request in USD; `nil` where unknown.
    package var costUSD: Double?
    /// The tier that is at least as good for no more, as an index; `nil` on the front.
    package var dominatedBy: Int?
  }

  /// A tier beside one that is ranked below it, on the rows that know both.
  package struct Step: Sendable, Equatable {
    package var lower: Int
    package var upper: Int
    package var rows: Int
    /// Mean quality of the upper minus that of the lower tier, with a normal interval of 95 %.
    package var difference: Interval
  }

  /// The tiers, cheapest first.
  package let standings: [Standing]
  /// Whether every tier is measured on the same rows: those that know all; else each on those that know it.
  package let isPaired: Bool
  /// The tiers that are worse than one below, or cannot be distinguished from it: for each the lower one that stands out most.
  package let doubtful: [Step]

  /// The rows below which tiers are not compared.
  static let fewestRows = 10

  /// Weighs the tiers of a log.
  ///
  /// - Parameters:
  ///   - table: the complete rows, or none.
  ///   - costs: of the tiers; nominal ones are no dollars, and leave the order of tiers to show which is more expensive.
  package init(_ log: ScoredLog, _ table: OutcomeTable?, costs: TierCosts) {
    let usd = costs.source == .nominal ? nil : costs.values
    let isPaired = (table?.rows.count ?? 0) >= Self.fewestRows
    let rows = log.tierNames.indices.map { tier in
      isPaired ? table?.rows ?? [] : (0..<log.rowCount).filter { !log.quality[$0, tier].isNaN }
    }
    var standings = log.tierNames.indices.map { tier in
      let choices = PolicyChoices(log, rows: rows[tier], tiers: rows[tier].map { _ in tier })
      return Standing(
        name: log.tierNames[tier], rows: rows[tier].count, quality: choices.mean(of: log.quality), costUSD: usd?[tier])
    }
    for tier in standings.indices {
      let known = standings
      standings[tier].dominatedBy = known.indices.first { Self.dominates($0, tier, known) }
    }
    self.standings = standings
    self.isPaired = isPaired
    doubtful = log.tierNames.indices.dropFirst().compactMap { upper in
      (0..<upper).compactMap { Self.step($0, upper, log) }.min { $0.difference.estimate < $1.difference.estimate }
    }.filter { $0.difference.lower <= 0 }
  }

  /// The names of the tiers on the front, cheapest first.
  package var front: [String] { standings.filter { $0.dominatedBy == nil }.map(\.name) }

  private static func dominates(_ tier: Int, _ other: Int, _ standings: [Standing]) -> Bool {
    guard tier != other, let quality = standings[tier].quality, let than = standings[other].quality else {
      return false
    }
    guard let cost = standings[tier].costUSD, let price = standings[other].costUSD else {
      return tier < other && quality >= than
    }
    return cost <= price && quality >= than && (cost < price || quality > than || tier < other)
  }

  private static func step(_ lower: Int, _ upper: Int, _ log: ScoredLog) -> Step? {
    let rows = (0..<log.rowCount).filter { !log.quality[$0, lower].isNaN && !log.quality[$0, upper].isNaN }
    guard rows.count >= fewestRows else { return nil }
    let difference = PairedDifference(
      rows.map { log.quality[$0, upper] - log.quality[$0, lower] }, weights: rows.map { log.weights[$0] })
    let reach = StandardNormal.quantile(0.975) * difference.standardError
    return Step(
      lower: lower, upper: upper, rows: rows.count,
      difference: Interval(
        estimate: difference.mean, lower: difference.mean - reach, upper: difference.mean + reach))
  }
}
