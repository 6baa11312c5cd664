import TextKit

extension LadderCheck {
  /// What ``table(tierNames:)`` is called.
  var title: String { "Where the more expensive tier is not shown to be better, by \(grouping.rawValue)" }

  /// The steps where the upper tier is not shown to be better.
  func table(tierNames: [String]) -> TextTable {
    var table = TextTable(
      [grouping.rawValue, "from", "to", "rows", "quality won", "interval", "better"], wordColumns: [0, 1, 2, 6])
    for step in doubtful {
      table.append([
        step.group, tierNames[step.lower], tierNames[step.upper], NumberFormat.count(step.rows),
        NumberFormat.signed(step.difference.estimate, places: 4),
        "\(NumberFormat.signed(step.difference.lower, places: 4)) to \(NumberFormat.signed(step.difference.upper, places: 4))",
        step.isBetter.map { $0 ? "yes" : "no" } ?? "not shown",
      ])
    }
    return table
  }

  /// A sentence on each step where the upper tier is worse, and one on those that are not shown to be better.
  func sentences(tierNames: [String]) -> [String] {
    func name(_ tier: Int) -> String { SafeText.name(tierNames[tier]) }
    let worse = steps.filter { $0.isBetter == false }.map {
      "On \(SafeText.name($0.group)) tier '\(name($0.upper))' is worse than '\(name($0.lower))' "
        + "(\(NumberFormat.signed($0.difference.estimate, places: 4)) on \(NumberFormat.count($0.rows)) rows): pin these requests to "
        + "'\(name($0.lower))' with a rule, or leave the tier out."
    }
    let open = steps.count { $0.isBetter == nil }
    guard open > 0 else { return worse }
    return worse + [
      "On \(open) of \(steps.count) steps between tiers by \(grouping.rawValue) the more expensive tier is not shown to be better: what is spent there "
        + "may be lost."
    ]
  }
}

extension ShuffledControl {
  /// What a reader must know where the decisions are not shown to belong to their requests.
  var warning: String? {
    guard p > 0.05 else { return nil }
    let mix = isOfSameCost ? "of the same dollars" : "of the same shares"
    let range =
      "\(NumberFormat.signed(dealt.lower, places: 4)) to \(NumberFormat.signed(dealt.upper, places: 4))"
    return
      "The decisions are not shown to belong to their requests: quality \(NumberFormat.signed(excess, places: 4)) over a random mix "
      + "\(mix), where the same decisions dealt to other requests have \(range) (\(NumberFormat.count(deals)) deals, p = "
      + "\(NumberFormat.decimal(p, places: 3)))."
  }
}
