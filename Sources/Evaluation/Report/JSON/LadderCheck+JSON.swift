import TextKit

extension LadderCheck {
  func json(tierNames: [String]) -> JSONNode {
    .array(
      steps.map { step in
        .object([
          (grouping.rawValue, .string(step.group)), ("lower", .string(tierNames[step.lower])),
          ("upper", .string(tierNames[step.upper])), ("rows", .integer(step.rows)),
          ("difference", step.difference.valueJSON), ("better", step.isBetter.map(JSONNode.boolean) ?? .null),
        ])
      })
  }
}

extension ShuffledControl {
  var json: JSONNode {
    .object([
      ("excess", .number(excess)), ("dealt", dealt.valueJSON), ("p", .number(p)), ("deals", .integer(deals)),
      ("same_cost", .boolean(isOfSameCost)),
    ])
  }
}
