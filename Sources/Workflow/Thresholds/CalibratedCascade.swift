package import Evaluation
import Ockham
import TextKit

/// A cascade for a goal: a proven one, or the best offer with the reason why nothing is proven.
///
/// It stands beside the thresholds: those guarantee what requests get whose responses no one reads, this what requests get whose
/// responses are read before they are taken.
package struct CalibratedCascade {
  package let choice: CascadeChoice
  package let path: CascadePath
  private let tierNames: [String]

  /// Chooses on a scored log; `nil` where no responses were scored, for goals of share, and where the log contains no path.
  ///
  /// - Parameter path: the one that the model was trained with; that of the log where it is `nil`.
  /// - Throws: `EvaluationError` for a goal that does not fit the log.
  init?(_ log: ScoredLog, goal: ThresholdGoal, path: CascadePath?, parameters: ThresholdChoiceParameters) throws {
    guard log.responses?.tiers.isEmpty == false, let path = path ?? CascadePath(log),
      let choice = try CascadeChoice(log, goal: goal, path: path, parameters: parameters)
    else { return nil }
    self.choice = choice
    self.path = path
    tierNames = log.tierNames
  }

  private var strongest: String { SafeText.name(tierNames[tierNames.count - 1]) }

  /// What is guaranteed, or why nothing is.
  var statement: String {
    let goal = goalText
    guard choice.policy != nil else {
      return "No cascade that \(goal) costs less than all to '\(strongest)' on this log."
    }
    guard choice.isProven else {
      let rows = "\(NumberFormat.count(choice.rows)) rows are evidence on it"
      let needed = choice.rowsNeeded.map { "; about \(NumberFormat.count($0)) would be needed" } ?? ""
      return "Not proven: that this cascade \(goal): \(rows)\(needed)."
    }
    return
      "With \(NumberFormat.percent(choice.confidence)) confidence over the draw of the log, this cascade \(goal); n = "
      + "\(NumberFormat.count(choice.rows))."
  }

  private var goalText: String {
    switch choice.goal {
    case .targetQuality(let fraction):
      "keeps at least \(NumberFormat.percent(fraction)) of the mean quality of '\(strongest)'"
    case .maximumCostPer1000(let usd), .maximumShare(_, let usd):
      "spends at most \(NumberFormat.usd(usd)) per 1,000 requests on average, all attempts counted"
    }
  }

  /// What the cascade comes to on the log that it was chosen on; `nil` without a policy.
  private var figures: String? {
    choice.estimate.map { estimate in
      "On this log: \(NumberFormat.percent(estimate.qualityKept, places: 1)) of the strongest tier's quality kept, "
        + "\(NumberFormat.percent(estimate.saved, places: 1)) of its dollars saved, "
        + "\(NumberFormat.decimal(estimate.costUSD * 1_000, places: 4)) USD and "
        + "\(NumberFormat.decimal(estimate.attempts, places: 2)) attempts a request per 1,000."
    }
  }

  /// The cascade, the guarantee or why there is none, and the figures, a line each.
  var sentences: [String] {
    let unproven = choice.isProven || choice.policy == nil ? "" : " (not proven)"
    return ["cascade      \(path.member.sentence)\(unproven)", statement, figures].compactMap(\.self)
  }

  /// The choice with stable names.
  var json: JSONNode {
    .object([
      ("member", .string(path.member.rawValue)), ("proven", .boolean(choice.isProven)),
      ("statement", .string(statement)), ("saved", .figure(choice.estimate?.saved)),
      ("quality_kept", .figure(choice.estimate?.qualityKept)),
      ("cost_usd_per_1k", .figure(choice.estimate.map { $0.costUSD * 1_000 })),
      ("attempts", .figure(choice.estimate?.attempts)), ("bound", .figure(choice.bound)),
      ("rows", .integer(choice.rows)), ("rows_needed", choice.rowsNeeded.map { .integer($0) } ?? .null),
      ("lambda", .figure(choice.policy?.lambda)), ("premium", .figure(choice.policy?.premium)),
      ("spreads", .figures(path.spreads.map(Double.init))),
    ])
  }
}

extension CascadeMember {
  fileprivate var sentence: String {
    switch self {
    case .router: "none: responses are taken as they are, since reading them does not pay on this log"
    case .cascade: "every request starts at the first tier and escalates where its response says that it pays"
    case .both: "requests start where it pays and escalate where their response says that it pays"
    }
  }
}
