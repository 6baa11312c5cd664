import TextKit

extension ComparisonVerdict {
  /// Plain sentences: who routes better and how sure that is, then what the models' own thresholds come to.
  package var sentences: [String] {
    if winner == .alike { return ["Both models score and route every row alike."] }
    return [routingSentence, ownSentence].compactMap(\.self)
  }

  private var routingSentence: String {
    guard let apgr = differences.apgr else {
      return
        "The log cannot determine which model routes better: APGR has no meaning on these rows, or on too many resamples."
    }
    let confidence = NumberFormat.percent(self.confidence)
    let range =
      "APGR second − first \(NumberFormat.signed(apgr.estimate)), \(confidence) interval \(NumberFormat.signed(apgr.lower)) to "
      + "\(NumberFormat.signed(apgr.upper))"
    switch winner {
    case .first: return "The first model routes better: \(range)."
    case .second: return "The second model routes better: \(range)."
    default: return "The log cannot determine which model routes better: \(range).\(remedy(apgr))"
    }
  }

  /// Intervals shrink with the square root of the rows.
  private func remedy(_ interval: Interval) -> String {
    let halfWidth = (interval.upper - interval.lower) / 2
    guard interval.estimate != 0, halfWidth > 0 else { return "" }
    let needed = Double(questions) * (halfWidth / interval.estimate) * (halfWidth / interval.estimate)
    guard needed < 1e9 else { return "" }
    let rounded = max(questions, Int(needed / 100 + 1) * 100)
    return " A difference of this size would take about \(NumberFormat.count(rounded)) complete rows to show."
  }

  private var ownSentence: String? {
    guard let quality = differences.quality else { return nil }
    let cost = differences.costUSD
    let start =
      "At their own thresholds, second − first: quality \(NumberFormat.signed(quality.estimate, places: 4)) "
      + "(\(range(quality)))"
    guard let cost else { return "\(start); the log does not contain costs: \(conclusion(quality.sign, 0))." }
    return "\(start), \(dollars(cost.estimate)) per 1,000 requests (\(dollars(cost.lower)) to \(dollars(cost.upper))): "
      + "\(conclusion(quality.sign, cost.sign))."
  }

  private func range(_ interval: Interval) -> String {
    "\(NumberFormat.signed(interval.lower, places: 4)) to \(NumberFormat.signed(interval.upper, places: 4))"
  }

  private func dollars(_ perRequest: Double) -> String {
    (perRequest > 0 ? "+" : "") + NumberFormat.usd(perRequest * 1_000)
  }

  private func conclusion(_ quality: Int, _ cost: Int) -> String {
    switch (quality, cost) {
    case (1, 1): "the second is better and more expensive"
    case (-1, -1): "the second is worse and cheaper"
    case (1, -1): "the second is better and cheaper"
    case (-1, 1): "the second is worse and more expensive"
    case (1, _): "the second is better"
    case (-1, _): "the second is worse"
    case (_, -1): "the second is cheaper, and the log cannot distinguish their quality"
    case (_, 1): "the second is more expensive, and the log cannot distinguish their quality"
    default: "the log cannot distinguish them"
    }
  }
}
