package import Evaluation
package import Foundation
import Ockham
package import OckhamTraining
package import RequestLog

/// One training: read a log, train, choose thresholds.
package struct TrainingRun {
  /// A log as it is trained on.
  package struct Input {
    package let dataset: Dataset
    package let tierMap: TierMap
    package let summary: LogSummary
    /// What the tiers cost on average, as thresholds will be chosen for.
    package let tierCosts: TierCosts
    /// What each tier is worth by itself, on the rows that know it.
    package let advice: TierAdvice
    /// What turning records into features took.
    package let featurising: (seconds: Double, processorSeconds: Double)
    /// Why thresholds cannot be chosen on the log whatever the scores, such as costs that do not rise; `nil` where they can.
    let thresholdError: (any Error)?
  }

  package let recipe: Recipe
  private let pool: WorkerPool
  private let goal: ThresholdGoal
  private let team: (any ProcessGroup)?
  private let folder: URL?
  private let streams: Bool
  private let resumes: Bool

  /// - Parameters:
  ///   - goal: what thresholds are chosen for.
  ///   - team: the processes that train together; `nil` for one on its own.
  ///   - folder: where states of networks in progress and scratch files go; `nil` keeps all in memory.
  ///   - streams: whether features are kept in scratch files of the folder instead of in memory.
  ///   - resumes: whether to go on from states that an interrupted run of the same log and recipe left in the folder.
  /// - Precondition: a run that streams or resumes has a folder.
  package init(
    _ recipe: Recipe = Recipe(), goal: ThresholdGoal = TrainedModel.usualGoal,
    pool: WorkerPool = WorkerPool(threads: 1), team: (any ProcessGroup)? = nil, folder: URL? = nil,
    streams: Bool = false,
    resumes: Bool = false
  ) {
    precondition(folder != nil || (!streams && !resumes), "scratch files and saved states need a folder")
    self.recipe = recipe
    self.goal = goal
    self.pool = pool
    self.team = team
    self.folder = folder
    self.streams = streams
    self.resumes = resumes
  }

  /// Reads a log into numbers.
  ///
  /// - Parameters:
  ///   - source: opened with the features of this recipe, so that records without text can be read.
  ///   - rows: which records to take, in which order; all in the log's order where it is `nil`.
  ///   - tiers: the tiers and their models; where it is `nil`, the log's outcomes have the tiers' names.
  ///   - prices: for outcomes without a cost.
  ///   - observer: told when reading is over.
  ///   - report: called with what reading found, before anything is made of it.
  package func read(
    _ source: LogSource, rows: RowList? = nil, tiers: TierMap? = nil, prices: PriceList? = nil,
    observer: TrainingObserver = TrainingObserver(), report: (LogSummary) -> Void = { _ in }
  ) throws -> Input {
    var builder = try DatasetBuilder(
      options: recipe.featureOptions, pool: pool, scratchFolder: streams ? folder : nil, prices: prices,
      answersOf: recipe.trainsResponseHeads ? .tiers(tiers) : .none, frames: recipe.frames ?? [])
    func forEachRecord(_ body: (LogRecord) -> Void) throws -> LogSummary {
      let summary = try source.forEachRecord(body)
      report(summary)
      guard summary.records > 0 else { throw source.nothingUsable(summary) }
      return summary
    }
    let summary: LogSummary
    if let rows {
      let selected = try rows.select(forEachRecord)
      for record in selected.records { builder.add(recipe.weighing(record)) }
      summary = selected.summary
    } else {
      summary = try forEachRecord { builder.add(recipe.weighing($0)) }
    }
    observer.report(.stage("labels", steps: 0))
    let featurising = builder.featurising
    let map = try TierMap(tiers, survey: builder.survey)
    try prices?.check(map)
    let dataset = try builder.finish(
      tiers: map, auxiliaryModels: recipe.auxiliaryModels, byPropensity: recipe.weighsByPropensity ?? false)
    let log = try dataset.unscored()
    let costs = TierCosts(measuring: log)
    return Input(
      dataset: dataset, tierMap: map, summary: summary, tierCosts: costs, advice: TierAdvice(log, nil, costs: costs),
      featurising: featurising, thresholdError: thresholdError(log))
  }

  private func thresholdError(_ log: ScoredLog) -> (any Error)? {
    do { _ = try CalibratedThresholds(predicting: log, goal: goal) } catch { return error }
    return nil
  }

  /// Trains on what was read, and chooses thresholds.
  ///
  /// What thresholds will need of the log is checked before hours are spent on it.
  /// - Returns: `nil` in all processes of a team but the first, whose part is done.
  package func train(_ input: Input, observer: TrainingObserver = TrainingObserver()) throws -> TrainedModel? {
    let dataset = input.dataset
    let checkpoints = folder.map { folder in
      Checkpoints(
        directory: folder.appending(path: ".checkpoints"),
        key: "\(dataset.contentName) \(recipe.fingerprint) \(OckhamVersion.text)", resumes: resumes)
    }
    // What another run left behind must not be met by a later one of this folder.
    if !resumes { checkpoints?.removeAll() }
    let training = try RouterTraining(
      dataset: dataset, recipe: recipe, pool: pool, team: team, observer: observer,
      checkpoints: team == nil ? checkpoints : nil)
    if let error = input.thresholdError { throw error }
    var router = try training.run()
    if recipe.trainsResponseHeads, dataset.hasAnswers {
      router = router.adding(
        try ResponseTraining(dataset: dataset, recipe: recipe, pool: pool, team: team, observer: observer)
          .run(after: router))
    }
    if let team, team.rank > 0 { return nil }
    observer.report(.stage("thresholds and files", steps: 0))
    return try TrainedModel(router, dataset: dataset, tierMap: input.tierMap, recipe: recipe, goal: goal)
  }

  /// Removes the states that ``train(_:observer:)`` saved: call it when the model is on disk.
  package func finish() {
    guard let folder else { return }
    Checkpoints(directory: folder.appending(path: ".checkpoints"), key: "", resumes: false).removeAll()
  }
}
