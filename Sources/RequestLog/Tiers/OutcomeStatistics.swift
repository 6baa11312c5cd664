/// Which models and tiers a log knows outcomes of: what a tier map is checked against.
package struct OutcomeStatistics: Sendable, Hashable {
  /// A model or tier with outcomes.
  package struct Model: Sendable, Hashable {
    /// The name in the log.
    package var name: String
    /// Records with an outcome of it.
    package var count: Int
    /// Records where its quality is known.
    package var qualityCount = 0
    /// The mean of the known qualities; `nil` where none is known.
    package var meanQuality: Double?
    /// The mean of the known costs in USD; `nil` where none is known.
    package var meanCostUSD: Double?
  }

  private struct Counts: Sendable, Hashable {
    var count = 0
    var qualityCount = 0
    var qualitySum = 0.0
    var costCount = 0
    var costSumUSD = 0.0

    mutating func add(_ outcome: ModelOutcome) {
      count += 1
      if let quality = outcome.quality { (qualityCount, qualitySum) = (qualityCount + 1, qualitySum + quality) }
      if let cost = outcome.costUSD { (costCount, costSumUSD) = (costCount + 1, costSumUSD + cost) }
    }
  }

  private var statistics: [String: Counts] = [:]
  private var labels: [String: Int] = [:]

  package init() {}

  /// Counts a record.
  package mutating func add(_ record: LogRecord) {
    if let tier = record.tier { labels[tier, default: 0] += 1 }
    for outcome in record.outcomes { statistics[outcome.name, default: Counts()].add(outcome) }
  }

  /// The models, most frequent first, equals by name.
  package var models: [Model] {
    let models = statistics.map { name, counts in
      let mean = counts.qualityCount > 0 ? counts.qualitySum / Double(counts.qualityCount) : nil
      return Model(
        name: name, count: counts.count, qualityCount: counts.qualityCount, meanQuality: mean,
        meanCostUSD: counts.costCount > 0 ? counts.costSumUSD / Double(counts.costCount) : nil)
    }
    return models.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// The tier labels, by how often they stand in the log.
  package var tierLabels: [String: Int] { labels }

  /// Whether any record has an outcome of that name.
  package func contains(_ name: String) -> Bool { statistics[name] != nil }
}
