import Statistics
import Ockham
import Testing

@testable import Evaluation

@Suite struct BootstrapTests {
  private let pair = TierPair(weak: 0, strong: 1)
  private let thresholds = Thresholds(increments: [0.2])

  private func intervals(_ log: ScoredLog, seed: UInt64 = 1, resamples: Int = 300) throws -> BootstrapIntervals {
    BootstrapIntervals(
      log, OutcomeTable(log), pair: pair, thresholds: thresholds, costs: TierCosts(measuring: log),
      parameters: .init(resamples: resamples, seed: seed))
  }

  @Test func sameSeedSameIntervals() throws {
    var made = MadeUpLog(seed: 9)
    let log = try made.log(rows: 200)
    #expect(try intervals(log) == intervals(log))
    #expect(try intervals(log) != intervals(log, seed: 2))
  }

  @Test func samplesAreTheSameForAnyNumberOfThreads() {
    struct Draws: Resampling {
      let clusterCount = 5
      func figures(_ multiplicities: [Int]) -> [Int] { multiplicities }
    }
    let expected = Draws().samples(13, seed: 4, threads: 1)
    var resampler = Resampler(clusterCount: 5, seed: 4)
    for sample in expected {
      resampler.draw()
      #expect(sample == resampler.multiplicities)
    }
    #expect(expected.count == 13)
    for threads in [2, 3, 13, 40] { #expect(Draws().samples(13, seed: 4, threads: threads) == expected) }
  }

  @Test func estimatesAreTheFiguresOfTheLog() throws {
    var made = MadeUpLog(seed: 4)
    let log = try made.log(rows: 150, weighted: true, unknown: 0.1)
    let table = try #require(OutcomeTable(log))
    let found = try intervals(log)
    let gain = CurveMetrics(RankedPair(gainOf: log, rows: table.rows, pair: pair).curve(log, pair: pair))
    let length = CurveMetrics(RankedPair(lengthOf: log, rows: table.rows, pair: pair).curve(log, pair: pair))
    let baselines = Baselines(table, thresholds: thresholds)
    #expect(agree(found.apgr?.estimate, gain.apgr))
    #expect(agree(found.cpt80?.estimate, gain.cpt80))
    #expect(agree(found.apgrOverRandom?.estimate, gain.apgr.map { $0 - 0.5 }))
    #expect(agree(found.apgrOverLength?.estimate, (gain.apgr ?? 0) - (length.apgr ?? 0)))
    #expect(agree(found.qualityOverRandom?.estimate, baselines.own.quality - baselines.random.quality))
  }

  @Test func repeatedQuestionsDoNotNarrowIntervals() throws {
    var made = MadeUpLog(seed: 6)
    let log = try made.log(rows: 400)
    let doubled = log.selecting((0..<400).flatMap { [$0, $0] })
    let (once, twice) = (try intervals(log), try intervals(doubled))
    #expect(twice.questions == 400)
    let (first, second) = (try #require(once.apgr), try #require(twice.apgr))
    #expect(abs((second.upper - second.lower) / (first.upper - first.lower) - 1) < 0.02)
  }

  @Test func noIntervalWithoutAGap() throws {
    let log = try smallLog([[0.1, 0.9], [0.2, 0.3], [0.3, 0.4]], [[1, 1], [1, 0], [0, 1]])
    let found = try intervals(log)
    #expect(found.apgr == nil)
    #expect(found.undefinedResamples > 15)
    #expect(found.qualityOverRandom != nil)
  }

  @Test func intervalsCoverTheTruthAboutAsOftenAsTheySay() throws {
    var made = MadeUpLog(seed: 77)
    let population = CurveMetrics(try curve(made.log(rows: 60_000, error: 0.3)))
    let trueValue = try #require(population.apgr)
    var covered = 0
    for _ in 0..<120 {
      let interval = try intervals(made.log(rows: 250, error: 0.3), resamples: 200).apgr
      if let interval, interval.lower <= trueValue, trueValue <= interval.upper { covered += 1 }
    }
    #expect(covered >= 104, "covered \(covered) of 120")
    #expect(covered < 120)
  }

  private func curve(_ log: ScoredLog) throws -> PairCurve {
    RankedPair(gainOf: log, rows: Array(0..<log.rowCount), pair: pair).curve(log, pair: pair)
  }

  @Test func drawsHaveTheRightSizeAndSpread() {
    var resampler = Resampler(clusterCount: 50, seed: 3)
    var totals = [Int](repeating: 0, count: 50)
    for _ in 0..<400 {
      resampler.draw()
      #expect(resampler.multiplicities.reduce(0, +) == 50)
      for question in 0..<50 { totals[question] += resampler.multiplicities[question] }
    }
    #expect(totals.allSatisfy { abs($0 - 400) < 100 })
  }

  @Test func splitMix64MatchesItsPublishedSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let found = (0..<3).map { _ in generator.next() }
    #expect(found == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    #expect(generator.permutation(of: 9).sorted() == Array(0..<9))
    #expect(generator.permutation(of: 0).isEmpty)
  }
}
