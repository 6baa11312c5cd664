import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// Training on features that were kept in place of texts is training on the texts.
@Suite struct StoredFeaturesTrainingTests {
  private static let options = FeatureOptions(bucketBits: 10)

  /// The records with their features in place of their texts, by way of the bytes that a log holds.
  private func withoutText(_ records: [LogRecord]) throws -> [LogRecord] {
    let extractor = FeatureExtractor(options: Self.options)
    var vector = extractor.makeVector()
    return try records.map { record in
      var stripped = record
      stripped.features = try StoredFeatures(bytes: StoredFeatures(record.request, extractor, using: &vector).bytes)
      stripped.request = Request(segments: [])
      return stripped
    }
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func weightsAreTheSameToTheByte(
    kind: Recipe.Architecture
  ) throws {
    var source = MadeUpRequests(seed: 5)
    let records = source.records(150)
    let files = try [records, withoutText(records)].map { records in
      try RouterTraining(
        dataset: try Training.dataset(records), recipe: Training.recipe(kind), pool: WorkerPool(threads: 2)
      ).run().weights.tensorFile().encoded()
    }
    #expect(files[0] == files[1])
  }

  @Test func scoresAndDecisionsAreTheSame() throws {
    var source = MadeUpRequests(seed: 6)
    var records = source.records(120)
    records[0].request.attributes.imageCount = 1 << 40
    let trained = try Training.dataset(records)
    let weights = try RouterTraining(
      dataset: trained, recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 1)
    ).run().weights
    let router = Router(model: try Model(weights.tensorFile().encoded()))
    var (first, second) = (router.model.makeScratch(), router.model.makeScratch())
    for (record, stripped) in zip(records, try withoutText(records)) {
      let features = try #require(stripped.features)
      #expect(router.route(record.request, using: &first) == router.route(features, using: &second))
      #expect(first.logits == second.logits && first.expectedCostUSD == second.expectedCostUSD)
    }
  }
}
