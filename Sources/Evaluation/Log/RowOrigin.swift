/// Where a row of a scored log comes from.
package struct RowOrigin: Sendable, Hashable {
  /// The record's name; rows of equal id and dataset are taken as the same question.
  package var id: String

  /// The set, customer or endpoint that the record comes from; empty when the log does not say.
  package var dataset: String

  /// The kind of work as the log names it, or `nil`.
  package var task: String?

  /// Creates the origin of one row.
  package init(id: String, dataset: String = "", task: String? = nil) {
    self.id = id
    self.dataset = dataset
    self.task = task
  }

  /// What distinguishes questions.
  struct Question: Hashable {
    let id: String
    let dataset: String
  }

  var question: Question { Question(id: id, dataset: dataset) }
}

/// What a report is broken down by.
package enum Grouping: String, Sendable, CaseIterable {
  /// The record's dataset.
  case dataset
  /// The record's kind of task as logged.
  case task

  /// The name of the group that a row belongs to; rows that do not say are in `(none)`.
  package func name(of origin: RowOrigin) -> String {
    let name = self == .dataset ? origin.dataset : origin.task ?? ""
    return name.isEmpty ? "(none)" : name
  }
}
