import Labelling
import TextKit

extension CollectPlan {
  /// Says what the log lacks.
  func report(log: String) {
    for problem in problems { StandardError.write("\(problem)\n") }
    if rejected > problems.count {
      StandardError.write("… and \(NumberFormat.count(rejected - problems.count)) more\n")
    }
    StandardError.write(
      "\(log): \(NumberFormat.count(lacking)) of \(NumberFormat.count(lines)) records lack answers "
        + "(\(NumberFormat.count(calls)) calls), \(NumberFormat.count(complete)) need none, \(NumberFormat.count(rejected)) cannot be "
        + "asked\n")
  }

  /// Prints labels and dollars for some precisions, or for the wanted one.
  func reportPrices(halfWidth: Double?, labels: Int?, _ targets: [CollectTarget]) throws {
    guard lacking > 0 else { return try StandardOutput.write("nothing to ask") }
    var table = TextTable(["± quality", "labels", "share of the log", "expected cost"])
    var rates = (halfWidth.map { [$0] } ?? [0.05, 0.03, 0.02, 0.01]).map { rate(for: .halfWidth($0)) }
    if let labels { rates = [rate(for: .labels(labels))] }
    if halfWidth == nil, labels == nil { rates.append(fullRate) }
    for forecast in Self.distinct(rates.map { forecast(rate: $0) }) {
      table.append([
        NumberFormat.decimal(forecast.halfWidth, places: 4), NumberFormat.count(Int(forecast.labels.rounded(.up))),
        NumberFormat.percent(forecast.labels / Double(lacking), places: 1), NumberFormat.usd(forecast.usd),
      ])
    }
    try StandardOutput.write(table.text())
    try StandardOutput.write(
      """

      ± is half the 95 % interval of the mean quality difference, with a standard deviation of \
      \(NumberFormat.decimal(deviation, places: 3)) (\(deviationSource)); selection: \(selection.rawValue).
      Costs are for \(zip(targets, expectedOutputTokens).map(Self.words).joined(separator: " and ")); \
      judging them costs extra, see ockham label.
      """)
    if let halfWidth, forecast(rate: fullRate).halfWidth > halfWidth {
      try StandardOutput.write("The log is too short for ± \(halfWidth): asking all of it gives what the table says.")
    }
    NextStep.say(.collect)
  }

  private static func words(_ target: CollectTarget, _ tokens: Double) -> String {
    "\(SafeText.name(target.tier)), answers of about \(NumberFormat.count(Int(tokens.rounded()))) tokens"
  }

  /// Without repetitions, as where several precisions need all of the log.
  private static func distinct(_ forecasts: [Forecast]) -> [Forecast] {
    forecasts.enumerated().filter { $0 == 0 || forecasts[$0 - 1] != $1 }.map(\.element)
  }
}

extension CollectSummary {
  /// Prints what each tier answered.
  func report(spentUSD: Double) throws {
    var table = TextTable(["tier", "answers", "from the journal", "tool calls", "no answer", "tokens", "cost"])
    for tier in tiers {
      table.append([
        tier.name, NumberFormat.count(tier.answers), NumberFormat.count(tier.journalled),
        NumberFormat.count(tier.toolCalls), NumberFormat.count(tier.missing), NumberFormat.count(tier.outputTokens),
        NumberFormat.usd(tier.costUSD),
      ])
    }
    try StandardOutput.write(table.text())
    for tier in tiers {
      for (count, words) in [
        (tier.refused, "refused by the endpoint for good"), (tier.failed, "failed after several attempts"),
        (tier.overCap, "not asked, as the cap was reached"),
        (tier.cut, "cut at --max-output-tokens"),
      ] where count > 0 {
        try StandardOutput.write("\(SafeText.name(tier.name)): \(NumberFormat.count(count)) \(words)")
      }
    }
    if replaced > 0 {
      try StandardOutput.write("\(NumberFormat.count(replaced)) outcomes with neither answer nor quality were replaced")
    }
    if strippedTools > 0 {
      try StandardOutput.write("\(NumberFormat.count(strippedTools)) tools that providers run themselves were left out")
    }
    try StandardOutput.write("\(NumberFormat.usd(spentUSD)) spent in all, journal included")
  }
}
