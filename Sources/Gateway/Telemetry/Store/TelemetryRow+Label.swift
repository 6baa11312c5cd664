import RequestLog
import TextKit

extension TelemetryRow {
  /// Of the table `labels`: how the request was drawn, and what that took.
  static func label(_ label: ShadowLabel) -> TelemetryRow {
    let asked = label.outcomes.filter { $0.latencyMilliseconds != nil || $0.quality != nil }
    var row = TelemetryRow(capacity: 7)
    row.set("request_id", .text(label.requestID))
    row.set("label_rate", .real(label.labelRate))
    row.set("audit_rate", .real(label.auditRate))
    row.set("cost_usd", .real(label.outcomes.compactMap(\.costUSD).reduce(0, +)))
    row.set("judge_usd", .real(label.outcomes.compactMap(\.judgeUSD).reduce(0, +)))
    row.set("unpriced", .integer(Int64(asked.count { $0.costUSD == nil })))
    row.set("missing", TelemetryValue(label.missing))
    return row
  }

  /// Of `outcomes`.
  static func outcome(_ outcome: ShadowLabel.Outcome, of id: String) -> TelemetryRow {
    var row = TelemetryRow(capacity: 9)
    row.set("request_id", .text(id))
    row.set("name", .text(outcome.name))
    row.set("quality", TelemetryValue(outcome.quality))
    row.set("cost_usd", TelemetryValue(outcome.costUSD))
    row.set("output_tokens", TelemetryValue(outcome.outputTokens))
    row.set("latency_ms", TelemetryValue(outcome.latencyMilliseconds))
    row.set("inclusion", .real(outcome.inclusion))
    row.set("origin", .text(outcome.origin.rawValue))
    // A text is a JSON string in a log's database.
    row.set("answer", TelemetryValue(outcome.answer.map { text in JSONBuilder.text { $0.append(string: text) } }))
    return row
  }
}
