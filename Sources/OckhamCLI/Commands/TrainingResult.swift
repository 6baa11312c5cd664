import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog

/// What a run of `ockham train` leaves: files, and words for the person.
struct TrainingResult {
  private let router: TrainedRouter
  private let dataset: Dataset
  private let recipe: Recipe
  private let modelFile: TensorFile
  private let report: EvaluationReport
  private let thresholds: ThresholdText
  /// How well each candidate routes between the first and the last tier; `nil` where no row tells.
  private let candidateMetrics: [CurveMetrics?]

  /// The goal that a new model's thresholds are chosen for; `calibrate` sets others.
  private static let goal = ThresholdGoal.targetQuality(fraction: 0.97)

  init(_ router: TrainedRouter, dataset: Dataset, tierMap: TierMap, recipe: Recipe) throws {
    self.router = router
    self.dataset = dataset
    self.recipe = recipe
    let log = try Self.scoredLog(router, dataset)
    thresholds = try Self.thresholds(for: log)
    modelFile = thresholds.applied(to: router.weights.tensorFile())
    let model = try Model(modelFile.encoded())
    report = try EvaluationReport(
      log, options: EvaluationOptions(thresholds: model.thresholds, grouping: .dataset))
    candidateMetrics = try router.candidates.map { candidate in
      let scores = candidate.heldOut.probabilities
      let scored = try Self.scoredLog(rows: candidate.heldOut.rows, probability: scores, dataset)
      return scored.completeRows.isEmpty ? nil : CurveMetrics(scored, pair: TierPair(endsOf: scored))
    }
  }

  /// The training rows with the scores of models that have not seen them.
  private static func scoredLog(_ router: TrainedRouter, _ dataset: Dataset) throws -> ScoredLog {
    let scores = router.outOfFold
    let scaling = router.weights.costs.map { StepScaling(meanStepUSD: $0.meanStepUSD) }
    return try scoredLog(
      rows: scores.rows, probability: scores.probabilities,
      stepScale: scaling.map { scaling in
        let (costs, tiers) = (scores.expectedCostUSD, dataset.tierNames.count)
        return Matrix(
          scores.rows.indices.flatMap { scaling.scales(costUSD: Array(costs[$0 * tiers..<($0 + 1) * tiers])) },
          columns: tiers - 1)
      }, dataset)
  }

  private static func scoredLog(
    rows: [Int], probability: [Float], stepScale: Matrix<Float>? = nil, _ dataset: Dataset
  ) throws -> ScoredLog {
    let tiers = dataset.tierNames.count
    return try ScoredLog(
      tierNames: dataset.tierNames,
      origins: rows.map {
        RowOrigin(id: dataset.ids[$0], dataset: dataset.groups[$0], task: dataset.tasks[$0]?.name)
      },
      weights: rows.map { Double(dataset.weights[$0]) }, promptBytes: rows.map { dataset.promptBytes[$0] },
      probability: Matrix(probability, columns: tiers),
      quality: Matrix(rows.flatMap { row in (0..<tiers).map { Double(dataset.labels[row, $0]) } }, columns: tiers),
      cost: Matrix(rows.flatMap { row in dataset.costs[row * tiers..<(row + 1) * tiers] }, columns: tiers),
      stepScale: stepScale, trueTasks: rows.map { dataset.tasks[$0] })
  }

  /// Throws when thresholds cannot be chosen on a dataset whatever the scores: costs that do not rise.
  static func checkThresholds(_ dataset: Dataset) throws {
    let rows = Array(0..<dataset.rows)
    let even = [Float](repeating: 0.5, count: dataset.rows * dataset.tierNames.count)
    let log = try scoredLog(rows: rows, probability: even, dataset)
    _ = try thresholds(for: log)
  }

  /// Where no row tells the quality of every tier, as in a gateway's log, unknown ones are taken as the model foretells
  /// them, and nothing is promised.
  private static func thresholds(for log: ScoredLog) throws -> ThresholdText {
    let isForetold = log.completeRows.isEmpty
    let choice = try ThresholdChoice(
      isForetold ? log.foretellingQuality() : log, goal: goal, tierCosts: TierCosts(measuring: log))
    return ThresholdText(choice, log: log, isForetold: isForetold)
  }

  /// Writes all files; each appears whole or not at all.
  func write(to folder: URL) throws {
    func put(_ name: String, _ bytes: [UInt8]) throws { try AtomicFile.write(bytes, to: folder.appending(path: name)) }
    try put(OutOfFoldScores.fileName, router.outOfFold.tensorFile().encoded())
    try put("recipe.json", RecipeFile.bytes(recipe))
    try put("metrics.json", Array(metrics.utf8))
    try put("CARD.md", Array(card.utf8))
    try put(ModelFolder.fileName, modelFile.encoded())
  }

  // MARK: Words

  /// What is printed at the end.
  func summary(folder: URL) -> String {
    """
    held out, \(recipe.folds) folds (each request scored by a model that has not seen it)

    \(candidateTable)

    \(overall.text())

    \(thresholds.sentences)

    wrote \(folder.path)/model.safetensors (\(NumberText.count(modelFile.encoded().count)) bytes), CARD.md, metrics.json, \
    recipe.json, \(OutOfFoldScores.fileName)
    """
  }

  /// The report without its groups, which the card and `evaluate --by` show.
  private var overall: EvaluationReport {
    var report = report
    report.grouping = nil
    return report
  }

  private var candidateTable: String {
    let losses = dataset.tierNames.map { "log-loss \($0)" }
    var table = AlignedTable(["architecture"] + losses + ["APGR", "CPT50", "chosen"])
    for (candidate, metrics) in zip(router.candidates, candidateMetrics) {
      table.add(
        [candidate.kind.rawValue] + candidate.logLoss.map { NumberText.fixed($0, 4) }
          + [NumberText.fixed(metrics?.apgr, 3), NumberText.fixed(metrics?.cpt50, 3)]
          + [candidate.kind == router.chosen.kind ? "yes" : ""])
    }
    return table.text + penaltyLine
  }

  private var penaltyLine: String {
    let penalties = router.chosen.chosenPenalties
    let line =
      "\nL2 strengths chosen: n-grams \(penalties.gram)/n, dense \(penalties.dense)/n; dense features clipped at "
      + "\(penalties.scaling.denseLimit), n-grams weighted by idf to the power of \(penalties.scaling.idfExponent)"
    guard penalties.gramCorrelation + penalties.denseCorrelation > 0 else { return line }
    let others = dataset.auxiliaryNames.count
    return line + "; heads correlated by \(penalties.gramCorrelation) and \(penalties.denseCorrelation)"
      + (others > 0 ? ", helped by \(others) other models of the log" : "")
  }

  private var metrics: String {
    let candidates = zip(router.candidates, candidateMetrics).map { candidate, metrics in
      let losses = candidate.logLoss.map { "\($0)" }.joined(separator: ", ")
      let apgr = metrics?.apgr.map { "\($0)" } ?? "null"
      return "    {\"architecture\": \"\(candidate.kind.rawValue)\", \"log_loss\": [\(losses)], \"apgr\": \(apgr)}"
    }
    let tried = (router.candidates.first { !$0.triedPenalties.isEmpty }?.triedPenalties ?? []).map { trial in
      "    \(Self.json(trial))"
    }
    let costs = zip(dataset.tierNames, router.costFits).map { name, fit in
      "    {\"tier\": \(JSONText.quote(name)), \"unit\": \"\(fit.unit.rawValue)\", \"rows\": \(fit.rows), "
        + "\"r_squared\": \(fit.rSquared), \"penalty\": \(fit.penalty), "
        + "\"usd_per_byte\": \(fit.price.inputUSD), \"usd_per_unit\": \(fit.price.outputUSD)}"
    }
    return """
      {
        "rows": \(report.rows),
        "folds": \(recipe.folds),
        "architecture": "\(router.chosen.kind.rawValue)",
        "candidates": [
      \(candidates.joined(separator: ",\n"))
        ],
        "penalties": [
      \(tried.joined(separator: ",\n"))
        ],
        "task_accuracy": \(router.taskAccuracy.map { "\($0)" } ?? "null"),
        "expected_costs": [
      \(costs.joined(separator: ",\n"))
        ],
        "training_data": \(JSONText.quote(dataset.contentName)),
        "out_of_fold": \(report.json.text(indent: nil))
      }

      """
  }

  private static func json(_ trial: PenaltyTrial) -> String {
    let penalties = trial.penalties
    return "{\"gram\": \(penalties.gram), \"dense\": \(penalties.dense), "
      + "\"gram_correlation\": \(penalties.gramCorrelation), \"dense_correlation\": \(penalties.denseCorrelation), "
      + "\"dense_limit\": \(penalties.scaling.denseLimit), \"idf_exponent\": \(penalties.scaling.idfExponent), "
      + "\"log_loss\": \(trial.logLoss)}"
  }

  private var card: String {
    ModelCard(
      tierModels: modelFile.metadata["tier_models"] ?? "[]", dataset: dataset, recipe: recipe, report: report,
      kind: router.chosen.kind, taskAccuracy: router.taskAccuracy, costFits: router.costFits,
      thresholds: thresholds
    ).text
  }
}
