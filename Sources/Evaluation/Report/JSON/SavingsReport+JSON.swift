import TextKit

extension SavingsReport {
  /// By the level as a decimal with at least one place: "0.95", "1.0".
  var json: JSONNode {
    .object([
      ("saved_at", .object(levels.map { ("\($0.quality)", $0.saved.valueJSON) })),
      ("quality_kept_at", .object(levels.map { ("\($0.quality)", $0.qualityKept.valueJSON) })),
      ("folds", .integer(Self.folds)), ("refused", refused.map(JSONNode.string) ?? .null),
    ])
  }

  /// The levels side by side.
  var table: TextTable {
    var table = TextTable(
      ["quality to keep", "dollars saved", "interval", "quality kept", "interval "], wordColumns: [0, 2, 4])
    for level in levels {
      table.append([
        NumberFormat.percent(level.quality), NumberFormat.percent(level.saved.estimate, places: 1),
        Self.range(level.saved),
        NumberFormat.percent(level.qualityKept.estimate, places: 1), Self.range(level.qualityKept),
      ])
    }
    return table
  }

  private static func range(_ interval: Interval) -> String {
    "\(NumberFormat.percent(interval.lower, places: 1)) to \(NumberFormat.percent(interval.upper, places: 1))"
  }
}
