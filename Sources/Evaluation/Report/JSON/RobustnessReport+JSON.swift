package import TextKit

extension RobustnessReport {
  /// The report with stable names, in a stable order; figures without rows are null.
  package var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("log_rows", .integer(logRows)), ("trained_rows", .integer(trainedRows)),
      ("seed", .string(String(parameters.seed))),
      ("confidence", .figure(parameters.confidence)),
      ("noise", .object(noise.map { ($0.noise.rawValue, $0.json) })), ("suffix", suffix.json),
    ])
  }
}

extension NoiseReport {
  var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("changed_share", changedShare?.json ?? .null),
      ("moved_up_share", .figure(share(of: movedUp))), ("moved_down_share", .figure(share(of: movedDown))),
      ("mean_gain_change", .figure(meanGainChange)), ("strongest_share_change", .figure(strongestShareChange)),
      ("complete_rows", .integer(completeRows)), ("quality_change", .figure(qualityChange)),
    ])
  }

  /// A count as a share of the rows; `nil` without rows.
  func share(of count: Int) -> Double? { rows > 0 ? Double(count) / Double(rows) : nil }
}

extension SuffixReport {
  var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("rows_below_strongest", .integer(rowsBelow)),
      ("stages", .array(stages.map { .object([("tokens", .integer($0.tokens))] + $0.members) })),
      ("repeated", .object([("bytes", .integer(longBytes))] + long.members)),
      ("gain_ceiling", .figure(gainCeiling)), ("tokens_from_log", .integer(logTokens)),
      ("tokens_from_list", .object(marks.map { ($0.text, .integer($0.count)) })),
    ])
  }
}

extension SuffixReport.Stage {
  fileprivate var members: [(String, JSONNode)] {
    [
      ("strongest_share", strongestShare?.json ?? .null), ("median_gain_change", .figure(medianGainChange)),
      ("largest_gain", .figure(largestGain)), ("mean_cost", .figure(meanCost)),
      ("traffic_strongest_share", .figure(trafficShare)),
    ]
  }
}
