import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct CostTrainingTests {
  private static func train(_ records: [LogRecord], threads: Int = 1) throws -> (Dataset, FoldPlan, TrainedCosts?) {
    let dataset = try Training.dataset(records)
    let rows = Array(0..<dataset.rows)
    let plan = try FoldPlan(dataset, rows: rows, folds: 3, seed: 1)
    let training = CostTraining(
      context: TrainingContext(dataset: dataset, recipe: Recipe(), pool: WorkerPool(threads: threads)))
    return (
      dataset, plan, try training.fit(plan, FeatureTransform(fitting: dataset, rows: rows, scaling: FeatureScaling()))
    )
  }

  @Test(arguments: LongAnswers.Told.allCases) func costsArePredictedWithoutHavingBeenSeen(told: LongAnswers.Told) throws
  {
    let (dataset, plan, trained) = try Self.train(LongAnswers.records(240, told))
    let costs = try #require(trained)
    #expect(costs.fits.allSatisfy { $0.unit == (told == .tokens ? .tokens : .microUSD) && $0.rows == 240 })
    #expect(costs.fits.allSatisfy { $0.rSquared > 0.75 })
    if told == .tokens {
      #expect(abs(costs.fits[1].price.inputUSD / 6e-7 - 1) < 1e-6)
      #expect(abs(costs.fits[1].price.outputUSD / 1.5e-5 - 1) < 1e-6)
    }
    // The mean of what is predicted is the mean of what was paid.
    let rows = plan.folds.flatMap(\.heldOut)
    for tier in 0..<2 {
      let expected = rows.indices.reduce(0) { $0 + costs.expectedUSD[$1 * 2 + tier] }
      let paid = rows.reduce(0) { $0 + dataset.costs[$1 * 2 + tier] }
      #expect(abs(expected / paid - 1) < 0.05, "tier \(tier)")
    }
    let step = rows.indices.reduce(0) { $0 + costs.expectedUSD[$1 * 2 + 1] - costs.expectedUSD[$1 * 2] } / 240
    #expect(abs(costs.weights.meanStepUSD[0] / step - 1) < 1e-12)
  }

  @Test func aRowsOwnCostNeverReachesItsExpectation() throws {
    var records = LongAnswers.records(120)
    let (_, plan, before) = try Self.train(records)
    let row = plan.folds[1].heldOut[3]
    // The same dollars per token, so that the prices stay.
    records[row].outcomes[0].outputTokens = 40_000
    records[row].outcomes[0].costUSD = 2e-8 * Double(records[row].request.textBytes) + 6e-7 * 40_000
    let (_, _, after) = try Self.train(records)
    let rows = plan.folds.flatMap(\.heldOut)
    let place = try #require(rows.firstIndex(of: row))
    let (old, new) = (try #require(before), try #require(after))
    #expect(abs(old.expectedUSD[place * 2] / new.expectedUSD[place * 2] - 1) < 1e-9)
    let other = try #require(rows.firstIndex(of: plan.folds[0].heldOut[0]))
    #expect(abs(old.expectedUSD[other * 2] / new.expectedUSD[other * 2] - 1) > 1e-6)
  }

  @Test func threadsDoNotChangeABit() throws {
    let (one, three) = (
      try Self.train(LongAnswers.records(90)).2, try Self.train(LongAnswers.records(90), threads: 3).2
    )
    #expect(try #require(one).expectedUSD == (try #require(three)).expectedUSD)
    #expect(try #require(one).weights.tensors == (try #require(three)).weights.tensors)
  }

  @Test func nothingIsPredictedWhereTheLogIsSilent() throws {
    var requests = MadeUpRequests(seed: 4)
    let constant = requests.records(90)
    #expect(try Self.train(constant).2 == nil)
    var silent = LongAnswers.records(90)
    for index in silent.indices { silent[index].outcomes[1].costUSD = nil }
    #expect(try Self.train(silent).2 == nil)
    for index in 0..<CostTarget.minimumRows { silent[index].outcomes[1].costUSD = 0.01 * Double(1 + index % 2) }
    #expect(CostTarget(try Training.dataset(silent), tier: 1, rows: Array(0..<90)) != nil)
    silent[0].outcomes[1].costUSD = nil
    #expect(CostTarget(try Training.dataset(silent), tier: 1, rows: Array(0..<90)) == nil)
  }

  @Test func aFreeTierCostsNothing() throws {
    var records = LongAnswers.records(90)
    for index in records.indices {
      records[index].outcomes[0].costUSD = 0
      records[index].outcomes[0].outputTokens = nil
    }
    let costs = try #require(try Self.train(records).2)
    #expect(stride(from: 0, to: 180, by: 2).allSatisfy { costs.expectedUSD[$0] == 0 })
    #expect(costs.weights.meanStepUSD[0] > 0)
  }

  @Test func smearingKeepsTheMeanAndTheRangeHolds() throws {
    let x = DenseRows(Fixture.dense(rows: 80, columns: 4))
    let lengths = (0..<80).map { $0 % 9 == 0 ? .nan : Double($0 * $0) }
    let weights = (0..<80).map { Double(1 + $0 % 3) }
    let ridge = RidgeModel(weights: [1, -0.5, 0.25, 0], bias: 6)
    let model = LengthModel(ridge, x, lengths: lengths, weights: weights)
    let known = lengths.indices.filter { !lengths[$0].isNaN }
    let predictions = ridge.predictions(x)
    let observed = known.reduce(0) { $0 + weights[$1] * lengths[$1] }
    let predicted = known.reduce(0) { $0 + weights[$1] * model.length(predictions[$1]) }
    #expect(abs(predicted / observed - 1) < 1e-6)
    #expect(model.length(90) == model.length(model.range.upperBound))
    #expect(model.length(-90) == model.length(model.range.lowerBound))
  }
}
