/// What is known of each tier for one request. Arrays are indexed by tier, cheapest first; `nil` is unknown.
package struct TierOutcomes: Sendable, Hashable {
  /// Quality from 0 to 1.
  package var quality: [Double?]
  /// US dollars.
  package var costUSD: [Double?]
  /// Tokens of the answer; a mean where the tier has several models.
  package var outputTokens: [Double?]
  /// Milliseconds.
  package var latencyMilliseconds: [Double?]

  package init(
    quality: [Double?], costUSD: [Double?], outputTokens: [Double?], latencyMilliseconds: [Double?]
  ) {
    self.quality = quality
    self.costUSD = costUSD
    self.outputTokens = outputTokens
    self.latencyMilliseconds = latencyMilliseconds
  }
}

extension TierMap {
  /// A record's outcomes by tier: per tier and quantity the mean of the known values of its models.
  ///
  /// A `tier` label fills in the quality that no outcome says: 1 for that tier and those above, 0 below. Models and
  /// labels that are not mapped are passed over.
  /// - Complexity: O(outcomes + tiers).
  package func outcomes(of record: LogRecord) -> TierOutcomes {
    var means = [TierMeans](repeating: TierMeans(), count: tiers.count)
    for outcome in record.outcomes {
      guard let tier = index(of: outcome.name) else { continue }
      means[tier].add(outcome)
    }
    let label = record.tier.flatMap(index(of:))
    return TierOutcomes(
      quality: means.indices.map { tier in means[tier].quality.value ?? label.map { tier >= $0 ? 1 : 0 } },
      costUSD: means.map(\.costUSD.value), outputTokens: means.map(\.outputTokens.value),
      latencyMilliseconds: means.map(\.latencyMilliseconds.value))
  }
}

/// The means of one tier's outcomes.
private struct TierMeans {
  var quality = Mean()
  var costUSD = Mean()
  var outputTokens = Mean()
  var latencyMilliseconds = Mean()

  mutating func add(_ outcome: ModelOutcome) {
    quality.add(outcome.quality)
    costUSD.add(outcome.costUSD)
    outputTokens.add(outcome.outputTokens.map(Double.init))
    latencyMilliseconds.add(outcome.latencyMilliseconds)
  }
}

/// The mean of the values that are known.
private struct Mean {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ value: Double?) {
    guard let value else { return }
    sum += value
    count += 1
  }

  /// `nil` of no values.
  var value: Double? { count > 0 ? sum / Double(count) : nil }
}
