import TextKit

extension TierAdvice {
  /// What to do about the tiers, one sentence each; none where every tier earns its place.
  package var sentences: [String] { doubtful.map(sentence) + (proposal.map { [$0] } ?? []) }

  /// A sentence for each tier that is worse than one below it.
  package var warnings: [String] { doubtful.filter { $0.difference.upper < 0 }.map(sentence) }

  private func sentence(_ step: Step) -> String {
    let (lower, upper) = (name(step.lower), name(step.upper))
    let figures =
      "quality \(NumberFormat.signed(step.difference.estimate, places: 4)), 95 % interval "
      + "\(NumberFormat.decimal(step.difference.lower, places: 4)) to \(NumberFormat.decimal(step.difference.upper, places: 4)), "
      + "on \(NumberFormat.count(step.rows)) rows that know both"
    return step.difference.upper < 0
      ? "Tier '\(upper)' is worse than '\(lower)', which is ranked below it (\(figures)): check the order of the tiers."
      : "Tier '\(upper)' is not shown to be better than '\(lower)', which is ranked below it (\(figures))."
  }

  private func name(_ tier: Int) -> String { SafeText.name(standings[tier].name) }

  /// The front, where it leaves tiers out.
  private var proposal: String? {
    let reasons = standings.indices.compactMap { tier in
      standings[tier].dominatedBy.map { "'\(name(tier))' is no better than '\(name($0))' for no less" }
    }
    guard !reasons.isEmpty else { return nil }
    let start = "Pareto front of quality and \(isPriced ? "cost" : "rank"): \(SafeText.names(front)); "
    let end =
      front.count == 1
      ? "on average nothing is won by routing: send everything to '\(SafeText.name(front[0]))'"
      : "to route between these alone, add --tiers" + (names.map { " \($0)" } ?? " and their names")
    return start + reasons.joined(separator: ", ") + "; " + end + "."
  }

  private var isPriced: Bool { standings.allSatisfy { $0.costUSD != nil } }

  /// The front as an argument; `nil` where names would have to be quoted.
  private var names: String? {
    let arePlain = front.allSatisfy { SafeText.label($0) == "\"\($0)\"" }
    return arePlain ? front.joined(separator: ",") : nil
  }

  /// What ``table`` is called.
  var title: String {
    isPaired ? "Tiers, on rows that know all" : "Tiers, each on the rows that know it"
  }

  /// The tiers side by side.
  var table: TextTable {
    var table = TextTable(["tier", "rows", "mean quality", "USD per 1,000", "Pareto front"], wordColumns: [0, 4])
    for tier in standings {
      table.append([
        tier.name, NumberFormat.count(tier.rows), NumberFormat.decimal(tier.quality, places: 4),
        NumberFormat.usd(tier.costUSD.map { $0 * 1_000 }),
        tier.quality == nil ? "-" : tier.dominatedBy.map { "no: \(name($0))" } ?? "yes",
      ])
    }
    return table
  }
}
