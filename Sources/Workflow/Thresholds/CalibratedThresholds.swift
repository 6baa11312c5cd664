package import Evaluation
package import Ockham
import TextKit

/// Thresholds that were chosen for a goal, or the reason why they could not be guaranteed, and how both are told.
package struct CalibratedThresholds {
  package let thresholds: Thresholds
  /// Whether a guarantee stands behind the thresholds.
  package let isGuaranteed: Bool
  /// What is promised, or why nothing is.
  package let statement: String
  /// What the tiers cost on average where the thresholds were chosen: gain / threshold is worth this difference.
  package let tierCosts: TierCosts
  private let estimate: String
  private let assumptions: [String]

  /// Chooses thresholds for a goal on a scored log and proves them.
  ///
  /// - Parameters:
  ///   - goal: what the thresholds must keep.
  ///   - log: scores by models that have not seen the rows.
  /// - Throws: `EvaluationError` for a goal or costs that do not fit the log.
  package init(
    _ log: ScoredLog, goal: ThresholdGoal, parameters: ThresholdChoiceParameters = ThresholdChoiceParameters()
  ) throws {
    let costs = TierCosts(measuring: log)
    let choice = try ThresholdChoice(log, goal: goal, tierCosts: costs, parameters: parameters)
    self.init(choice, log: log, costs)
  }

  /// Chooses thresholds as above where rows tell every tier's quality; else with unknown qualities as the model foretells
  /// them, as in a gateway's log, and then nothing is promised.
  package init(foretelling log: ScoredLog, goal: ThresholdGoal) throws {
    let isForetold = log.completeRows.isEmpty
    let costs = TierCosts(measuring: log)
    let choice = try ThresholdChoice(
      isForetold ? log.foretellingQuality() : log, goal: goal, tierCosts: costs)
    self.init(choice, log: log, costs, isForetold: isForetold)
  }

  /// - Parameter isForetold: whether qualities are the model's own guesses, on which no promise can rest.
  private init(_ choice: ThresholdChoice, log: ScoredLog, _ costs: TierCosts, isForetold: Bool = false) {
    tierCosts = costs
    switch choice {
    case .chosen(let chosen) where isForetold:
      thresholds = chosen.thresholds
      isGuaranteed = false
      statement =
        "No guarantee: no row has the quality of every tier, and unknown ones were taken as the model foretells them."
      estimate = Self.describe(chosen.estimate, log)
      assumptions = ["The model's probabilities hold for tiers that did not answer; explore to find out."]
    case .chosen(let chosen):
      thresholds = chosen.thresholds
      isGuaranteed = true
      statement = chosen.guarantee
      estimate = Self.describe(chosen.estimate, log)
      assumptions = chosen.assumptions
    case .refused(let refusal):
      thresholds = Thresholds(steps: [Float](repeating: 0, count: log.tierCount - 1))
      isGuaranteed = false
      statement = refusal.reason(log) + " " + refusal.promise
      estimate = "The thresholds are 0: each request goes to the tier that is most probably right."
      assumptions = refusal.assumptions
    }
  }

  /// The same with thresholds that no gain reaches, for a log that says not to route.
  ///
  /// - Parameter statement: why.
  func sendingAllToFirst(_ statement: String) -> CalibratedThresholds {
    CalibratedThresholds(
      thresholds: Thresholds(steps: thresholds.steps.map { _ in 1 }), isGuaranteed: false, statement: statement,
      tierCosts: tierCosts, estimate: "The thresholds are 1: each request goes to the first tier.",
      assumptions: ["Requests to come are drawn as those of the log were."])
  }

  private init(
    thresholds: Thresholds, isGuaranteed: Bool, statement: String, tierCosts: TierCosts, estimate: String,
    assumptions: [String]
  ) {
    self.thresholds = thresholds
    self.isGuaranteed = isGuaranteed
    self.statement = statement
    self.tierCosts = tierCosts
    self.estimate = estimate
    self.assumptions = assumptions
  }

  private static func describe(_ estimate: PolicyEstimate, _ log: ScoredLog) -> String {
    let shares = zip(log.tierNames, estimate.share).map {
      "\(SafeText.name($0)) \(NumberFormat.percent($1, places: 1))"
    }.joined(
      separator: ", ")
    var parts = ["On this log: \(shares)"]
    if let kept = estimate.qualityKept {
      parts.append("\(NumberFormat.percent(kept, places: 1)) of the strongest tier's quality kept")
    }
    if let cost = estimate.costUSD {
      parts.append("\(NumberFormat.decimal(cost * 1_000, places: 4)) USD per 1,000 requests")
    }
    return parts.joined(separator: "; ") + "."
  }

  /// The thresholds, the promise, the estimates and the assumptions, a line each.
  package var sentences: String {
    let steps = thresholds.steps.map { NumberFormat.decimal(Double($0), places: 4) }.joined(separator: ", ")
    return (["thresholds   \(steps)", statement, estimate] + assumptions.map { "  assumes: \($0)" })
      .joined(separator: "\n")
  }

  /// A model file with these thresholds, the costs that they were chosen for and the statement about them, sealed.
  ///
  /// Costs of another choice do not stay: λ is the thresholds over the costs, and would be wrong without a sign of it. Where
  /// the log does not tell costs apart, or where tiers were left out, there are none.
  ///
  /// - Parameter selection: the tiers that the thresholds stand between; all where it is `nil`. The model says so, and has
  ///   their steps divided over its own.
  package func applied(to file: TensorFile, for selection: TierSelection? = nil) -> TensorFile {
    var result = file
    let partial = selection.flatMap { $0.isPartial ? $0 : nil }
    let old = Thresholds(steps: file[TensorName.thresholds]?.floats ?? thresholds.steps)
    let steps = partial?.spreading(thresholds, over: old).steps ?? thresholds.steps
    result.set(Tensor(name: TensorName.thresholds, shape: [steps.count], floats: steps))
    result.tensors.removeAll { $0.name == TensorName.tierCosts }
    result.metadata[TierSelection.metadataKey] = partial?.names.joined(separator: ",")
    if tierCosts.source == .measured, partial == nil {
      let values = tierCosts.values
      result.set(Tensor(name: TensorName.tierCosts, shape: [values.count], doubles: values))
    }
    result.metadata["guarantee"] = isGuaranteed ? statement : nil
    return result.sealed()
  }
}
