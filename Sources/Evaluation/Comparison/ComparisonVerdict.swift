/// Which of two models is better, in one word and in sentences.
///
/// The word follows from APGR alone, which does not depend on anybody's thresholds: a model is better when the whole
/// interval of the difference is on its side. Quality and cost at the models' own thresholds are told beside it.
package struct ComparisonVerdict: Sendable, Equatable {
  /// What the log says.
  package enum Winner: String, Sendable {
    case first
    case second
    /// The interval of the difference reaches both sides, or there is none.
    case undecided
    /// No row is scored or routed differently.
    case alike
  }

  package let winner: Winner
  /// Plain sentences: who routes better and how sure that is, then what the models' own thresholds come to.
  package let sentences: [String]

  init(_ comparison: ModelComparison) {
    guard !comparison.areAlike else {
      winner = .alike
      sentences = ["Both models score and route every row alike."]
      return
    }
    winner = Self.winner(comparison.differences.apgr)
    sentences = [Self.routingSentence(comparison, winner), Self.ownSentence(comparison)].compactMap(\.self)
  }

  private static func winner(_ apgr: Interval?) -> Winner {
    switch apgr?.sign {
    case 1: .second
    case -1: .first
    default: .undecided
    }
  }

  // MARK: Sentences

  private static func routingSentence(_ comparison: ModelComparison, _ winner: Winner) -> String {
    guard let apgr = comparison.differences.apgr else {
      return
        "The log cannot tell which model routes better: APGR has no meaning on these rows, or on too many resamples."
    }
    let confidence = Figure.percent(comparison.parameters.confidence)
    let range =
      "APGR second − first \(Figure.signed(apgr.estimate)), \(confidence) interval \(Figure.signed(apgr.lower)) to "
      + "\(Figure.signed(apgr.upper))"
    switch winner {
    case .first: return "The first model routes better: \(range)."
    case .second: return "The second model routes better: \(range)."
    default: return "The log cannot tell which model routes better: \(range).\(remedy(apgr, comparison.questions))"
    }
  }

  /// Intervals shrink with the square root of the rows.
  private static func remedy(_ interval: Interval, _ questions: Int) -> String {
    let halfWidth = (interval.upper - interval.lower) / 2
    guard interval.estimate != 0, halfWidth > 0 else { return "" }
    let needed = Double(questions) * (halfWidth / interval.estimate) * (halfWidth / interval.estimate)
    guard needed < 1e9 else { return "" }
    let rounded = max(questions, Int(needed / 100 + 1) * 100)
    return " A difference of this size would take about \(Figure.count(rounded)) complete rows to show."
  }

  private static func ownSentence(_ comparison: ModelComparison) -> String? {
    guard let quality = comparison.differences.quality else { return nil }
    let cost = comparison.differences.costUSD
    let start =
      "At their own thresholds, second − first: quality \(Figure.signed(quality.estimate, places: 4)) "
      + "(\(range(quality)))"
    guard let cost else { return "\(start); the log does not tell costs: \(conclusion(quality.sign, 0))." }
    return "\(start), \(dollars(cost.estimate)) per 1,000 requests (\(dollars(cost.lower)) to \(dollars(cost.upper))): "
      + "\(conclusion(quality.sign, cost.sign))."
  }

  private static func range(_ interval: Interval) -> String {
    "\(Figure.signed(interval.lower, places: 4)) to \(Figure.signed(interval.upper, places: 4))"
  }

  private static func dollars(_ perRequest: Double) -> String {
    (perRequest > 0 ? "+" : "") + Figure.usd(perRequest * 1_000)
  }

  private static func conclusion(_ quality: Int, _ cost: Int) -> String {
    switch (quality, cost) {
    case (1, 1): "the second is better and dearer"
    case (-1, -1): "the second is worse and cheaper"
    case (1, -1): "the second is better and cheaper"
    case (-1, 1): "the second is worse and dearer"
    case (1, _): "the second is better"
    case (-1, _): "the second is worse"
    case (_, -1): "the second is cheaper, and the log cannot tell their quality apart"
    case (_, 1): "the second is dearer, and the log cannot tell their quality apart"
    default: "the log cannot tell them apart"
    }
  }
}

extension ModelComparison {
  /// Which model is better, or that the log cannot tell.
  package var verdict: ComparisonVerdict { ComparisonVerdict(self) }
}
