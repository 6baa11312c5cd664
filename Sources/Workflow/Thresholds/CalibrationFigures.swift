package import Evaluation
package import Ockham
import TextKit

/// What thresholds come to on the log that they were chosen on, and how much of it is shown.
package struct CalibrationFigures {
  /// What was asked for.
  package let goal: ThresholdGoal
  /// 1 − δ.
  package let confidence: Double
  package let thresholds: Thresholds
  /// Estimates on the log.
  package let estimate: PolicyEstimate
  /// What the thresholds, taken by themselves, are shown to keep of the goal's quantity; `nil` where qualities are guesses.
  package let bound: Double?
  /// Whether the thresholds meet the goal on the log; `false` where none do.
  package let meetsGoal: Bool
  /// The rows that are evidence on the goal.
  package let rows: Int
  /// An estimate of the rows that a proof needs; `nil` where there is one, and where more rows would not help.
  package let rowsNeeded: Int?
  private let pValue: Double?
  private let tierNames: [String]
  private let isChosenByFit: Bool

  init(_ choice: ThresholdChoice, isPredicted: Bool) {
    switch choice {
    case .chosen(let chosen):
      (goal, confidence, thresholds) = (chosen.goal, chosen.confidence, chosen.thresholds)
      (estimate, bound, meetsGoal) = (chosen.estimate, isPredicted ? nil : chosen.bound, true)
      (rows, rowsNeeded, tierNames) = (chosen.rows, nil, chosen.tierNames)
      (pValue, isChosenByFit) = (isPredicted ? nil : chosen.pValue, false)
    case .refused(let refusal):
      let offer = refusal.offer
      (goal, confidence, thresholds) = (refusal.goal, refusal.confidence, offer.thresholds)
      (estimate, bound, meetsGoal) = (offer.estimate, isPredicted ? nil : offer.bound, offer.meetsGoal)
      (rows, rowsNeeded, tierNames) = (refusal.rows, refusal.rowsNeeded, refusal.tierNames)
      (pValue, isChosenByFit) = (nil, true)
    }
  }
}

extension CalibrationFigures {
  /// The estimates in one sentence; what is shown stands in brackets.
  var sentence: String {
    let shares = zip(tierNames, estimate.share).enumerated().map { tier, part in
      "\(SafeText.name(part.0)) \(NumberFormat.percent(part.1, places: 1))\(isGoal(tier: tier) ? shown : "")"
    }
    var parts = [shares.joined(separator: ", ")]
    if let kept = estimate.qualityKept {
      var isGoal: Bool { if case .targetQuality = goal { true } else { false } }
      parts.append(
        "\(NumberFormat.percent(kept, places: 1)) of the strongest tier's quality kept\(isGoal ? shown : "")")
    }
    if let cost = estimate.costUSD {
      var isGoal: Bool { if case .maximumCostPer1000 = goal { true } else { false } }
      parts.append("\(NumberFormat.decimal(cost * 1_000, places: 4)) USD per 1,000 requests\(isGoal ? shown : "")")
    }
    return start + parts.joined(separator: "; ") + "."
  }

  private var start: String {
    if !isChosenByFit { return "On this log: " }
    if meetsGoal { return "On this log, from which they were chosen, and so optimistically: " }
    if case .targetQuality = goal {
      return "On this log, where only sending everything to the strongest tier meets the goal: "
    }
    return "On this log, where no thresholds meet the goal: "
  }

  private func isGoal(tier: Int) -> Bool {
    if case .maximumShare(let name, _) = goal { name == tierNames[tier] } else { false }
  }

  /// The bound in words; empty where there is none.
  private var shown: String {
    guard let bound else { return "" }
    let words =
      switch goal {
      case .targetQuality: "at least \(NumberFormat.percent(bound, places: 1))"
      case .maximumCostPer1000: "at most \(NumberFormat.decimal(bound * 1_000, places: 4))"
      case .maximumShare: "at most \(NumberFormat.percent(bound, places: 1))"
      }
    return " (\(words) with \(NumberFormat.percent(confidence)) confidence)"
  }

  /// The figures with stable names. An interval that is open on one side has null there.
  var members: [(String, JSONNode)] {
    [
      ("goal", goal.json), ("confidence", .figure(confidence)), ("rows", .integer(rows)), ("p_value", .figure(pValue)),
      ("rows_needed", rowsNeeded.map { .integer($0) } ?? .null), ("meets_goal_on_log", .boolean(meetsGoal)),
      ("share", .object(zip(tierNames, estimate.share).map { ($0, .figure($1)) })),
      ("quality_kept", interval(estimate.qualityKept) { if case .targetQuality = $0 { (bound, nil) } else { nil } }),
      (
        "cost_usd_per_1k",
        interval(estimate.costUSD.map { $0 * 1_000 }) {
          if case .maximumCostPer1000 = $0 { (nil, bound.map { $0 * 1_000 }) } else { nil }
        }
      ),
      ("goal_share", goalShare),
    ]
  }

  private var goalShare: JSONNode {
    guard let tier = tierNames.indices.first(where: isGoal(tier:)) else { return .null }
    return interval(estimate.share[tier]) { _ in (nil, bound) }
  }

  private func interval(
    _ value: Double?, _ ends: (ThresholdGoal) -> (low: Double?, high: Double?)?
  ) -> JSONNode {
    guard let value else { return .null }
    let ends = ends(goal)
    return .object([("value", .figure(value)), ("low", .figure(ends?.low)), ("high", .figure(ends?.high))])
  }
}

extension ThresholdGoal {
  fileprivate var json: JSONNode {
    switch self {
    case .targetQuality(let fraction): .object([("target_quality", .figure(fraction))])
    case .maximumCostPer1000(let usd): .object([("max_cost_per_1k", .figure(usd))])
    case .maximumShare(let tier, let share): .object([("max_share", .object([(tier, .figure(share))]))])
    }
  }
}
