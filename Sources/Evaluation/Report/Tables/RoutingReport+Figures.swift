extension Baselines {
  /// The name of the evaluated model in reports.
  static let ownName = "this model"

  /// The policies with the names that reports give them, in the order of reports.
  var named: [(name: String, outcome: PolicyOutcome)] {
    let all: [(String, PolicyOutcome?)] = [
      ("all to the cheapest", allCheapest), ("random, same shares", random), ("length only, same shares", lengthOnly),
      ("random, same dollars", randomSameCost), ("length only, same dollars", lengthOnlySameCost),
      (Self.ownName, own), ("all to the strongest", allStrongest), ("oracle", oracle),
    ]
    return all.compactMap { name, outcome in outcome.map { (name, $0) } }
  }
}

extension RoutingReport {
  /// One figure with its interval.
  struct NamedFigure {
    var name: String
    var value: Double?
    var interval: Interval?
  }

  /// The figures of the pair, in the order of reports.
  var figures: [NamedFigure] {
    [
      NamedFigure(name: "APGR", value: metrics.apgr, interval: intervals.apgr),
      NamedFigure(name: "CPT50", value: metrics.cpt50, interval: intervals.cpt50),
      NamedFigure(name: "CPT80", value: metrics.cpt80, interval: intervals.cpt80),
      NamedFigure(name: "APGR over random", value: metrics.apgr.map { $0 - 0.5 }, interval: intervals.apgrOverRandom),
      NamedFigure(name: "APGR over length only", value: apgrOverLength, interval: intervals.apgrOverLength),
      NamedFigure(
        name: "quality over random, own thresholds", value: baselines.map { $0.own.quality - $0.random.quality },
        interval: intervals.qualityOverRandom),
    ] + costFigures
  }

  /// The area under quality over dollars, where costs are known; against that of mean costs where requests have their own.
  private var costFigures: [NamedFigure] {
    guard let own = costMetrics.apgr else { return [] }
    let figure = NamedFigure(name: "APGR over dollars", value: own, interval: intervals.costAPGR)
    guard let overFlat = costMetrics.overFlat else { return [figure] }
    return [
      figure,
      NamedFigure(name: "APGR over dollars, mean costs", value: costMetrics.flatAPGR, interval: intervals.flatCostAPGR),
      NamedFigure(name: "expected over mean costs", value: overFlat, interval: intervals.costAPGROverFlat),
    ]
  }

  private var apgrOverLength: Double? { metrics.apgr.flatMap { own in lengthMetrics.apgr.map { own - $0 } } }
}
