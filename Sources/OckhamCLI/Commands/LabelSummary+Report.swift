import Judging
import Labelling
import TextKit

extension LabelSummary {
  /// Prints what is known of each tier, and what the judge did; problems go to standard error.
  func report(judge: PairJudge?, timeLimit: Double) throws {
    for problem in problems { StandardError.write("\(problem)\n") }
    if rejected > problems.count {
      StandardError.write("… and \(NumberFormat.count(rejected - problems.count)) more\n")
    }
    try StandardOutput.write(
      "\(NumberFormat.count(labelledRecords)) of \(NumberFormat.count(lines)) records labelled, "
        + "\(NumberFormat.count(rejected)) rejected\n")
    var table = TextTable(["tier", "labelled", "share good", "mean quality", "verdicts agree", "cost, USD"])
    for tier in tiers {
      table.append([
        tier.name, NumberFormat.count(tier.labelled), tier.shareGood.map { NumberFormat.percent($0, places: 1) } ?? "–",
        NumberFormat.decimal(tier.meanQuality, places: 3),
        tier.agreement.map { NumberFormat.percent($0, places: 1) } ?? "–",
        tier.priced == 0 ? "–" : NumberFormat.decimal(tier.costUSD, places: 6),
      ])
    }
    try StandardOutput.write(table.text())
    for reason in MissingLabel.allCases where missing(reason) > 0 {
      try StandardOutput.write(
        "\(NumberFormat.count(missing(reason))) answers without a label: \(Self.words(reason, timeLimit))")
    }
    sayComparisons()
    if let judge { try StandardOutput.write("\n" + Self.sentence(judge)) }
    warn()
  }

  /// Records whose right answer is the frontier's, for want of a reference.
  private func sayComparisons() {
    guard comparedWithFrontier > 0 else { return }
    StandardError.write(
      "ockham: \(NumberFormat.count(comparedWithFrontier)) records without a reference were compared with the frontier's answer\n"
    )
    for (key, count) in unreadReferences.sorted(by: { $0.key < $1.key }) {
      StandardError.write(
        "ockham: warning: \(NumberFormat.count(count)) of them have a key \(key), which is not read; is it the reference? "
          + "call it reference, or let `ockham import` read the log\n")
    }
  }

  /// Labels that look like a fault of the method.
  private func warn() {
    let labelled = tiers.reduce(0) { $0 + $1.labelled }
    guard labelled >= 10, tiers.allSatisfy({ $0.qualitySum == 0 }) else { return }
    StandardError.write(
      "ockham: warning: none of \(NumberFormat.count(labelled)) answers is good; check the method before you train on this\n"
    )
  }

  private static func words(_ reason: MissingLabel, _ timeLimit: Double) -> String {
    switch reason {
    case .timedOut: "the program took longer than \(NumberFormat.short(timeLimit)) s; see --time-limit"
    case .onlyCallsTools: "they only call tools, and have no text to check"
    case .noVerdict: "the judge said nothing that could be read"
    case .loneFrontier: "the frontier's answer stands alone in a log of pairs"
    case .unrated: "no one rated them"
    }
  }

  private static func sentence(_ judge: PairJudge) -> String {
    let counts = judge.counts
    var parts = [
      "judge: \(NumberFormat.count(counts.calls)) calls, \(NumberFormat.count(counts.journalled)) verdicts from the journal"
    ]
    if let agreement = counts.agreement {
      parts.append("swapped verdicts agree in \(NumberFormat.percent(agreement, places: 1)) of pairs")
    }
    if let share = counts.firstShare {
      parts.append("\(NumberFormat.percent(share, places: 1)) of winners stood first (50 % is no habit)")
    }
    if let share = counts.longerShare {
      parts.append("\(NumberFormat.percent(share, places: 1)) of winners are the longer answer")
    }
    if let correlation = counts.lengthCorrelation {
      parts.append("scores correlate with length at \(NumberFormat.signed(correlation, places: 2))")
    }
    if counts.malformed > 0 { parts.append("\(NumberFormat.count(counts.malformed)) replies were no verdict or score") }
    if counts.withoutVerdict > 0 {
      parts.append("\(NumberFormat.count(counts.withoutVerdict)) pairs or answers without one")
    }
    parts.append("\(NumberFormat.decimal(judge.budget.spentUSD, places: 6)) USD spent in all")
    return parts.joined(separator: ", ")
  }
}

extension RatingBook {
  /// Says what became of the ratings.
  func report() {
    StandardError.write(
      "\(NumberFormat.count(count)) answers rated, \(NumberFormat.count(unratedRows)) rows without a rating, "
        + "\(NumberFormat.count(disputed)) answers whose ratings are more than half the scale apart\n")
    guard unusedCount > 0 else { return }
    StandardError.write(
      "ockham: warning: \(NumberFormat.count(unusedCount)) ratings fit no answer that lacks a quality: the log is another than "
        + "the sheet's, or has qualities already (--relabel replaces them)\n")
  }
}

extension RatingSheet.Summary {
  /// Says what is to be rated.
  func report() {
    var parts = ["\(NumberFormat.count(answers)) answers to rate"]
    if questionsLeftOut > 0 { parts.append("\(NumberFormat.count(questionsLeftOut)) questions left out by --sample") }
    if shortened > 0 { parts.append("\(NumberFormat.count(shortened)) texts shortened to fit a cell") }
    if rejected > 0 { parts.append("\(NumberFormat.count(rejected)) bad records") }
    StandardError.write(parts.joined(separator: ", ") + "\n")
  }
}
