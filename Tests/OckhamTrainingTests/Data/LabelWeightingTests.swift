import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct LabelWeightingTests {
  private static func dataset(
    _ count: Int, byPropensity: Bool = false, _ change: (inout LogRecord, Int) -> Void
  ) throws -> Dataset {
    var requests = MadeUpRequests(seed: 2)
    var builder = DatasetBuilder(options: FeatureOptions(bucketBits: 10), pool: WorkerPool(threads: 1))
    for (index, record) in requests.records(count).enumerated() {
      var record = record
      change(&record, index)
      builder.add(record)
    }
    return try builder.finish(tiers: TierMap(flags: Training.tierFlags), byPropensity: byPropensity)
  }

  @Test func withoutProbabilitiesWeightsStay() throws {
    let dataset = try Self.dataset(4) { record, index in record.weight = Float(index + 1) }
    #expect(dataset.weights == [1, 2, 3, 4])
    #expect(dataset.labelWeighting == nil)
  }

  /// Four rows in ten were picked with probability ½: they stand for two each, at a mean of 1.
  @Test func rowsCountByOneOverInclusion() throws {
    let dataset = try Self.dataset(10) { record, index in
      for place in record.outcomes.indices where index < 4 { record.outcomes[place].inclusion = 0.5 }
    }
    let mean = 14.0 / 10
    for row in 0..<10 { #expect(abs(Double(dataset.weights[row]) - (row < 4 ? 2 : 1) / mean) < 1e-6) }
    let weighting = try #require(dataset.labelWeighting)
    #expect(weighting.rows == 4 && weighting.labelledRows == 10 && weighting.cap == 2 && weighting.cappedRows == 0)
    #expect(abs(weighting.effectiveRows - 14 * 14 / 22.0) < 1e-4)
  }

  /// Of 300 rows with a probability the three rarest are capped at the 99th percentile.
  @Test func theLargestFactorsAreCapped() throws {
    let dataset = try Self.dataset(300) { record, index in
      for place in record.outcomes.indices { record.outcomes[place].inclusion = index < 3 ? 0.001 : 0.5 }
    }
    let weighting = try #require(dataset.labelWeighting)
    #expect(weighting.cap == 2 && weighting.cappedRows == 3 && weighting.cappedShare == 0.01)
    #expect(Set(dataset.weights) == [1])
    #expect(abs(weighting.effectiveRows - 300) < 1e-3)
  }

  @Test func propensitiesCountOnlyWhenAsked() throws {
    func weights(_ byPropensity: Bool) throws -> [Float] {
      try Self.dataset(2, byPropensity: byPropensity) { record, index in record.propensity = index == 0 ? 0.25 : 0.75 }
        .weights
    }
    #expect(try weights(false) == [1, 1])
    let asked = try weights(true)
    #expect(abs(asked[0] - 1.5) < 1e-6 && abs(asked[1] - 0.5) < 1e-6)
  }

  /// The inclusion of an outcome without a quality, or of a model that is no tier, says nothing of a label.
  @Test func onlyRatedOutcomesOfTiersCount() throws {
    let dataset = try Self.dataset(3) { record, index in
      record.outcomes.append(ModelOutcome(name: "other", quality: 1, inclusion: 0.1))
      if index == 0 {
        record.outcomes[1].quality = nil
        record.outcomes[1].inclusion = 0.1
      }
    }
    #expect(dataset.labelWeighting == nil)
  }
}
