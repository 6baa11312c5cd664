import Evaluation
import Foundation
import ModelFiles
import Ockham
import OckhamTraining
import RequestLog
import TextKit
import Workflow

/// One run of `ockham train`: read, train, choose thresholds, write.
struct TrainingSession {
  let recipe: Recipe
  /// What thresholds must keep, where that was asked for.
  let goal: ThresholdGoal?
  let folder: URL
  let pool: WorkerPool
  /// The processes that train together; `nil` for one on its own.
  let team: (any ProcessGroup)?
  let resumes: Bool
  /// Whether features are kept in scratch files instead of in memory.
  let streams: Bool
  let isVerbose: Bool

  private let progress = ProgressLine()
  private let times = StageTimes()
  /// `nil` in a team, where processes that stop at different places would wait for each other: a signal ends them all.
  private let interruption: Interruption?

  init(
    recipe: Recipe, goal: ThresholdGoal?, folder: URL, pool: WorkerPool, team: (any ProcessGroup)?, resumes: Bool,
    streams: Bool, isVerbose: Bool
  ) {
    self.recipe = recipe
    self.goal = goal
    self.folder = folder
    self.pool = pool
    self.team = team
    self.resumes = resumes
    self.streams = streams
    self.isVerbose = isVerbose
    interruption = team == nil ? Interruption() : nil
  }

  /// - Returns: the rows that it trained on.
  /// - Throws: ``Failure`` `refused` after everything is written, where a goal was asked for and could not be proven.
  func run(_ input: LogArguments, rows: RowList?, tiers: TierMap?, prices: PriceList?) throws -> Int {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw Failure.inputOutput("\(folder.path): cannot make this folder; check the path and its permissions")
    }
    // The first process of a team writes for all.
    let lock = try (team?.rank ?? 0) == 0 ? FolderLock(folder) : nil
    return try withExtendedLifetime(lock) { try trainAndWrite(input, rows: rows, tiers: tiers, prices: prices) }
  }

  private func trainAndWrite(
    _ input: LogArguments, rows: RowList?, tiers: TierMap?, prices: PriceList?
  ) throws -> Int {
    let run = TrainingRun(
      recipe, goal: goal ?? TrainedModel.usualGoal, pool: pool, team: team, folder: folder, streams: streams,
      resumes: resumes)
    let log = try read(run, input, rows: rows, tiers: tiers, prices: prices)
    let dataset = log.dataset
    try StandardOutput.write(DatasetSummary(log).text)
    if streams {
      try StandardOutput.write("\(NumberFormat.magnitude(Double(dataset.scratchBytes)))B of features on disk\n")
    }
    for warning in log.advice.warnings { StandardError.write("ockham: warning: \(warning)\n") }
    try adviseOnLabels(dataset, of: input.logs)
    if input.merge == .id { adviseOnMerging(dataset) }
    adviseOnTasks(dataset)
    // In a team the others have done their part.
    guard let model = try run.train(log, observer: observer) else {
      progress.finish()
      return dataset.rows
    }
    progress.finish()
    try model.write(to: folder)
    run.finish()
    times.begin(nil)
    try StandardOutput.write(TrainingSummary(model, folder: folder).text)
    if isVerbose { StandardError.write(times.text) }
    if goal != nil, !model.thresholds.isGuaranteed {
      throw Failure.refused("\(folder.path) is written, but its goal is not proven: \(model.thresholds.statement)")
    }
    return dataset.rows
  }

  private func read(
    _ run: TrainingRun, _ input: LogArguments, rows: RowList?, tiers: TierMap?, prices: PriceList?
  ) throws -> TrainingRun.Input {
    times.begin("reading")
    let source = input.source(
      [recipe.featureOptions], keepsAnswers: prices != nil || recipe.trainsResponseHeads, progress: progress)
    let log = try run.read(source, rows: rows, tiers: tiers, prices: prices, observer: observer) { summary in
      progress.finish()
      summary.reportProblems()
    }
    times.begin("checks")
    times.split("features", of: "reading", log.featurising)
    if prices != nil { Self.adviseOnPrices(log.dataset) }
    return log
  }

  /// Says which answers have no cost in spite of prices.
  private static func adviseOnPrices(_ dataset: Dataset) {
    for (tier, name) in dataset.tierNames.enumerated() {
      let unpriced = (0..<dataset.rows).count { row in
        !dataset.labels[row, tier].isNaN && dataset.costs[row * dataset.tierNames.count + tier].isNaN
      }
      guard unpriced > 0 else { continue }
      StandardError.write(
        "\(NumberFormat.count(unpriced)) answers of tier '\(SafeText.name(name))' have no cost: there is no price for them, or "
          + "neither output_tokens nor the answer shows their length; add --price or --answer-tokens\n")
    }
  }

  /// Says how many rows teach nothing about any tier.
  ///
  /// - Throws: ``Failure`` where none does.
  private func adviseOnLabels(_ dataset: Dataset, of logs: [String]) throws {
    let unlabelled = (0..<dataset.rows).count { row in
      dataset.tierNames.indices.allSatisfy { dataset.labels[row, $0].isNaN }
    }
    guard unlabelled > 0 else { return }
    guard unlabelled < dataset.rows else {
      try LogSource(paths: logs).refuseForeign()
      throw Failure.badData(
        "expected records that contain the quality of a tier's answer, found none among \(NumberFormat.count(dataset.rows)); "
          + "write it as \"quality\" of each outcome, from 0 to 1, or let `ockham label` work it out")
    }
    StandardError.write(
      "\(NumberFormat.count(unlabelled)) records contain no quality of the tiers \(SafeText.names(dataset.tierNames)): left "
        + "out (check the spelling of tier labels and model names)\n")
  }

  /// Says when many rows are parts of records that only their ids keep apart.
  private func adviseOnMerging(_ dataset: Dataset) {
    let advice = MergeKey.contentAdvice(dataset.splitRows, of: dataset.rows, others: "tiers")
    if let advice { StandardError.write(advice + "\n") }
  }

  /// Says when the flag for task labels and the log do not go together.
  private func adviseOnTasks(_ dataset: Dataset) {
    let labelled = dataset.tasks.count { $0 != nil }
    if recipe.taskLabels, labelled == 0 {
      StandardError.write("no record has a task label: the model gets no task head\n")
    } else if !recipe.taskLabels, labelled > 0 {
      StandardError.write(
        "\(NumberFormat.count(labelled)) records have a task label: add --task-labels to train a task head from them\n")
    }
  }

  private var observer: TrainingObserver {
    let (progress, interruption, times, isVerbose) = (progress, interruption, times, isVerbose)
    return TrainingObserver(
      report: { event in
        switch event {
        case .stage(let name, let steps):
          times.begin(name)
          progress.begin(name, unit: "steps", total: Double(steps))
        case .step: progress.advance()
        case .iteration(let report):
          progress.advance(note: "loss \(NumberFormat.decimal(report.loss, places: 6))")
          if isVerbose { Self.trace(report) }
        case .epoch(let job, let report):
          progress.advance(note: "\(job) held-out loss \(NumberFormat.decimal(report.heldOutLoss, places: 4))")
          if isVerbose { Self.trace(job, report) }
        }
      }, isCancelled: { interruption?.isRequested ?? false })
  }

  private static func trace(_ report: IterationReport) {
    StandardError.write(
      "iteration \(report.iteration): loss \(NumberFormat.decimal(report.loss, places: 8)), gradient "
        + "\(NumberFormat.decimal(report.gradientNorm, places: 8)), step \(NumberFormat.decimal(report.step, places: 3)), "
        + "\(report.evaluations) evaluations\n")
  }

  private static func trace(_ job: String, _ report: MLPEpochReport) {
    StandardError.write(
      "\(job), epoch \(report.epoch): training loss \(NumberFormat.decimal(report.trainingLoss, places: 5)), held-out loss "
        + "\(NumberFormat.decimal(report.heldOutLoss, places: 5))\(report.isBest ? ", best so far" : ""), "
        + "\(NumberFormat.magnitude(report.rowsPerSecond)) rows/s\n")
  }
}

/// What a log offers to train on, before training starts.
struct DatasetSummary {
  private let input: TrainingRun.Input

  init(_ input: TrainingRun.Input) { self.input = input }

  var text: String {
    let advice = input.advice
    var table = TextTable(["tier", "labels", "mean quality", "mean cost, USD", "Pareto front", "model"])
    for (standing, tier) in zip(advice.standings, input.tierMap.tiers) {
      let isKnown = standing.quality != nil && standing.costUSD != nil
      table.append([
        standing.name, NumberFormat.count(standing.rows), NumberFormat.decimal(standing.quality, places: 3),
        NumberFormat.decimal(standing.costUSD, places: 6),
        isKnown ? (standing.dominatedBy == nil ? "yes" : "no") : "unknown", SafeText.names(tier.models),
      ])
    }
    return "\(NumberFormat.count(input.dataset.rows)) requests\n\n\(table.text())\n"
  }
}
