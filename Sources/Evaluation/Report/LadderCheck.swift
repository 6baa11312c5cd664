import Statistics

/// Whether more expensive tiers are better at all, kind of request by kind of request.
///
/// Routing between two tiers can win only where the upper one is better. On average it nearly always is; on some kinds of request it is not, and what is
/// spent there is lost. Intervals are widened for the number of comparisons (Bonferroni), so that a kind stands out by chance in one log of twenty.
package struct LadderCheck: Sendable, Equatable {
  /// Two neighbouring tiers on one kind of request, on the rows that know both.
  package struct Step: Sendable, Equatable {
    package var group: String
    package var lower: Int
    package var upper: Int
    package var rows: Int
    /// Mean quality of the upper minus that of the lower tier.
    package var difference: Interval

    /// Whether the upper tier is better; `nil` where the rows do not show it.
    package var isBetter: Bool? {
      difference.lower > 0 ? true : difference.upper < 0 ? false : nil
    }
  }

  package let grouping: Grouping
  package let steps: [Step]

  /// The rows below which tiers are not compared.
  static let fewestRows = 20

  /// Compares neighbouring tiers on each group of a log, by the names of the groups.
  init(_ log: ScoredLog, grouping: Grouping) {
    let groups = Dictionary(grouping: 0..<log.rowCount) { grouping.name(of: log.origins[$0]) }.sorted {
      $0.key < $1.key
    }
    let pairs = groups.flatMap { name, rows in
      log.tierNames.indices.dropFirst().map { upper in
        (name, upper, rows.filter { !log.quality[$0, upper - 1].isNaN && !log.quality[$0, upper].isNaN })
      }
    }.filter { $0.2.count >= Self.fewestRows }
    let level = 1 - 0.025 / Double(max(1, pairs.count))
    self.grouping = grouping
    steps = pairs.map { name, upper, rows in
      let difference = PairedDifference(
        rows.map { log.quality[$0, upper] - log.quality[$0, upper - 1] }, weights: rows.map { log.weights[$0] })
      let reach = StudentT.quantile(level, degrees: Double(rows.count - 1))
      return Step(
        group: name, lower: upper - 1, upper: upper, rows: rows.count,
        difference: Interval(
          estimate: difference.mean, lower: difference.mean - reach * difference.standardError,
          upper: difference.mean + reach * difference.standardError))
    }
  }

  /// Those where the upper tier is not shown to be better.
  package var doubtful: [Step] { steps.filter { $0.isBetter != true } }
}
