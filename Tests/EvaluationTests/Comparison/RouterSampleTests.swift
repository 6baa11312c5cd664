import Ockham
import Testing

@testable import Evaluation

/// The figures of a resample against the plain metrics of a log in which every row is written out as often as it counts.
@Suite struct RouterSampleTests {
  private func plain(_ log: ScoredLog, _ thresholds: Thresholds) -> RouterFigures {
    let curve = CurveMetrics(log, pair: TierPair(endsOf: log))
    let heads = HeadMetrics.all(log)
    let losses = heads.compactMap(\.logLoss)
    let own = OutcomeTable(log).map { $0.outcome(tiers: $0.tiers(thresholds)) }
    return RouterFigures(
      apgr: curve.apgr, cpt50: curve.cpt50,
      logLoss: losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count),
      calibrationErrors: heads.map(\.expectedCalibrationError), quality: own?.quality, costUSD: own?.costUSD)
  }

  private func expectNear(_ left: RouterFigures, _ right: RouterFigures, _ comment: Comment) {
    func near(_ left: Double?, _ right: Double?) -> Bool {
      guard let left, let right else { return left == nil && right == nil }
      return abs(left - right) < 1e-9
    }
    #expect(near(left.apgr, right.apgr), comment)
    #expect(near(left.cpt50, right.cpt50), comment)
    #expect(near(left.logLoss, right.logLoss), comment)
    #expect(near(left.quality, right.quality), comment)
    #expect(near(left.costUSD, right.costUSD), comment)
    #expect(left.calibrationErrors.count == right.calibrationErrors.count)
    for (a, b) in zip(left.calibrationErrors, right.calibrationErrors) { #expect(near(a, b), comment) }
  }

  @Test(arguments: [2, 3], [0.0, 0.3]) func matchesWrittenOutResamples(tiers: Int, unknown: Double) throws {
    for (rows, copies) in [(1, 1), (2, 1), (7, 2), (60, 1), (60, 4)] {
      let logs = ComparedLogs(rows: rows, tiers: tiers, unknown: unknown, seed: UInt64(rows), copies: copies)
      let log = try logs.log(error: 0.4, scoreSeed: 3)
      let thresholds = Thresholds(increments: [Float](repeating: 0.07, count: tiers - 1))
      let questions = log.questions
      var sample = RouterSample(
        log, pair: TierPair(endsOf: log), thresholds: thresholds, questionOfRow: questions)
      var resampler = Resampler(clusterCount: (questions.max() ?? 0) + 1, seed: 5)
      for draw in 0..<6 {
        if draw > 0 { resampler.draw() }
        let multiplicities =
          draw == 0 ? [Int](repeating: 1, count: resampler.multiplicities.count) : resampler.multiplicities
        let writtenOut = (0..<rows).flatMap { [Int](repeating: $0, count: multiplicities[questions[$0]]) }
        expectNear(
          sample.figures(multiplicities), plain(log.selecting(writtenOut), thresholds),
          "\(rows) rows, \(copies) copies, draw \(draw)")
      }
    }
  }

  @Test func rowsWithoutAnyOutcomeHaveNoFigures() throws {
    let log = try ComparedLogs(rows: 5, unknown: 1).log(error: 0.1, scoreSeed: 1)
    var sample = RouterSample(
      log, pair: TierPair(endsOf: log), thresholds: Thresholds(increments: [0]), questionOfRow: log.questions)
    #expect(
      sample.figures([1, 1, 1, 1, 1])
        == RouterFigures(
          apgr: nil, cpt50: nil, logLoss: nil, calibrationErrors: [nil, nil], quality: nil, costUSD: nil))
  }
}
