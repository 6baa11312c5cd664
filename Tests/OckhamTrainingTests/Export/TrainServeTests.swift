import Statistics
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// What the runtime computes from a model file is what the trainer computed, up to the rounding of the table.
@Suite struct TrainServeTests {
  private let router: TrainedRouter
  private let model: Model
  /// Requests that were not trained on, of all namespaces, some words never seen.
  private let requests: [Request]
  private let dataset: Dataset

  /// A trained router of one kind, with its model as the runtime reads it.
  init() throws { try self.init(.logistic) }

  private init(_ kind: Recipe.Architecture) throws {
    let trained = try Training.madeUp(150)
    router = try RouterTraining(dataset: trained, recipe: Training.recipe(kind), pool: WorkerPool(threads: 2)).run()
    model = try Model(router.weights.tensorFile().encoded())
    var source = MadeUpRequests(seed: 77)
    var records = source.records(40)
    records[0].request = Request(segments: [])
    records[1].request = Request(prompt: "onlyunseen wordsareinthis request")
    records[2].request = Request(
      segments: [Segment(role: .tool, text: "zorzor"), Segment(role: .system, text: "unheard of")],
      attributes: RequestAttributes(toolNames: ["neverseen"], imageCount: 3))
    requests = records.map(\.request)
    dataset = try Training.dataset(records)
  }

  @Test func writtenModelsAreSealed() throws {
    let file = router.weights.tensorFile()
    #expect(model.metadata["tensors_sha256"] == file.tensorsSHA256)
    var damaged = file.encoded()
    damaged[damaged.count - 1] ^= 1
    #expect(throws: ModelFileError.self) { _ = try Model(damaged) }
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func logitsAgreeWithinTheRoundingOfTheTable(
    kind: Recipe.Architecture
  ) throws {
    let test = try TrainServeTests(kind)
    #expect(test.model.kind.rawValue == kind.rawValue)
    let expected = try test.trainerLogits()
    let bound = try RoundingBound(test.router.weights)
    var scratch = test.model.makeScratch()
    var largest: Float = 0
    for (row, request) in test.requests.enumerated() {
      test.model.score(request, into: &scratch)
      for tier in 0..<2 {
        let difference = abs(scratch.logits[tier] - expected[row, tier])
        largest = max(largest, difference)
        #expect(difference <= bound.logit(test.dataset, row: row, tier: tier), "row \(row), tier \(tier)")
      }
    }
    // The bound must not be so wide that it hides an error.
    #expect(largest < 2e-3)
    let spread = (0..<40).map { expected[$0, 0] }
    #expect((spread.max() ?? 0) - (spread.min() ?? 0) > 0.5)
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func probabilitiesAreTheCalibratedLogits(
    kind: Recipe.Architecture
  ) throws {
    let test = try TrainServeTests(kind)
    let expected = try test.trainerLogits()
    let weights = test.router.weights
    #expect(test.model.calibrations == weights.calibrations)
    var scratch = test.model.makeScratch()
    for (row, request) in test.requests.enumerated() {
      test.model.score(request, into: &scratch)
      for tier in 0..<2 {
        #expect(scratch.probabilities[tier] == weights.calibrations[tier].probability(scratch.logits[tier]))
        let trainer = weights.calibrations[tier].probability(expected[row, tier])
        #expect(abs(scratch.probabilities[tier] - trainer) < 1e-3)
      }
    }
  }

  private func trainerLogits() throws -> DenseMatrix {
    let transform = router.weights.transform
    let rows = Array(0..<dataset.rows)
    let (sparse, dense) = (transform.sparse(dataset, rows: rows), transform.dense(dataset, rows: rows))
    let pool = WorkerPool(threads: 1)
    return try router.weights.heads.logits(sparse: sparse, dense: dense, pool: pool)
  }
}

/// How far 16-bit rounding can move a logit.
///
/// A column of the table is off by at most half a unit per bucket, so that k buckets of a namespace move its sum by at
/// most k · scale / (2 · norm). In a network that shift of the bag goes through relu, which passes at most all of it.
private struct RoundingBound {
  private let scales: [Float]
  private let weights: RouterWeights
  /// What single-precision sums in another order come to.
  private let slack: Float = 2e-5

  init(_ weights: RouterWeights) throws {
    self.weights = weights
    scales = try #require(weights.tensorFile()["gram.scale"]?.floats)
  }

  private func shift(_ dataset: Dataset, row: Int, column: Int) -> Float {
    dataset.grams.groups(ofRow: row).reduce(0) { sum, group in
      let buckets = dataset.grams.buckets[group]
      let norm = weights.transform.grams.norm(buckets)
      let seen = buckets.count { weights.transform.grams.squares[Int($0)] != 0 }
      return norm > 0 ? sum + Float(seen) * scales[column] / 2 / norm : sum
    }
  }

  func logit(_ dataset: Dataset, row: Int, tier: Int) -> Float {
    let wide = shift(dataset, row: row, column: 1 + tier)
    guard let model = weights.heads as? MLPModel else { return wide + slack }
    let shape = model.shape
    let bag = (0..<shape.embeddingWidth).map { shift(dataset, row: row, column: 1 + 2 + $0) }
    let deep = (0..<shape.hiddenWidth).reduce(Float(0)) { sum, unit in
      let input = bag.indices.reduce(Float(0)) { $0 + bag[$1] * abs(model.hidden[$1 * shape.hiddenWidth + unit]) }
      return sum + input * abs(model.output[unit * shape.heads + tier])
    }
    return wide + deep + slack
  }
}

@Suite struct QuantisedTableTests {
  /// No weight moves by more than half a unit, the largest of a column not at all, and zero columns stay zero.
  @Test(arguments: [1, 3, 7]) func roundsToTheNearestUnit(columns: Int) {
    var generator = SplitMix64(seed: UInt64(columns))
    var weights = (0..<columns * 50).map { _ in (generator.nextUnit() * 2 - 1) * 3 }
    for row in 0..<50 { weights[row * columns] = 0 }
    let table = QuantisedTable(weights: weights, columns: columns)
    for (place, weight) in weights.enumerated() {
      let scale = table.scales[place % columns]
      #expect(abs(Float(table.values[place]) * scale - weight) <= scale * 0.5001)
    }
    #expect(table.scales[0] == 1)
    for column in 1..<max(columns, 1) {
      let largest = stride(from: column, to: weights.count, by: columns).map { abs(Int(table.values[$0])) }.max()
      #expect(largest == 32_767)
    }
  }
}
