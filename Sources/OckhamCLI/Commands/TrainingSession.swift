import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import TextKit
import Workflow

/// One run of `ockham train`: read, train, choose thresholds, write.
struct TrainingSession {
  let recipe: Recipe
  let folder: URL
  let pool: WorkerPool
  /// The processes that train together; `nil` for one on its own.
  let team: (any Team)?
  let resumes: Bool
  /// Whether features are kept in scratch files instead of in memory.
  let streams: Bool
  let isVerbose: Bool

  private let progress = ProgressLine()
  private let times = StageTimes()
  /// `nil` in a team, where processes that stop at different places would wait for each other: a signal ends them all.
  private let interruption: Interruption?

  init(recipe: Recipe, folder: URL, pool: WorkerPool, team: (any Team)?, resumes: Bool, streams: Bool, isVerbose: Bool)
  {
    self.recipe = recipe
    self.folder = folder
    self.pool = pool
    self.team = team
    self.resumes = resumes
    self.streams = streams
    self.isVerbose = isVerbose
    interruption = team == nil ? Interruption() : nil
  }

  func run(_ input: LogArguments, rows: RowList?, tiers: TierMap?) throws {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw Failure.inputOutput("\(folder.path): cannot make this folder; check the path and its permissions")
    }
    let run = TrainingRun(recipe, pool: pool, team: team, folder: folder, streams: streams, resumes: resumes)
    times.begin("reading")
    let log = try run.read(
      input.source([recipe.featureOptions], progress: progress), rows: rows, tiers: tiers, observer: observer
    ) { summary in
      progress.finish()
      summary.reportProblems()
    }
    times.begin("checks")
    times.split("features", of: "reading", log.featurising)
    let dataset = log.dataset
    try StandardOutput.write(DatasetSummary(log).text)
    if streams {
      try StandardOutput.write("\(NumberFormat.magnitude(Double(dataset.scratchBytes)))B of features on disk\n")
    }
    adviseOnLabels(dataset)
    adviseOnTasks(dataset)
    // In a team the others have done their part.
    guard let model = try run.train(log, observer: observer) else { return progress.finish() }
    progress.finish()
    try model.write(to: folder)
    run.finish()
    times.begin(nil)
    try StandardOutput.write(TrainingSummary(model, folder: folder).text)
    if isVerbose { StandardError.write(times.text) }
  }

  /// Says how many rows teach nothing about any tier.
  private func adviseOnLabels(_ dataset: Dataset) {
    let unlabelled = (0..<dataset.rows).count { row in
      dataset.tierNames.indices.allSatisfy { dataset.labels[row, $0].isNaN }
    }
    guard unlabelled > 0 else { return }
    StandardError.write(
      "\(NumberFormat.count(unlabelled)) records tell no quality of the tiers \(SafeText.names(dataset.tierNames)): left "
        + "out (check the spelling of tier labels and model names)\n")
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
    var table = TextTable(["tier", "labels", "mean quality", "mean cost, USD", "model"])
    let dataset = input.dataset
    let costs = input.tierCosts.source == .measured ? input.tierCosts.values : nil
    for (index, tier) in input.tierMap.tiers.enumerated() {
      let known = (0..<dataset.rows).map { dataset.labels[$0, index] }.filter { !$0.isNaN }
      let mean = known.isEmpty ? nil : Double(known.reduce(0, +)) / Double(known.count)
      table.append([
        tier.name, NumberFormat.count(known.count), NumberFormat.decimal(mean, places: 3),
        NumberFormat.decimal(costs?[index], places: 6), SafeText.names(tier.models),
      ])
    }
    return "\(NumberFormat.count(dataset.rows)) requests\n\n\(table.text())\n"
  }
}
