/// A report on the rows of one group: a dataset or a kind of task.
package struct GroupReport: Sendable, Equatable {
  /// The number of complete rows below which figures mean little.
  package static let fewRows = 30

  /// The group's name.
  package var name: String
  /// All rows of the group.
  package var rows: Int
  /// The figures of the tiers' heads on this group.
  package var heads: [HeadMetrics]
  /// What is measured of routing; `nil` where no row knows both tiers of the pair.
  package var routing: RoutingReport?

  /// Whether there are too few complete rows for the figures to mean much.
  package var isSmall: Bool { (routing?.rows ?? 0) < Self.fewRows }

  /// Reports on every group of a log, in the order of their names (by Unicode scalars).
  ///
  /// - Parameter costs: those of the whole log, which thresholds are priced by.
  static func all(
    _ log: ScoredLog, grouping: Grouping, pair: TierPair, costs: TierCosts, options: EvaluationOptions
  ) -> [GroupReport] {
    let groups = Dictionary(grouping: 0..<log.rowCount) { grouping.name(of: log.origins[$0]) }
    return groups.sorted { $0.key < $1.key }.map { name, rows in
      let part = log.selecting(rows)
      return GroupReport(
        name: name, rows: rows.count, heads: HeadMetrics.all(part),
        routing: RoutingReport(part, OutcomeTable(part), pair: pair, costs: costs, options: options))
    }
  }
}
