import TextKit

extension AuditReport {
  /// What is not known, and what it would take to know it.
  package var unknowns: [String] {
    var sentences = traffic.lacks
    func note(_ what: String, _ figure: AuditFigure) {
      guard figure.value == nil, let reason = figure.reason, !reason.isEmpty else { return }
      sentences.append("\(what): \(reason).")
    }
    guard total.requests > 0 else { return sentences + ["Everything: the period holds no request."] }
    note("What routing saved", money.saved)
    note("Quality of what was served", quality.served)
    note("Quality of the strongest tier on these requests", quality.strongest)
    note("Quality against a random mix of the same cost", money.overMix)
    if let reason = thresholds.reason { sentences.append("What other thresholds would do: \(reason).") }
    if money.unpriced > 0 {
      sentences.append(
        "The cost of \(NumberFormat.count(money.unpriced)) requests: no answer came, or none whose tokens and price are known."
      )
    }
    sentences.append(
      "What prompt caches lost through changes of tier cost: the log holds what was paid, not what a warm cache had spared."
    )
    return sentences
  }

  var unknownSection: AuditSection {
    var section = AuditSection("unknown", "What is not known, and what it would take")
    section.sentences = unknowns
    return section
  }

  var methodSection: AuditSection {
    var section = AuditSection("method", "How to read this")
    let level = NumberFormat.percent(options.confidence)
    section.sentences = [
      "Times and days are in \(clock.name). Ranges in brackets are intervals of \(level): what the figure may be for as many "
        + "requests of this kind.",
      "Quality is as judged: 1 is good, 0 is not. Ratings count by 1 / the probability with which they were drawn (Hájek), tier by tier of what "
        + "was served; users' ratings are shown and count in no estimate.",
      "Savings are the strongest tier's dollars less what was paid, on requests of which both are known. Their interval takes requests of one "
        + "hour as alike. Dollars of other tiers' answers and of the judge are taken off; dollars of answers that a cascade threw away are "
        + "part of what was spent.",
      "Percentiles of time are within 4.5 % of the true value. What is not known is never counted as 0.",
    ]
    return section
  }
}
