import Statistics
import Ockham
import Testing

@testable import Evaluation

/// Against NumPy, SciPy and scikit-learn.
@Suite struct GoldenTests {
  let golden = GoldenFile.shared
  let log: ScoredLog

  init() throws { log = try golden.scoredLog }

  @Test(arguments: 0..<3) func headMetrics(tier: Int) {
    let (found, expected) = (HeadMetrics(log, tier: tier), golden.heads[tier])
    #expect(found.rows == expected.rows)
    #expect(agree(found.logLoss, expected.logLoss))
    #expect(agree(found.brier, expected.brier))
    #expect(agree(found.areaUnderROC, expected.auc))
    #expect(agree(found.expectedCalibrationError, expected.ece))
  }

  @Test(arguments: 0..<6) func pairCurves(index: Int) {
    let expected = golden.pairs[index]
    let pair = TierPair(weak: expected.pair[0], strong: expected.pair[1])
    let ranked =
      expected.score == "gain"
      ? RankedPair(gainOf: log, rows: log.completeRows, pair: pair)
      : RankedPair(lengthOf: log, rows: log.completeRows, pair: pair)
    let curve = ranked.curve(log, pair: pair)
    #expect(agree(curve.points.map(\.strongShare), expected.points.map { $0[0] }))
    #expect(agree(curve.points.map(\.quality), expected.points.map { $0[1] }))
    let metrics = CurveMetrics(curve)
    #expect(agree(metrics.apgr, expected.apgr))
    #expect(agree(metrics.cpt50, expected.cpt50))
    #expect(agree(metrics.cpt80, expected.cpt80))
    #expect(metrics.undefinedBecause == nil)
  }

  @Test func policies() throws {
    let table = try #require(OutcomeTable(log))
    let baselines = Baselines(table, thresholds: Thresholds(increments: golden.steps))
    #expect(table.rows.count == golden.policies.completeRows)
    #expect(table.pricedPositions.count == golden.policies.pricedRows)
    check(baselines.allCheapest, golden.policies.allCheapest)
    check(baselines.allStrongest, golden.policies.allStrongest)
    check(baselines.oracle, golden.policies.oracle)
    check(baselines.own, golden.policies.own)
  }

  private func check(_ found: PolicyOutcome, _ expected: GoldenFile.Outcome) {
    #expect(agree(found.share, expected.share))
    #expect(agree(found.quality, expected.quality))
    #expect(agree(found.costUSD, expected.costUsd))
  }

  @Test func bootstrap() throws {
    let expected = golden.bootstrap
    let complete = log.selecting(log.completeRows)
    let found = BootstrapIntervals(
      complete, OutcomeTable(complete), pair: TierPair(endsOf: log),
      thresholds: Thresholds(increments: golden.steps),
      costs: TierCosts(measuring: log), parameters: .init(resamples: expected.resamples, seed: UInt64(expected.seed)))
    #expect(found.questions == expected.questions)
    #expect(found.undefinedResamples == 0)
    for (interval, ends) in [
      (found.apgr, expected.apgr), (found.apgrOverLength, expected.apgrOverLength),
      (found.qualityOverRandom, expected.qualityOverRandom),
    ] {
      #expect(agree(interval?.lower, ends[0]))
      #expect(agree(interval?.upper, ends[1]))
    }
  }

  @Test func areasOverDollars() throws {
    let expected = golden.costs
    let log = try golden.scoredLog(thresholdScale: Matrix(expected.scale.flatMap(\.self), columns: 2))
    let complete = log.selecting(log.completeRows)
    let found = BootstrapIntervals(
      complete, OutcomeTable(complete), pair: TierPair(endsOf: log),
      thresholds: Thresholds(increments: golden.steps), costs: TierCosts(measuring: log),
      parameters: .init(resamples: 100, seed: 7))
    #expect(agree(found.costAPGR?.estimate, expected.apgr))
    #expect(agree(found.flatCostAPGR?.estimate, expected.flat))
    for (interval, ends) in [
      (found.costAPGR, expected.interval), (found.flatCostAPGR, expected.flatInterval),
      (found.costAPGROverFlat, expected.overFlat),
    ] {
      #expect(agree(interval?.lower, ends[0]))
      #expect(agree(interval?.upper, ends[1]))
    }
  }

  @Test(arguments: 0..<6) func bettingPValues(index: Int) {
    let expected = golden.betting[index]
    let sample = BoundedSample(values: expected.values, range: expected.low...expected.high)
    let test = BettingTest(count: sample.values.count)
    // Bets follow quantiles of nine digits, and differences add up over the draws.
    #expect(agree(test.pValue(sample, level: expected.level), expected.p, within: 1e-6))
  }

  @Test(arguments: 0..<5) func binomialPValuesAndBounds(index: Int) {
    let expected = golden.binomial[index]
    #expect(agree(BinomialTest.pValue(successes: expected.k, count: expected.n, share: expected.share), expected.p))
    #expect(agree(BinomialTest.upperBound(successes: expected.k, count: expected.n, level: 0.05), expected.upper))
  }
}
