extension RoutingReport {
  /// The members that tell about routing; null each for a report without complete rows.
  static func members(_ report: RoutingReport?) -> [(String, JSONValue)] {
    let baselines = report?.baselines
    return [
      ("complete_rows", .integer(report?.rows ?? 0)), ("priced_rows", .integer(report?.pricedRows ?? 0)),
      ("all_cheapest", json(baselines?.allCheapest)), ("all_strongest", json(baselines?.allStrongest)),
      ("oracle", json(baselines?.oracle)), ("own_thresholds", json(baselines?.own)),
      ("random", json(baselines?.random, [("apgr", .optional(report?.metrics.apgr.map { _ in 0.5 }))])),
      ("length_only", json(baselines?.lengthOnly, report?.lengthMetrics.members ?? [])),
    ] + (report?.metrics ?? CurveMetrics([])).members + [
      ("apgr_cost", .optional(report?.costMetrics.apgr)),
      ("apgr_cost_flat", .optional(report?.costMetrics.flatAPGR)),
      ("intervals", report?.intervals.json ?? .null), ("pair_curve", report?.curve.json ?? .array([])),
      ("length_curve", report?.lengthCurve.json ?? .array([])), ("confusion", report?.confusion.json ?? .null),
    ]
  }

  private static func json(_ outcome: PolicyOutcome?, _ more: [(String, JSONValue)] = []) -> JSONValue {
    outcome.map { .object($0.members + more) } ?? .null
  }
}

extension PolicyOutcome {
  /// The members of an outcome in the order of the documentation.
  var members: [(String, JSONValue)] {
    [("share", .numbers(share)), ("quality", .number(quality)), ("cost_usd", .optional(costUSD))]
  }
}

extension CurveMetrics {
  var members: [(String, JSONValue)] {
    [("apgr", .optional(apgr)), ("cpt50", .optional(cpt50)), ("cpt80", .optional(cpt80))]
  }
}

extension PairCurve {
  var json: JSONValue {
    .array(
      points.map {
        .object([
          ("threshold", .number($0.threshold)), ("strong_share", .number($0.strongShare)),
          ("quality", .number($0.quality)),
          ("cost_usd", .optional($0.costUSD)),
        ])
      })
  }
}

extension BootstrapIntervals {
  var json: JSONValue {
    .object([
      ("confidence", .number(parameters.confidence)), ("resamples", .integer(parameters.resamples)),
      ("seed", .string(String(parameters.seed))), ("questions", .integer(questions)),
      ("undefined_resamples", .integer(undefinedResamples)), ("apgr", apgr?.json ?? .null),
      ("cpt50", cpt50?.json ?? .null),
      ("cpt80", cpt80?.json ?? .null), ("apgr_over_random", apgrOverRandom?.json ?? .null),
      ("apgr_over_length_only", apgrOverLength?.json ?? .null),
      ("quality_over_random", qualityOverRandom?.json ?? .null),
      ("apgr_cost", costAPGR?.json ?? .null), ("apgr_cost_flat", flatCostAPGR?.json ?? .null),
      ("apgr_cost_over_flat", costAPGROverFlat?.json ?? .null),
    ])
  }

}

extension TierConfusion {
  var json: JSONValue {
    .object([
      ("counts", .array((0..<counts.rows).map { .array(counts.row($0).map(JSONValue.integer)) })),
      ("right", .integer(rightCount)), ("too_high", .integer(tooHighCount)), ("too_low", .integer(tooLowCount)),
    ])
  }
}

extension Interval {
  var json: JSONValue {
    .object([("estimate", .number(estimate)), ("lower", .number(lower)), ("upper", .number(upper))])
  }
}
