import Evaluation
import TextKit

/// The figures of the overview for programs: the same that the page shows.
struct OverviewJSON {
  let report: AuditReport

  init(_ report: AuditReport) { self.report = report }

  var node: JSONNode {
    .object([
      ("money", money), ("quality", quality), ("tiers", parts(by: \.tier)), ("keys", parts(by: \.key)),
      ("tasks", parts(by: \.task)), ("policies", parts(by: \.policy)), ("reasons", parts(by: \.reason)),
      ("targets", parts(by: \.target)), ("latency_ms", latency),
      ("changes", .array(report.changes.map(Self.change))),
      ("lacks", .array(report.traffic.lacks.map(JSONNode.string))),
    ])
  }

  private var money: JSONNode {
    let money = report.money
    return .object([
      ("requests", .integer(money.requests)), ("unpriced", .integer(money.unpriced)),
      ("spent_usd", .number(money.spentUSD)), ("strongest_usd", .number(money.strongestUSD)),
      ("compared", .integer(money.compared)), ("saved_usd", FigureJSON.node(money.saved)),
      ("net_usd", FigureJSON.node(money.net)), ("label_usd", .number(money.labelUSD)),
      ("judge_usd", .number(money.judgeUSD)), ("rejected_usd", .number(money.rejectedUSD)),
      ("over_mix", FigureJSON.node(money.overMix)),
      (
        "dearest",
        .array(
          money.mostExpensive.map { part in
            .object([
              ("share", .number(part.share)), ("requests", .integer(part.requests)),
              ("cost_usd", .number(part.costUSD)),
            ])
          })
      ),
    ])
  }

  private var quality: JSONNode {
    let quality = report.quality
    return .object([
      ("ratings", .integer(quality.ratings)), ("drawn", .integer(quality.drawn)),
      ("missing", .integer(quality.missing)),
      ("served", FigureJSON.node(quality.served)), ("strongest", FigureJSON.node(quality.strongest)),
      ("feedbacks", .integer(quality.feedbacks)), ("mean_feedback", quality.meanFeedback.map(JSONNode.number) ?? .null),
      (
        "tiers",
        .array(
          quality.tiers.map { part in
            .object([
              ("tier", .string(part.name)), ("ratings", .integer(part.ratings)),
              ("served", FigureJSON.node(part.served)), ("of_all", FigureJSON.node(part.ofAll)),
            ])
          })
      ),
    ])
  }

  /// Of parts that have no name the name is null.
  private func parts(by part: KeyPath<TrafficKey, String?>) -> JSONNode {
    let totals = report.traffic.totals { $0[keyPath: part] }.sorted { ($0.key ?? "") < ($1.key ?? "") }
    return .array(
      totals.map { name, cell in
        .object([
          ("name", name.map(JSONNode.string) ?? .null), ("requests", .integer(cell.requests)),
          ("failures", .integer(cell.failures)), ("spent_usd", .number(cell.costUSD)),
          ("unpriced", .integer(cell.unpriced)), ("strongest_usd", .number(cell.strongestUSD)),
          ("saved_usd", .number(cell.savedUSD)), ("input_tokens", .integer(cell.inputTokens)),
          ("output_tokens", .integer(cell.outputTokens)), ("escalations", .integer(cell.escalations)),
          ("fallbacks", .integer(cell.fallbacks)), ("conversations_begun", .integer(cell.conversationsBegun)),
          ("drawn", .integer(cell.drawn)), ("label_usd", .number(cell.labelUSD + cell.judgeUSD)),
        ])
      })
  }

  private var latency: JSONNode {
    let latency = report.total.latency
    return .object(
      [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].map { name, share in
        (name, latency.quantile(share).map(JSONNode.number) ?? .null)
      })
  }

  private static func change(_ change: AuditChange) -> JSONNode {
    .object([
      ("name", .string(change.name)), ("unit", .string(change.unit.rawValue)),
      ("before", change.before.map(JSONNode.number) ?? .null), ("now", change.now.map(JSONNode.number) ?? .null),
    ])
  }
}
