import Evaluation
import Ockham
import OckhamTraining
import RequestLog

/// Scores a labelled log with a model, for evaluation and calibration.
///
/// Rows that the model was trained on take their out-of-fold scores, so that the training log itself can be evaluated
/// without flattery.
struct LogScorer {
  let model: Model
  let outOfFold: OutOfFoldScores?
  let tierMap: TierMap

  /// A scored log and how it came about.
  struct Result {
    let log: ScoredLog
    let summary: LogSummary
    /// Rows that took out-of-fold scores.
    let outOfFoldRows: Int
    let unlabelled: Int
    /// Whether the model says that it was trained, but its out-of-fold scores are not beside it.
    let mayRememberRows: Bool
    /// A sample of the scored rows, where one was asked for.
    let sample: RequestSample?
  }

  init(_ folder: ModelFolder, tierFlags: [String]) throws {
    model = folder.model
    outOfFold = try folder.outOfFoldScores()
    tierMap = try folder.tierMap(tierFlags)
  }

  /// Scores the rows of the named logs, with progress, and says on standard error what was left out.
  func score(_ input: LogArguments, sampling sample: RequestSample? = nil) throws -> Result {
    let progress = ProgressLine()
    let result = try Self.score(
      input.source([model.extractor.options], progress: progress), with: [self], sampling: sample)[0]
    progress.finish()
    result.reportProblems()
    return result
  }

  /// Scores the same rows with several models in one pass over the log; the first one's tier map holds for all.
  static func score(
    _ source: LogSource, with scorers: [LogScorer], sampling sample: RequestSample? = nil
  ) throws -> [Result] {
    var sample = sample
    var tables = scorers.map { ScoredRows(model: $0.model, outOfFold: $0.outOfFold) }
    let tierMap = scorers[0].tierMap
    var unlabelled = 0
    let summary = try source.forEachRecord { record in
      let outcomes = tierMap.outcomes(of: record)
      if outcomes.quality.allSatisfy({ $0 == nil }) {
        unlabelled += 1
      } else {
        let areTrainedOn = tables.indices.map { tables[$0].add(record, outcomes) }
        // Questions cannot be reworded where only their features are known.
        if record.features != nil {
          sample?.skip()
        } else {
          sample?.offer(record.request, isTrainedOn: areTrainedOn[0])
        }
      }
    }
    if summary.records == 0 {
      summary.reportProblems()
      throw LogError.noRecords(paths: source.paths, rejected: summary.rejectedCount)
    }
    guard tables[0].count > 0 else { throw scorers[0].noLabels(source, records: summary.records) }
    return try zip(scorers, tables).map { scorer, table in
      Result(
        log: try table.log(tierNames: tierMap.names), summary: summary, outOfFoldRows: table.outOfFoldRows,
        unlabelled: unlabelled,
        mayRememberRows: scorer.outOfFold == nil && scorer.model.metadata["training_data"] != nil, sample: sample)
    }
  }

  private func noLabels(_ source: LogSource, records: Int) -> Failure {
    .badData(
      "\(source.paths.joined(separator: ", ")): expected outcomes for the model's tiers "
        + "(\(tierMap.tiers.map { ([$0.name] + $0.models).joined(separator: " = ") }.joined(separator: "; "))), found none "
        + "in \(NumberText.count(records)) records; map the log's models with --tier NAME=MODEL")
  }
}

/// Collects the columns of a ``Evaluation/ScoredLog``.
private struct ScoredRows {
  private let model: Model
  private let outOfFold: OutOfFoldScores?
  private let places: [UInt64: Int]
  private var scratch: Scratch
  private var origins: [RowOrigin] = []
  private var weights: [Double] = []
  private var promptBytes: [Int] = []
  private var probability: [Float] = []
  private var quality: [Double] = []
  private var cost: [Double] = []
  private var stepScales: [Float] = []
  private var predictedTasks: [TaskKind?] = []
  private var trueTasks: [TaskKind?] = []
  private(set) var outOfFoldRows = 0

  init(model: Model, outOfFold: OutOfFoldScores?) {
    self.model = model
    self.outOfFold = outOfFold
    places = outOfFold?.placeOfHash ?? [:]
    scratch = model.makeScratch()
  }

  var count: Int { origins.count }

  /// Scores a record; says whether the model was trained on it and it took its out-of-fold scores.
  mutating func add(_ record: LogRecord, _ outcomes: TierOutcomes) -> Bool {
    if let features = record.features {
      model.score(features, into: &scratch)
    } else {
      model.score(record.request, into: &scratch)
    }
    // The task head has seen the training rows: what it says of them is memory, and is left out.
    var predictedTask = scratch.task
    let place = places[record.contentHash]
    if let outOfFold, let place {
      let tiers = model.tierNames.count
      predictedTask = nil
      probability += outOfFold.probabilities[place * tiers..<(place + 1) * tiers]
      if let scaling = model.stepScaling, !outOfFold.expectedCostUSD.isEmpty {
        stepScales += scaling.scales(costUSD: Array(outOfFold.expectedCostUSD[place * tiers..<(place + 1) * tiers]))
      } else {
        stepScales += scratch.stepScales
      }
      outOfFoldRows += 1
    } else {
      probability += scratch.probabilities
      stepScales += scratch.stepScales
    }
    origins.append(
      RowOrigin(id: record.id, dataset: record.dataset ?? "", task: (record.task ?? predictedTask)?.name))
    weights.append(Double(record.weight))
    promptBytes.append(record.textBytes)
    quality += outcomes.quality.map { $0 ?? .nan }
    cost += outcomes.costUSD.map { $0 ?? .nan }
    predictedTasks.append(predictedTask)
    trueTasks.append(record.task)
    return place != nil
  }

  func log(tierNames: [String]) throws -> ScoredLog {
    let tiers = tierNames.count
    return try ScoredLog(
      tierNames: tierNames, origins: origins, weights: weights, promptBytes: promptBytes,
      probability: Matrix(probability, columns: tiers), quality: Matrix(quality, columns: tiers),
      cost: Matrix(cost, columns: tiers),
      stepScale: model.stepScaling.map { _ in Matrix(stepScales, columns: tiers - 1) },
      predictedTasks: predictedTasks, trueTasks: trueTasks)
  }
}
