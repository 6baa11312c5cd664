import TextKit

extension ReplayReport {
  /// The share of the incumbent's dollars that the candidate saves; `nil` where either is unknown.
  package var saved: IntervalEstimate? {
    estimate(.costUSD)?.ratio.map { IntervalEstimate(value: 1 - $0.value, low: 1 - $0.high, high: 1 - $0.low) }
  }

  /// What the comparison comes to, what it rests on, and what is refused, one sentence each.
  package var sentences: [String] {
    [verdict, dollars].compactMap(\.self) + [difference] + labelSentences + caveats + notes
  }

  private var verdict: String? {
    if let refusal { return "No quality is given: \(refusal.sentence)" }
    guard let quality = estimate(.quality)?.difference else { return nil }
    let confidence = "with \(NumberFormat.percent(options.confidence)) confidence"
    let margin = NumberFormat.decimal(options.margin * 100, places: 1) + " points"
    let range = "\(ReplayQuantity.quality.signed(quality.low)) to \(ReplayQuantity.quality.signed(quality.high))"
    if quality.low >= -options.margin {
      return "The candidate is at most \(margin) of quality worse, \(confidence): \(range)."
    }
    if quality.high < -options.margin {
      return "The candidate is more than \(margin) of quality worse, \(confidence): \(range)."
    }
    return "The log cannot determine yet whether the candidate is at most \(margin) of quality worse: \(range)."
      + remedy(quality)
  }

  /// Intervals shrink with the square root of the rated requests.
  private func remedy(_ quality: IntervalEstimate) -> String {
    let matched = estimate(.quality)?.evidence.matchedRows ?? 0
    let (reach, room) = (quality.value - quality.low, quality.value + options.margin)
    guard room > 0, reach > 0, matched > 0 else { return "" }
    let needed = Double(matched) * (reach / room) * (reach / room)
    guard needed < 1e7 else { return "" }
    return
      " If it is as good as it looks, about \(NumberFormat.count(Int(needed.rounded(.up)))) rated requests would decide it; "
      + "there are \(NumberFormat.count(matched))."
  }

  private var dollars: String? {
    guard let saved else { return nil }
    let range = "\(NumberFormat.percent(saved.low, places: 1)) to \(NumberFormat.percent(saved.high, places: 1))"
    return
      "It saves \(NumberFormat.percent(saved.value, places: 1)) of the incumbent's dollars (\(range)), before what labels cost."
  }

  private var difference: String {
    "The two differ on \(NumberFormat.percent(disagreement, places: 1)) of the requests"
      + (eligibleRows < rows
        ? "; \(NumberFormat.count(rows - eligibleRows)) had no choice (pins, rules, turns that keep their tier) and count on both sides as what they gave."
        : ".")
  }

  private var labelSentences: [String] {
    let evidence = estimates[.quality]?.evidence ?? ReplayEvidence()
    var sentences: [String] = []
    if labels.training > 0 || labels.trainingRows > 0 {
      sentences.append(
        "\(NumberFormat.count(labels.deciding)) labels can decide about this candidate; \(NumberFormat.count(labels.training)) are "
          + "training labels: it may have been made from them."
          + (decides ? " Only the former count here." : ""))
    }
    if restsOnFeedback {
      sentences.append("These figures decide nothing: users choose themselves which answers they rate.")
    } else if !decides, refusal == nil {
      sentences.append(
        "Quality decides nothing here: it rests on labels from before the model was frozen, which is the time of its file unless --frozen "
          + "says another, though every decision is of models that have not seen the row. Where no row was trained on, --held-out lets them decide."
      )
    }
    if let quality = estimate(.quality), quality.difference != nil {
      sentences.append(
        quality.span == .always
          ? "The interval of quality holds however often one looks."
          : "Intervals are for a period that was fixed beforehand: anyone who looks until one pleases has none.")
    }
    if evidence.missingRows > 0 {
      sentences.append(
        "\(NumberFormat.count(evidence.missingRows)) labels that were drawn are missing; the interval of quality holds at the worst for them."
      )
    }
    if estimate(.quality)?.method == .labels {
      sentences.append(
        evidence.isGoldCorrected
          ? "\(NumberFormat.count(evidence.goldRows)) ratings by people correct the labels: quality is what people say."
          : "Quality is as labelled: \(LabelEstimate.leastGold) ratings by people, drawn with a known probability, would correct it; "
            + "there are \(NumberFormat.count(evidence.goldRows)).")
    }
    return sentences
  }

  private var caveats: [String] {
    var sentences: [String] = []
    if conversations < rows {
      sentences.append(
        "Turns after the first are compared as they came: one step on conversations that the incumbent led.")
    }
    if foreignRows > 0 {
      let rules = doubtfulRules.prefix(5).map { "\($0.name) (\(NumberFormat.count($0.rows)))" }
      sentences.append(
        "The candidate's rules, pins or limits would treat \(NumberFormat.count(foreignRows)) requests otherwise than they were logged, or may; "
          + "they count as the log allowed."
          + (rules.isEmpty ? "" : " The log cannot cover: \(rules.joined(separator: ", "))."))
    }
    for quantity in ReplayQuantity.allCases where estimate(quantity)?.method == .predicted {
      sentences.append(
        "\(quantity.noun) of tiers that did not serve are their means by tier: the interval does not show how wrong these are."
      )
    }
    return sentences
  }
}

extension ReplayQuantity {
  fileprivate var noun: String {
    switch self {
    case .quality: "Qualities"
    case .costUSD: "Dollars"
    case .latencyMilliseconds: "Latencies"
    case .failures: "Failures"
    }
  }
}
