import Statistics

/// Requests that a policy weighed, drawn evenly from all of them: what other thresholds would have done is counted on these.
package struct ScoredSample: Sendable, Equatable {
  /// One request that was weighed.
  package struct Row: Sendable, Equatable {
    package var traffic: TrafficKey
    package var gain: Double
    package var threshold: Double
    package var tier: String
    package var probabilities: [String: Double]
    package var costUSD: Double?
    package var tierUSD: [String: Double]
    package var labels: [TrafficLabel]
  }

  package let limit: Int
  /// All requests that were weighed.
  package private(set) var seen = 0
  package private(set) var rows: [Row] = []
  private var random = SplitMix64(seed: 0x0c_4a11)

  package init(limit: Int = 5_000) { self.limit = limit }

  package static func == (left: ScoredSample, right: ScoredSample) -> Bool {
    left.seen == right.seen && left.rows == right.rows
  }

  /// Adds a request where a policy weighed it and could have sent it elsewhere (algorithm R, Vitter 1985).
  package mutating func add(_ row: TrafficRow) {
    guard row.isEligible == true, let gain = row.gain, let threshold = row.threshold, let tier = row.tier,
      row.probabilities.count > 1
    else { return }
    seen += 1
    let place = rows.count < limit ? rows.count : Int(random.next() % UInt64(seen))
    guard place < limit else { return }
    let kept = Row(
      traffic: TrafficKey(row), gain: gain, threshold: threshold, tier: tier, probabilities: row.probabilities,
      costUSD: row.costUSD, tierUSD: row.tierUSD, labels: row.labels)
    if place == rows.count { rows.append(kept) } else { rows[place] = kept }
  }

  package func filtered(_ isIncluded: (TrafficKey) -> Bool) -> ScoredSample {
    var sample = self
    sample.rows.removeAll { !isIncluded($0.traffic) }
    sample.seen = rows.isEmpty ? 0 : Int(Double(seen) * Double(sample.rows.count) / Double(rows.count))
    return sample
  }
}
