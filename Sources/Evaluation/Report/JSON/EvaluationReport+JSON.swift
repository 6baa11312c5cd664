extension EvaluationReport {
  /// The report as a JSON document with stable names, in a stable order.
  ///
  /// With no complete row, what is measured on them is null and `curve` is empty.
  package var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("rows", .integer(rows)), ("tiers", .array(tierNames.map(JSONValue.string))),
      ("pair", .array([.string(tierNames[pair.weak]), .string(tierNames[pair.strong])])),
    ]
    members += RoutingReport.members(routing)
    members += HeadMetrics.members(heads)
    members.append(("curve", .array(frontier.points.map(\.json))))
    members.append(("thresholds", .numbers(thresholds.steps.map(Double.init))))
    members.append(("tier_costs", frontier.tierCosts.json))
    members.append(("reliability", .object(heads.map { ($0.tier, $0.reliability.json) })))
    members.append(("tasks", tasks?.json ?? .null))
    members.append(("by", .object(groups.map { ($0.name, $0.json) })))
    if let robustness { members.append(("robustness", robustness.json)) }
    members.append(("notes", .array(notes.map(JSONValue.string))))
    return .object(members)
  }
}

extension GroupReport {
  var json: JSONValue {
    .object(
      [("rows", .integer(rows)), ("few_rows", .boolean(isSmall))] + RoutingReport.members(routing)
        + HeadMetrics.members(heads))
  }
}

extension HeadMetrics {
  /// The members that tell about the heads, each a list in the order of the tiers.
  static func members(_ heads: [HeadMetrics]) -> [(String, JSONValue)] {
    [
      ("labelled_rows", .array(heads.map { .integer($0.rows) })),
      ("auc", .numbers(heads.map(\.areaUnderROC))), ("log_loss", .numbers(heads.map(\.logLoss))),
      ("ece", .numbers(heads.map(\.expectedCalibrationError))), ("brier", .numbers(heads.map(\.brier))),
    ]
  }
}

extension ReliabilityTable {
  var json: JSONValue {
    .array(
      bins.map {
        .object([
          ("rows", .integer($0.rows)), ("probability", .number($0.meanProbability)),
          ("quality", .number($0.meanQuality)),
        ])
      })
  }
}

extension TaskMetrics {
  var json: JSONValue {
    .object([
      ("rows", .integer(rows)), ("accuracy", .number(accuracy)),
      (
        "recall",
        .object(kinds.map { ($0.kind.name, .object([("rows", .integer($0.rows)), ("recall", .number($0.recall))])) })
      ),
    ])
  }
}

extension Frontier.Point {
  var json: JSONValue { .object([("threshold", .number(lambda))] + outcome.members) }
}

extension TierCosts {
  var json: JSONValue { .object([("source", .string(source.rawValue)), ("values", .numbers(values))]) }
}
