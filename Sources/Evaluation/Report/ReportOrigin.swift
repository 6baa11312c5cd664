/// What a report is about: which model, on which log, when.
package struct ReportOrigin: Sendable, Equatable {
  /// The model as it was named: a path.
  package var model: String
  /// A hash of the model's file: names this very model.
  package var modelHash: String
  /// The logs as they were named; `-` is standard input.
  package var logs: [String]
  /// The day of the report in UTC, `YYYY-MM-DD`.
  package var date: String

  package init(model: String, modelHash: String, logs: [String], date: String) {
    self.model = model
    self.modelHash = modelHash
    self.logs = logs
    self.date = date
  }

  /// One line. Names are as they were given: anyone who shows the line escapes it.
  package var line: String {
    "model \(model) (\(modelHash)), log \(logs.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")), \(date)"
  }
}
