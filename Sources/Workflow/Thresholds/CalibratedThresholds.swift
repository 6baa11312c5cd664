package import Evaluation
package import Ockham
package import TextKit

/// Thresholds for a goal: proven ones, or the best offer with the reason why nothing is proven.
package struct CalibratedThresholds {
  package let thresholds: Thresholds
  /// Whether a guarantee stands behind the thresholds.
  package let isGuaranteed: Bool
  /// What is guaranteed, or why nothing is.
  package let statement: String
  /// What the tiers cost on average where the thresholds were chosen: gain / threshold is worth this difference.
  package let tierCosts: TierCosts
  /// What they come to on the log, and what is shown of it; `nil` where they were not chosen for a goal.
  package let figures: CalibrationFigures?
  /// What the guarantee can be proven from again, and the SHA-256 of the numbers that it was made from; `nil` without a guarantee.
  package private(set) var certificate: (guarantee: GuaranteeCertificate, data: String)?
  /// The cascade for the same goal; `nil` where no responses were scored.
  package private(set) var cascade: CalibratedCascade?
  private let estimate: String
  /// What can be guaranteed where these thresholds are not proven; `nil` where they are, or where the log contains no qualities.
  private let alternative: String?
  private let assumptions: [String]

  /// Chooses thresholds for a goal on a scored log and proves them. The order of its rows does not matter.
  ///
  /// - Parameters:
  ///   - goal: what the thresholds must keep.
  ///   - log: scores by models that have not seen the rows.
  ///   - draws: the rows of the log where several make a record: what takes propensities for its proof reads these.
  ///   - path: the cascade's, fixed when the model was trained; that of the log where it is `nil`.
  /// - Throws: `EvaluationError` for a goal or costs that do not fit the log.
  package init(
    _ log: ScoredLog, draws: ScoredLog? = nil, goal: ThresholdGoal,
    parameters: ThresholdChoiceParameters = ThresholdChoiceParameters(), path: CascadePath? = nil
  ) throws {
    let records = log
    let tested = draws.map { goal.isTested(onDraws: $0, notOnRecords: log) ? $0 : log } ?? log
    let log = tested.inCanonicalOrder()
    let costs = TierCosts(measuring: log)
    self.init(try ThresholdChoice(log, goal: goal, tierCosts: costs, parameters: parameters), log: log, costs)
    cascade = try CalibratedCascade(records, goal: goal, path: path, parameters: parameters)
  }

  /// Chooses thresholds as above where rows contain every tier's quality; else with unknown qualities as the model predicts
  /// them, as in a gateway's log, and then nothing is guaranteed.
  package init(predicting log: ScoredLog, goal: ThresholdGoal) throws {
    let log = log.inCanonicalOrder()
    let isPredicted = log.completeRows.isEmpty
    let costs = TierCosts(measuring: log)
    let choice = try ThresholdChoice(
      isPredicted ? log.predictingQuality() : log, goal: goal, tierCosts: costs)
    self.init(choice, log: log, costs, isPredicted: isPredicted)
    cascade = try CalibratedCascade(log, goal: goal, path: nil, parameters: ThresholdChoiceParameters())
  }

  /// The same without a cascade that is not proven.
  package func keepingProvenCascade() -> CalibratedThresholds {
    var result = self
    if cascade?.choice.isProven == false { result.cascade = nil }
    return result
  }

  /// - Parameter isPredicted: whether qualities are the model's own guesses, on which no guarantee can rest.
  private init(_ choice: ThresholdChoice, log: ScoredLog, _ costs: TierCosts, isPredicted: Bool = false) {
    tierCosts = costs
    let figures = CalibrationFigures(choice, isPredicted: isPredicted)
    self.figures = figures
    estimate = figures.sentence
    thresholds = figures.thresholds
    switch choice {
    case _ where isPredicted:
      isGuaranteed = false
      statement =
        "No guarantee: no row has the quality of every tier, and unknown ones were taken as the model predicts them."
      alternative = nil
      assumptions = ["The model's probabilities hold for tiers that did not answer; explore to find out."]
    case .chosen(let chosen):
      isGuaranteed = true
      statement = chosen.guarantee
      certificate = (chosen.certificate, log.numbersSHA256)
      alternative = nil
      assumptions = chosen.assumptions
    case .refused(let refusal):
      isGuaranteed = false
      statement = "Not proven: " + refusal.reason
      alternative = refusal.guarantee
      assumptions = refusal.assumptions
    }
  }

  /// The same with thresholds that no gain reaches, for a log that says not to route.
  ///
  /// - Parameter statement: why.
  func sendingAllToFirst(_ statement: String) -> CalibratedThresholds {
    CalibratedThresholds(
      thresholds: Thresholds(increments: thresholds.increments.map { _ in 1 }), isGuaranteed: false,
      statement: statement,
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
    figures = nil
    alternative = nil
  }

  /// Whether the thresholds were chosen for a goal that they are not proven to meet.
  private var isOffer: Bool { !isGuaranteed && figures != nil }

  /// The thresholds, the guarantee or why there is none, the figures and the assumptions, a line each.
  package var sentences: String {
    let steps = thresholds.increments.map { NumberFormat.decimal(Double($0), places: 4) }.joined(separator: ", ")
    let lines = [
      "thresholds   \(steps)\(isOffer ? " (not proven)" : "")", statement, estimate, alternative,
    ]
    return (lines.compactMap(\.self) + assumptions.map { "  assumes: \($0)" } + (cascade?.sentences ?? []))
      .joined(separator: "\n")
  }

  /// The choice with stable names, in a stable order.
  ///
  /// - Parameter wrote: the model file that was written, if one was.
  package func json(wrote: String?) -> JSONNode {
    .object(
      [
        ("proven", .boolean(isGuaranteed)), ("thresholds", .figures(thresholds.increments.map(Double.init))),
        ("statement", .string(statement)),
      ] + (figures?.members ?? []) + [
        ("alternative", alternative.map(JSONNode.string) ?? .null),
        ("assumptions", .array(assumptions.map(JSONNode.string))), ("tier_costs", tierCosts.json),
        ("wrote", wrote.map(JSONNode.string) ?? .null),
      ] + (cascade.map { [("cascade", $0.json)] } ?? []))
  }

  /// A model file with these thresholds, the costs that they were chosen for and the statement about them, sealed.
  ///
  /// Costs of another choice do not stay: λ is the thresholds over the costs, and would be wrong without a sign of it. Where
  /// the log does not distinguish costs, or where tiers were left out, there are none.
  ///
  /// A cascade that was chosen stands in the place of that of the file; where none was, or tiers were left out, there is none.
  ///
  /// - Parameter selection: the tiers that the thresholds stand between; all where it is `nil`. The model says so, and has
  ///   their steps divided over its own.
  package func applied(to file: TensorFile, for selection: TierSelection? = nil) -> TensorFile {
    var result = file
    let partial = selection.flatMap { $0.isPartial ? $0 : nil }
    let old = Thresholds(increments: file[TensorName.thresholds]?.floats ?? thresholds.increments)
    let steps = partial?.spreading(thresholds, over: old).increments ?? thresholds.increments
    result.set(Tensor(name: TensorName.thresholds, shape: [steps.count], floats: steps))
    result.tensors.removeAll { $0.name == TensorName.tierCosts }
    result.metadata[TierSelection.metadataKey] = partial?.names.joined(separator: ",")
    if tierCosts.source == .measured, partial == nil {
      let values = tierCosts.values
      result.set(Tensor(name: TensorName.tierCosts, shape: [values.count], doubles: values))
    }
    result.set(partial == nil ? cascade : nil)
    result.metadata["guarantee"] = isGuaranteed ? statement : nil
    result.metadata["not_proven"] = isOffer ? statement : nil
    return result.sealed()
  }
}
