import TextKit

/// Where policies stand on a cost axis: USD per 1,000 requests where costs are known, nominal units where not.
struct CostAxis {
  let title: String
  private let isPriced: Bool
  private let tierCosts: TierCosts

  init(_ report: EvaluationReport, _ routing: RoutingReport) {
    isPriced = routing.pricedRows > 0
    tierCosts = report.frontier.tierCosts
    title =
      isPriced || tierCosts.source == .given
      ? "mean cost (USD per 1,000 requests)" : "mean cost (nominal units: 1, 5, 25 … per tier)"
  }

  /// The place of an outcome.
  func point(_ outcome: PolicyOutcome, _ tip: String) -> PlotMark.Point {
    point(cost: outcome.costUSD, share: outcome.share, quality: outcome.quality, tip)
  }

  /// The place of a point of a pair's curve.
  func point(_ point: PairCurve.Point, _ pair: TierPair) -> PlotMark.Point {
    var share = [Double](repeating: 0, count: tierCosts.values.count)
    share[pair.weak] = 1 - point.strongShare
    share[pair.strong] = point.strongShare
    return self.point(cost: point.costUSD, share: share, quality: point.quality, "")
  }

  private func point(cost: Double?, share: [Double], quality: Double, _ tip: String) -> PlotMark.Point {
    let unit = tierCosts.source == .nominal && !isPriced ? 1.0 : 1_000
    let value = isPriced ? (cost ?? .nan) * 1_000 : tierCosts.mean(shares: share) * unit
    return PlotMark.Point(x: value, y: quality, tip: "\(tip): quality \(NumberFormat.decimal(quality, places: 4))")
  }
}
