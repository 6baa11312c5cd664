import TextKit

extension RoutingReport {
  /// The members on routing; null each for a report without the rows for it.
  static func members(_ report: RoutingReport?) -> [(String, JSONNode)] {
    let baselines = report?.baselines
    let randomMembers = [("apgr", JSONNode.figure(report?.metrics.apgr.map { _ in 0.5 }))]
    return [
      ("complete_rows", .integer(report?.rows ?? 0)), ("priced_rows", .integer(report?.pricedRows ?? 0)),
      ("pair_rows", .integer(report?.pairRows ?? 0)),
      ("all_cheapest", json(baselines?.allCheapest)), ("all_strongest", json(baselines?.allStrongest)),
      ("oracle", json(baselines?.oracle)), ("own_thresholds", json(baselines?.own)),
      ("random", json(baselines?.random, randomMembers)),
      ("length_only", json(baselines?.lengthOnly, report?.lengthMetrics.members ?? [])),
      ("random_same_cost", json(baselines?.randomSameCost)),
      ("length_only_same_cost", json(baselines?.lengthOnlySameCost)),
    ] + (report?.metrics ?? CurveMetrics([])).members + [
      ("apgr_cost", .figure(report?.costMetrics.apgr)),
      ("apgr_cost_flat", .figure(report?.costMetrics.flatAPGR)),
      ("intervals", report?.intervals.json ?? .null), ("pair_curve", report?.curve.json ?? .array([])),
      ("length_curve", report?.lengthCurve.json ?? .array([])), ("confusion", report?.confusion?.json ?? .null),
    ]
  }

  private static func json(_ outcome: PolicyOutcome?, _ more: [(String, JSONNode)] = []) -> JSONNode {
    outcome.map { .object($0.members + more) } ?? .null
  }
}

extension PolicyOutcome {
  /// The members of an outcome in the order of the documentation.
  var members: [(String, JSONNode)] {
    [("share", .figures(share)), ("quality", .figure(quality)), ("cost_usd", .figure(costUSD))]
  }
}

extension CurveMetrics {
  var members: [(String, JSONNode)] {
    [("apgr", .figure(apgr)), ("cpt50", .figure(cpt50)), ("cpt80", .figure(cpt80))]
  }
}

extension PairCurve {
  var json: JSONNode {
    .array(
      points.map {
        .object([
          ("threshold", .figure($0.threshold)), ("strong_share", .figure($0.strongShare)),
          ("quality", .figure($0.quality)),
          ("cost_usd", .figure($0.costUSD)),
        ])
      })
  }
}

extension BootstrapIntervals {
  var json: JSONNode {
    let parts: [(String, JSONNode)] = [
      ("confidence", .figure(parameters.confidence)), ("resamples", .integer(parameters.resamples)),
      ("seed", .string(String(parameters.seed))), ("questions", .integer(questions)),
      ("undefined_resamples", .integer(undefinedResamples)),
    ]
    let intervals: [(String, Interval?)] = [
      ("apgr", apgr), ("cpt50", cpt50), ("cpt80", cpt80), ("apgr_over_random", apgrOverRandom),
      ("apgr_over_length_only", apgrOverLength), ("quality_over_random", qualityOverRandom), ("apgr_cost", costAPGR),
      ("apgr_cost_flat", flatCostAPGR), ("apgr_cost_over_flat", costAPGROverFlat),
    ]
    return .object(parts + intervals.map { ($0.0, $0.1?.json ?? .null) })
  }
}

extension TierConfusion {
  var json: JSONNode {
    .object([
      ("counts", .array((0..<counts.rows).map { .array(counts.row($0).map(JSONNode.integer)) })),
      ("right", .integer(rightCount)), ("too_high", .integer(tooHighCount)), ("too_low", .integer(tooLowCount)),
    ])
  }
}

extension Interval {
  var json: JSONNode {
    .object([("estimate", .figure(estimate)), ("lower", .figure(lower)), ("upper", .figure(upper))])
  }
}

extension Interval {
  /// The interval as newer objects of reports have it.
  var valueJSON: JSONNode {
    .object([("value", .figure(estimate)), ("low", .figure(lower)), ("high", .figure(upper))])
  }
}
