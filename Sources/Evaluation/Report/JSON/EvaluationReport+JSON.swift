package import TextKit

extension EvaluationReport {
  /// The report as a JSON document with stable names, in a stable order.
  ///
  /// Without the rows that something is measured on, it is null, and `curve` is empty.
  package var json: JSONNode {
    var members: [(String, JSONNode)] = [
      ("rows", .integer(rows)), ("tiers", .array(tierNames.map(JSONNode.string))),
      ("pair", .array([.string(tierNames[pair.weak]), .string(tierNames[pair.strong])])),
    ]
    members += RoutingReport.members(routing)
    members += HeadMetrics.members(heads)
    members.append(("curve", .array(frontier.points.map(\.json))))
    members.append(("thresholds", .figures(thresholds.increments.map(Double.init))))
    members.append(("tier_costs", frontier.tierCosts.json))
    members.append(("reliability", .object(heads.map { ($0.tier, $0.reliability.json) })))
    members.append(("tasks", tasks?.json ?? .null))
    members.append(("off_policy", offPolicy?.json ?? .null))
    members.append(("tier_advice", advice.json))
    members.append(("ladder", ladder?.json(tierNames: tierNames) ?? .null))
    members.append(("shuffled_control", control?.json ?? .null))
    members.append(("routing", savings.json))
    if let cascade { members.append(("cascade", cascade.json)) }
    if let origin { members += origin.members }
    members.append(("by", .object(groups.map { ($0.name, $0.json) })))
    if let robustness { members.append(("robustness", robustness.json)) }
    members.append(("notes", .array(notes.map(JSONNode.string))))
    return .object(members)
  }
}

extension GroupReport {
  var json: JSONNode {
    .object(
      [("rows", .integer(rows)), ("few_rows", .boolean(isSmall))] + RoutingReport.members(routing)
        + HeadMetrics.members(heads))
  }
}

extension HeadMetrics {
  /// The members on the heads, each a list in the order of the tiers.
  static func members(_ heads: [HeadMetrics]) -> [(String, JSONNode)] {
    [
      ("labelled_rows", .array(heads.map { .integer($0.rows) })),
      ("auc", .figures(heads.map(\.areaUnderROC))), ("log_loss", .figures(heads.map(\.logLoss))),
      ("ece", .figures(heads.map(\.expectedCalibrationError))), ("brier", .figures(heads.map(\.brier))),
    ]
  }
}

extension ReliabilityTable {
  var json: JSONNode {
    .array(
      bins.map {
        .object([
          ("rows", .integer($0.rows)), ("probability", .figure($0.meanProbability)),
          ("quality", .figure($0.meanQuality)),
        ])
      })
  }
}

extension TaskMetrics {
  var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("accuracy", .figure(accuracy)),
      (
        "recall",
        .object(kinds.map { ($0.kind.name, .object([("rows", .integer($0.rows)), ("recall", .figure($0.recall))])) })
      ),
    ])
  }
}

extension CostQualityCurve.Point {
  var json: JSONNode { .object([("threshold", .figure(lambda))] + outcome.members) }
}

extension TierCosts {
  /// The costs and where they come from, with stable names.
  package var json: JSONNode { .object([("source", .string(source.rawValue)), ("values", .figures(values))]) }
}
