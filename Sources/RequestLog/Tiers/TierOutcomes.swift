import Ockham

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
  /// labels that are not mapped are skipped.
  ///
  /// - Parameters:
  ///   - prices: what gives answers of known length a cost where the log contains none; `nil` for nothing.
  ///   - inputTokens: the length of the request for such a cost; estimated from its text where it is `nil`.
  /// - Complexity: O(outcomes + tiers).
  package func outcomes(of record: LogRecord, prices: PriceList? = nil, inputTokens: Int? = nil) -> TierOutcomes {
    var means = [TierMeans](repeating: TierMeans(), count: tiers.count)
    let input = prices == nil ? 0 : inputTokens ?? TokenEstimate.tokens(bytes: record.textBytes)
    for var outcome in record.outcomes {
      guard let tier = index(of: outcome.name) else { continue }
      if let prices, outcome.costUSD == nil || prices.replacesRecorded {
        let output = prices.outputTokens(of: outcome)
        outcome.costUSD = prices.price(of: outcome.name, in: tiers[tier]).flatMap { price in
          output.map { price.costUSD(inputTokens: input, outputTokens: $0) }
        }
      }
      means[tier].add(outcome)
    }
    let label = record.tier.flatMap(index(of:))
    return TierOutcomes(
      quality: means.indices.map { tier in means[tier].quality.value ?? label.map { tier >= $0 ? 1 : 0 } },
      costUSD: means.map(\.costUSD.value), outputTokens: means.map(\.outputTokens.value),
      latencyMilliseconds: means.map(\.latencyMilliseconds.value))
  }
}

extension PriceList {
  /// The price of an outcome that counts for a tier: the tier's own, else that of the model that the outcome is named after,
  /// else that of the only model that stands for the tier.
  fileprivate func price(of name: String, in tier: TierMap.Tier) -> TokenPrice? {
    tiers[tier.name] ?? price(ofModel: name) ?? (tier.models.count == 1 ? price(ofModel: tier.models[0]) : nil)
  }

  /// Checks that every tier with a price of its own is there.
  /// - Throws: ``PriceListError/unknownTier(found:expected:)``.
  package func check(_ map: TierMap) throws(PriceListError) {
    if let stranger = tiers.keys.filter({ !map.names.contains($0) }).min() {
      throw .unknownTier(found: stranger, expected: map.names)
    }
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
