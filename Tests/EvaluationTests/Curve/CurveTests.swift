import Testing

@testable import Evaluation

@Suite struct CurveTests {
  private let pair = TierPair(weak: 0, strong: 1)

  /// The construction word for word: select rows by comparing with each edge.
  private func slowPoints(_ log: ScoredLog, rows: [Int], score: (Int) -> Double) -> [PairCurve.Point] {
    let sorted = rows.map(score).sorted()
    var edges: [Double] = []
    for step in 0..<11 {
      let edge = Quantile.linear(sorted, fraction: Double(step) * 0.1)
      if !edges.contains(edge) { edges.append(edge) }
    }
    let all = rows.reduce(0) { $0 + log.weights[$1] }
    func point(_ edge: Double, _ isStrong: (Int) -> Bool) -> PairCurve.Point {
      let share = rows.filter(isStrong).reduce(0) { $0 + log.weights[$1] } / all
      let quality = rows.reduce(0) { $0 + log.weights[$1] * log.quality[$1, isStrong($1) ? 1 : 0] } / all
      return .init(threshold: edge, strongShare: share, quality: quality)
    }
    var points = edges.dropLast().map { edge in point(edge) { score($0) >= edge } }
    if edges.count == 1 { points.append(point(edges[0]) { score($0) >= edges[0] }) }
    points.append(point(edges[edges.count - 1]) { score($0) > edges[edges.count - 1] })
    return points.sorted { ($0.strongShare, -$0.threshold) < ($1.strongShare, -$1.threshold) }
  }

  private func check(_ found: [PairCurve.Point], _ expected: [PairCurve.Point]) {
    #expect(agree(found.map(\.strongShare), expected.map(\.strongShare)))
    #expect(agree(found.map(\.quality), expected.map(\.quality)))
    #expect(agree(found.map(\.threshold), expected.map(\.threshold)))
  }

  @Test(arguments: 1...25) func curvesFollowTheDefinition(rows: Int) throws {
    for (seed, levels) in [(1, 1), (2, 2), (3, 5), (4, 1_000)] {
      var made = MadeUpLog(seed: UInt64(seed * 100 + rows))
      let log = try made.log(rows: rows, weighted: true)
      let scores = (0..<rows).map { _ in Double(made.index(below: levels)) }
      let all = Array(0..<rows)
      let ranked = RankedPair(log, rows: all, pair: pair) { scores[$0] }
      check(ranked.curve(log, pair: pair).points, slowPoints(log, rows: all) { scores[$0] })
    }
  }

  @Test(arguments: 1...12) func resamplesEqualRepeatedRows(rows: Int) throws {
    var made = MadeUpLog(seed: UInt64(rows))
    let log = try made.log(rows: rows, weighted: true)
    let scores = (0..<rows).map { _ in Double(made.index(below: 4)) }
    let ranked = RankedPair(log, rows: Array(0..<rows), pair: pair) { scores[$0] }
    var sums = PrefixSums(capacity: rows)
    for _ in 0..<20 {
      let times = (0..<rows).map { _ in made.index(below: 3) }
      sums.sum(ranked) { times[ranked.rows[$0]] }
      let repeated = (0..<rows).flatMap { [Int](repeating: $0, count: times[$0]) }
      check(ranked.points(sums), repeated.isEmpty ? [] : slowPoints(log, rows: repeated) { scores[$0] })
    }
  }

  @Test func quantilesInterpolate() {
    #expect(Quantile.linear([3], fraction: 0.7) == 3)
    #expect(Quantile.linear([1, 2], fraction: 0.25) == 1.25)
    #expect(Quantile.linear([1, 2, 4], fraction: 0.75) == 3)
    #expect(Quantile.linear([1, 2, 4], fraction: 1) == 4)
    #expect(Quantile.linear([1, 2, 4], fraction: 0) == 1)
  }

  @Test func equalScoresGiveTheLineOfRandomRouting() throws {
    let log = try smallLog([[0, 0], [0, 0], [0, 0]], [[0, 1], [1, 1], [0, 0]])
    let curve = RankedPair(gainOf: log, rows: [0, 1, 2], pair: pair).curve(log, pair: pair)
    #expect(curve.points.map(\.strongShare) == [0, 1])
    let metrics = CurveMetrics(curve)
    #expect(agree(metrics.apgr, 0.5))
    #expect(agree(metrics.cpt50, 0.5))
    #expect(agree(metrics.cpt80, 0.8))
  }

  private func metrics(_ points: [(Double, Double)]) -> CurveMetrics {
    CurveMetrics(points.map { PairCurve.Point(threshold: 0, strongShare: $0.0, quality: $0.1) })
  }

  @Test func cptTakesTheFirstCrossingOfACurveThatFallsAgain() {
    let found = metrics([(0, 0), (0.2, 0.6), (0.4, 0.3), (0.8, 0.9), (1, 1)])
    #expect(agree(found.cpt50, 0.2 * 0.5 / 0.6))
    #expect(agree(found.cpt80, 0.4 + 0.4 * 0.5 / 0.6))
  }

  @Test func apgrMayExceedOne() throws {
    #expect(try #require(metrics([(0, 0.2), (0.5, 0.9), (1, 0.4)]).apgr) > 1)
  }

  @Test func noGapMeansNoFigures() throws {
    for found in [metrics([(0, 0.5), (1, 0.5)]), metrics([(0, 0.6), (1, 0.5)]), metrics([])] {
      #expect(found.apgr == nil)
      #expect(found.cpt50 == nil)
      #expect(found.cpt80 == nil)
      #expect(found.undefinedBecause != nil)
    }
  }

  @Test func costsFollowTheShare() throws {
    let log = try smallLog(
      [[0.1, 0.9], [0.5, 0.6], [0.5, 0.7]], [[0, 1], [1, 1], [0, 1]], cost: [[1, 10], [3, 30], [.nan, 20]])
    let curve = RankedPair(gainOf: log, rows: [0, 1, 2], pair: pair).curve(log, pair: pair)
    #expect(curve.points[0].costUSD == 2)
    #expect(curve.points[curve.points.count - 1].costUSD == 20)
    #expect(curve.points.contains { $0.costUSD == 6.5 })
    let unpriced = try smallLog([[0.1, 0.9]], [[0, 1]])
    let other = RankedPair(gainOf: unpriced, rows: [0], pair: pair).curve(unpriced, pair: pair)
    #expect(other.points.allSatisfy { $0.costUSD == nil })
  }
}
