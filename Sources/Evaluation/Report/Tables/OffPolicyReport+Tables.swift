import TextKit

extension OffPolicyReport {
  /// The ways of routing side by side; the doubly robust estimate is the one that has an interval.
  var table: TextTable {
    let interval = "\(NumberFormat.percent(confidence)) interval"
    var table = TextTable(
      [
        "policy", "quality", interval, "SNIPS", "IPS", "direct", "matched", "ESS", "greatest weight", "USD per 1,000",
        interval,
      ], wordColumns: [0, 2, 10])
    for policy in policies { table.append(policy.cells, isEmphasised: policy.name == own.name) }
    return table
  }
}

extension OffPolicyReport.Policy {
  fileprivate var cells: [String] {
    let support = quality.support
    let cost = costUSD?.robust
    let figures = [quality.selfNormalised, quality.inversePropensity, quality.direct]
    return [
      name, NumberFormat.decimal(quality.robust?.value, places: 4),
      quality.range { NumberFormat.decimal($0, places: 4) },
    ]
      + figures.map { NumberFormat.decimal($0, places: 4) } + [
        NumberFormat.count(support.matchedRows), NumberFormat.decimal(support.effectiveSampleSize, places: 1),
        NumberFormat.percent(support.greatestShare, places: 1), NumberFormat.usd(cost.map { $0.value * 1_000 }),
        costUSD?.range { NumberFormat.usd($0 * 1_000) } ?? "-",
      ]
  }
}

extension OffPolicyEstimate {
  fileprivate func range(_ text: (Double) -> String) -> String {
    if refusal != nil { return "refused" }
    return robust.map { "\(text($0.low)) to \(text($0.high))" } ?? "-"
  }
}
