import TextKit

extension TierAdvice {
  var json: JSONNode {
    .object([
      ("tiers", .array(standings.map { json($0) })), ("paired", .boolean(isPaired)),
      ("pareto_front", .array(front.map(JSONNode.string))),
      ("doubtful", .array(doubtful.map { json($0) })), ("sentences", .array(sentences.map(JSONNode.string))),
    ])
  }

  private func json(_ tier: Standing) -> JSONNode {
    .object([
      ("name", .string(tier.name)), ("rows", .integer(tier.rows)), ("quality", .figure(tier.quality)),
      ("cost_usd", .figure(tier.costUSD)),
      ("dominated_by", tier.dominatedBy.map { .string(standings[$0].name) } ?? .null),
    ])
  }

  private func json(_ step: Step) -> JSONNode {
    .object([
      ("lower", .string(standings[step.lower].name)), ("upper", .string(standings[step.upper].name)),
      ("rows", .integer(step.rows)), ("difference", step.difference.valueJSON),
    ])
  }
}
