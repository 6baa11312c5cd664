extension RobustnessReport {
  /// The report with stable names, in a stable order; figures without rows are null.
  package var json: JSONValue {
    .object([
      ("rows", .integer(rows)), ("log_rows", .integer(logRows)), ("trained_rows", .integer(trainedRows)),
      ("seed", .string(String(parameters.seed))),
      ("confidence", .number(parameters.confidence)),
      ("noise", .object(noise.map { ($0.noise.rawValue, $0.json) })), ("suffix", suffix.json),
    ])
  }
}

extension NoiseReport {
  var json: JSONValue {
    .object([
      ("rows", .integer(rows)), ("changed_share", changedShare?.json ?? .null),
      ("moved_up_share", .optional(share(of: movedUp))), ("moved_down_share", .optional(share(of: movedDown))),
      ("mean_gain_change", .optional(meanGainChange)), ("strongest_share_change", .optional(strongestShareChange)),
      ("complete_rows", .integer(completeRows)), ("quality_change", .optional(qualityChange)),
    ])
  }

  /// A count as a share of the rows; `nil` without rows.
  func share(of count: Int) -> Double? { rows > 0 ? Double(count) / Double(rows) : nil }
}

extension SuffixReport {
  var json: JSONValue {
    .object([
      ("rows", .integer(rows)), ("rows_below_strongest", .integer(rowsBelow)),
      ("stages", .array(stages.map { .object([("tokens", .integer($0.tokens))] + $0.members) })),
      ("repeated", .object([("bytes", .integer(longBytes))] + long.members)),
      ("gain_ceiling", .number(gainCeiling)), ("tokens_from_log", .integer(logTokens)),
      ("tokens_from_list", .object(marks.map { ($0.text, .integer($0.count)) })),
    ])
  }
}

extension SuffixReport.Stage {
  fileprivate var members: [(String, JSONValue)] {
    [
      ("strongest_share", strongestShare?.json ?? .null), ("median_gain_change", .optional(medianGainChange)),
      ("largest_gain", .optional(largestGain)), ("mean_cost", .optional(meanCost)),
      ("traffic_strongest_share", .optional(trafficShare)),
    ]
  }
}
