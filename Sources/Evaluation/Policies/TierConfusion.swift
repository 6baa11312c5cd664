package import Statistics
package import Ockham

/// Chosen tier against needed tier: how often each tier was chosen where each tier would have been enough.
package struct TierConfusion: Sendable, Equatable {
  /// The quality from which an answer counts as good enough.
  package static let adequateQuality = 0.5

  /// Numbers of log rows [T × (T + 1)]. Row c: tier c was chosen. Column t: t is the lowest tier of adequate quality;
  /// the last column: no tier was.
  package var counts: Matrix<Int>

  /// Tabulates the choices of thresholds.
  package init(_ table: OutcomeTable, thresholds: Thresholds) {
    let log = table.log
    counts = Matrix(repeating: 0, rows: log.tierCount, columns: log.tierCount + 1)
    for (row, chosen) in zip(table.rows, table.tiers(thresholds)) {
      let needed = (0..<log.tierCount).first { log.quality[row, $0] >= Self.adequateQuality }
      counts[chosen, needed ?? log.tierCount] += 1
    }
  }
}

extension TierConfusion {
  /// The rows sent to exactly the lowest adequate tier, or to the first one where none is adequate.
  package var rightCount: Int {
    (0..<counts.rows).reduce(counts[0, counts.rows]) { $0 + counts[$1, $1] }
  }

  /// The rows sent higher than needed: paid for nothing.
  package var tooHighCount: Int {
    (1..<counts.rows).reduce(0) { sum, chosen in
      (0..<chosen).reduce(sum + counts[chosen, counts.rows]) { $0 + counts[chosen, $1] }
    }
  }

  /// The rows sent lower than the lowest adequate tier: a good answer missed.
  package var tooLowCount: Int { counts.elements.reduce(0, +) - rightCount - tooHighCount }
}
