import TextKit

extension OffPolicyReport {
  /// The model's own estimates at the top, then every way of routing; what is refused is null.
  var json: JSONNode {
    .object(
      own.members(rows) + [
        ("propensity", .string(source.rawValue)), ("confidence", .figure(confidence)), ("rows", .integer(rows)),
        ("drawn_rows", .integer(drawnRows)), ("held_rows", .integer(heldRows)),
        ("rows_without_choice", .integer(fixedRows)),
        ("unsupported_rows", .integer(own.quality.support.unsupportedRows)),
        ("conversations", .integer(own.quality.support.conversations)), ("priced_rows", .integer(pricedRows)),
        ("policies", .array(policies.map { .object([("name", .string($0.name))] + $0.members(rows) + $0.details) })),
      ])
  }
}

extension OffPolicyReport.Policy {
  fileprivate func members(_ rows: Int) -> [(String, JSONNode)] {
    let support = quality.support
    return [
      ("quality", quality.robust?.json ?? .null), ("cost_usd", costUSD?.robust?.json ?? .null),
      ("ess", .figure(support.effectiveSampleSize)), ("matched", .integer(support.matchedRows)),
      ("max_weight", .figure(support.greatestShare)), ("disagreement", .figure(support.disagreement)),
      ("refused", quality.refusal.map { .string($0.sentence) } ?? .null),
    ]
  }

  fileprivate var details: [(String, JSONNode)] {
    [
      ("share", .figures(share)), ("estimators", quality.json), ("cost_estimators", costUSD?.json ?? .null),
      ("cost_refused", costUSD?.refusal.map { .string($0.sentence) } ?? .null),
    ]
  }
}

extension OffPolicyEstimate {
  fileprivate var json: JSONNode {
    .object([
      ("ips", .figure(inversePropensity)), ("snips", .figure(selfNormalised)), ("direct", .figure(direct)),
      ("doubly_robust", .figure(doublyRobust)),
    ])
  }
}

extension IntervalEstimate {
  var json: JSONNode { .object([("value", .figure(value)), ("low", .figure(low)), ("high", .figure(high))]) }
}
