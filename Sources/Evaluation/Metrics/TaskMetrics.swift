package import Ockham

/// How often the kind of task was recognised, over the rows with both a label and a prediction.
package struct TaskMetrics: Sendable, Equatable {
  /// The rows with a label and a prediction, at least 1.
  package var rows: Int

  /// The weighted share of rows whose kind was predicted right, 0…1.
  package var accuracy: Double

  /// One kind of task among the labels.
  package struct Recall: Sendable, Equatable {
    /// The kind.
    package var kind: TaskKind
    /// The rows labelled with it, at least 1.
    package var rows: Int
    /// The weighted share of them that was recognised, 0…1.
    package var recall: Double
  }

  /// Every kind that occurs among the labels, in the order of ``TaskKind``.
  package var kinds: [Recall]

  /// Counts the agreements of a log; `nil` when no row has both a label and a prediction.
  package init?(_ log: ScoredLog) {
    let known = (0..<log.rowCount).filter { log.trueTasks[$0] != nil && log.predictedTasks[$0] != nil }
    guard !known.isEmpty else { return nil }
    rows = known.count
    accuracy = Self.agreement(log, known)
    kinds = TaskKind.allCases.compactMap { kind in
      let labelled = known.filter { log.trueTasks[$0] == kind }
      return labelled.isEmpty
        ? nil : Recall(kind: kind, rows: labelled.count, recall: Self.agreement(log, labelled))
    }
  }

  private static func agreement(_ log: ScoredLog, _ rows: [Int]) -> Double {
    let total = rows.reduce(0) { $0 + log.weights[$1] }
    let right = rows.filter { log.trueTasks[$0] == log.predictedTasks[$0] }
    return right.reduce(0) { $0 + log.weights[$1] } / total
  }
}
