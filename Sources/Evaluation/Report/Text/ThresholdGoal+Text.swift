import TextKit

extension ThresholdGoal {
  /// The goal in words, as the rest of a sentence that begins "these thresholds".
  fileprivate func words(strongest: String) -> String {
    switch self {
    case .targetQuality(let fraction):
      "keep at least \(NumberFormat.percent(fraction)) of the mean quality of '\(SafeText.name(strongest))'"
    case .maximumCostPer1000(let usd): "spend at most \(NumberFormat.usd(usd)) per 1,000 requests on average"
    case .maximumShare(let tier, let share):
      "send at most \(NumberFormat.percent(share)) of requests to '\(SafeText.name(tier))'"
    }
  }
}

extension ChosenThresholds {
  /// The guarantee, in one sentence.
  package var guarantee: String {
    "With \(NumberFormat.percent(confidence)) confidence over the draw of the log, these thresholds "
      + "\(goal.words(strongest: tierNames[tierNames.count - 1])); n = \(NumberFormat.count(rows))."
  }

  /// What the guarantee rests on, one sentence each.
  package var assumptions: [String] { basis.sentences(goal) }
}

extension ThresholdRefusal {
  /// The reason in two or three sentences.
  package var reason: String {
    let strongest = tierNames[tierNames.count - 1]
    var subject = "any thresholds"
    if case .targetQuality = goal { subject += " but those that send everything to '\(SafeText.name(strongest))'" }
    let start =
      "the log cannot show that \(subject) \(goal.words(strongest: strongest)): \(NumberFormat.count(rows)) rows are evidence on it. "
    if let cheapestCostUSD {
      return start
        + "'\(SafeText.name(tierNames[0]))' alone costs \(NumberFormat.usd(cheapestCostUSD * 1_000)) per 1,000 requests on this log: "
        + "no thresholds reach the goal."
    }
    guard let rowsNeeded else {
      return start + "More rows like these would not help: on these, even the safest thresholds miss the goal."
    }
    return start + "About \(NumberFormat.count(rowsNeeded)) rows would be needed."
  }

  /// What can be guaranteed from the rows at hand instead, in one sentence.
  package var guarantee: String {
    "With \(NumberFormat.percent(confidence)) confidence, taken by itself: " + fallbackGuarantee
  }

  private var fallbackGuarantee: String {
    switch goal {
    case .targetQuality:
      "sending each request to the tier that is most probably right keeps at least \(NumberFormat.percent(fallbackBound)) of the "
        + "mean quality of '\(SafeText.name(tierNames[tierNames.count - 1]))'."
    case .maximumCostPer1000:
      "sending every request to '\(SafeText.name(tierNames[0]))' costs at most \(NumberFormat.usd(fallbackBound * 1_000)) per 1,000 requests on "
        + "average."
    case .maximumShare(let name, _):
      "sending each request to the tier that is most probably right sends at most \(NumberFormat.percent(fallbackBound)) of "
        + "requests to '\(SafeText.name(name))'."
    }
  }

  /// What the guarantees rest on, one sentence each.
  package var assumptions: [String] { basis.sentences(goal) }
}

extension GuaranteeBasis {
  /// What any guarantee about a goal rests on.
  fileprivate func sentences(_ goal: ThresholdGoal) -> [String] {
    var sentences = [
      "New requests are drawn from the same distribution as the rows of the log, and the model scores them as well as its "
        + "cross-validated copies scored these rows, each by a copy that had not seen the row."
    ]
    if let leastPropensity {
      sentences.append(
        "One tier, drawn with the logged propensity, answered each row; every tier could be drawn, and none with less than "
          + "\(NumberFormat.short(leastPropensity)): the guarantee is about such requests, of a conversation the first."
      )
    }
    if case .maximumCostPer1000 = goal {
      sentences.append(
        "No request costs more than the most expensive one in the log, \(NumberFormat.usd(largestCostUSD)).")
    }
    if isWeighted { sentences.append("Rows count by their weights, and no weight is larger than the largest seen.") }
    if isScaled { sentences.append("Each request's steps are scaled by its expected costs.") }
    switch costSource {
    case .given: sentences.append("Steps between tiers are in proportion to the costs stated.")
    case .measured: sentences.append("Steps between tiers are in proportion to mean costs in the log, taken as given.")
    case .nominal:
      sentences.append("The log does not contain costs: steps between tiers are in proportion to 1, 5, 25 and so on.")
    }
    return sentences
  }
}
