/// The result of an import.
package struct ImportSummary: Sendable, Hashable {
  /// Records written, rows rejected, and the first problems.
  package var log = LogSummary()
  /// Outcomes written, by model.
  package var outcomes: [String: Int] = [:]
  /// Outcomes and what is known of them, by model.
  package var statistics = OutcomeStatistics()
  /// Outcomes whose quality is known.
  package var qualities = 0
  /// Datasets met; at most ``maximumDatasets`` are distinguished.
  package var datasets: Set<String> = []
  /// What was left out on purpose, such as unfinished runs, a sentence each.
  package var notes: [String] = []

  static let maximumDatasets = 10_000

  package init() {}

  mutating func add(_ record: LogRecord) {
    log.records += 1
    statistics.add(record)
    for outcome in record.outcomes {
      outcomes[outcome.name, default: 0] += 1
      if outcome.quality != nil { qualities += 1 }
    }
    if let dataset = record.dataset, datasets.count < Self.maximumDatasets { datasets.insert(dataset) }
  }
}
