/// RouteLLM's figures of a ``PairCurve``, or why they have no meaning.
///
/// PGR = (y − y_weak) / (y_strong − y_weak) is the performance gap recovered at a point.
package struct CurveMetrics: Sendable, Equatable {
  /// The area under PGR over the strong share, by trapezoids. Random routing has 0.5; it may exceed 1, because y may
  /// exceed y_strong and need not rise.
  package var apgr: Double?
  /// The smallest strong share at which PGR reaches 0.5: linear interpolation at the first crossing; `nil` when never.
  package var cpt50: Double?
  /// The same for PGR 0.8.
  package var cpt80: Double?
  /// Why the figures are `nil`, in words; `nil` when they are not.
  package var undefinedBecause: String?

  /// The figures of a curve.
  package init(_ curve: PairCurve) { self.init(curve.points) }

  /// The figures of points in ascending order of share; they are undefined for no points.
  init(_ points: [PairCurve.Point]) {
    guard let first = points.first, let last = points.last else {
      undefinedBecause = "no row has the qualities of both tiers"
      return
    }
    let gap = last.quality - first.quality
    guard gap > 0 else {
      undefinedBecause = "the stronger tier is not better on these rows: there is no gap to recover"
      return
    }
    let recovered = points.map { ($0.quality - first.quality) / gap }
    let shares = points.map(\.strongShare)
    apgr = Self.area(shares, recovered)
    cpt50 = Self.firstCrossing(shares, recovered, of: 0.5)
    cpt80 = Self.firstCrossing(shares, recovered, of: 0.8)
  }

  /// ∫ y dx by trapezoids over ascending x.
  static func area(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for index in 1..<max(1, x.count) { sum += (x[index] - x[index - 1]) * (y[index] + y[index - 1]) / 2 }
    return sum
  }

  /// The smallest x at which the line through the points reaches `level`, or `nil`.
  static func firstCrossing(_ x: [Double], _ y: [Double], of level: Double) -> Double? {
    guard let index = y.firstIndex(where: { $0 >= level }) else { return nil }
    guard index > 0 else { return x[0] }
    let share = (level - y[index - 1]) / (y[index] - y[index - 1])
    return x[index - 1] + share * (x[index] - x[index - 1])
  }
}

extension CurveMetrics {
  /// The figures of routing on the gain between two tiers, over the rows that know both; undefined without any.
  package init(_ log: ScoredLog, pair: TierPair) {
    let rows = log.rows(knowing: pair)
    self.init(rows.isEmpty ? [] : RankedPair(gainOf: log, rows: rows, pair: pair).curve(log, pair: pair).points)
  }
}
