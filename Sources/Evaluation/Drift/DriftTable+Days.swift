package import Ockham

/// What a store of days asks of a table.
extension DriftTable {
  /// A reference of all rows; one of no source where there are none.
  ///
  /// - Parameter period: in seconds since 1970, whole days.
  package func reference(period: Range<Int>) -> DriftReference {
    DriftReference(self, rows: Array(0..<rows), source: .live, period: period)
  }

  /// A reference of all rows, which have no times: those that a model was trained on.
  package var trainingReference: DriftReference {
    DriftReference(self, rows: Array(0..<rows), source: .training, period: nil)
  }

  /// All rows as one day of a reference's statistics; without blocks where there are no rows.
  package func day(_ day: Int, like reference: DriftReference) -> DriftReference {
    var made = DriftReference(tiers: tiers)
    let rows = (0..<self.rows).filter { isWhole($0, like: reference) }
    guard !rows.isEmpty else { return made }
    (made.source, made.begin, made.end) = (.live, day * 86_400, (day + 1) * 86_400)
    made.conversations = Set(rows.map { conversations[$0] }).count
    (made.groups, made.statistics) = (reference.groups, reference.statistics)
    let found = reference.statistics.map { statistic in
      (column: columns.firstIndex { $0.name == statistic.name }, statistic: statistic)
    }
    made.blocks = blocks(rows, found, groups: reference.groups)
    return made
  }

  /// Whether a row has a value of every statistic that is one of all rows.
  private func isWhole(_ row: Int, like reference: DriftReference) -> Bool {
    reference.statistics.allSatisfy { statistic in
      switch DriftReference.Statistic.kind(of: statistic.name, tiers: tiers) {
      case .number, .choice:
        columns.firstIndex { $0.name == statistic.name }.map { value(row, $0).isFinite } ?? false
      default: true
      }
    }
  }
}
