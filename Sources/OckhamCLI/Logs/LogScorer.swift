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
  }

  init(_ folder: ModelFolder, tierFlags: [String]) throws {
    model = folder.model
    outOfFold = try folder.outOfFoldScores()
    tierMap = try folder.tierMap(tierFlags)
  }

  func score(_ source: LogSource) throws -> Result {
    var rows = ScoredRows(model: model, outOfFold: outOfFold)
    var unlabelled = 0
    let summary = try source.forEachRecord { record in
      let outcomes = tierMap.outcomes(of: record)
      if outcomes.quality.allSatisfy({ $0 == nil }) { unlabelled += 1 } else { rows.add(record, outcomes) }
    }
    guard rows.count > 0 else { throw noLabels(source, records: summary.records) }
    return Result(
      log: try rows.log(tierNames: model.tierNames), summary: summary, outOfFoldRows: rows.outOfFoldRows,
      unlabelled: unlabelled)
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

  mutating func add(_ record: LogRecord, _ outcomes: TierOutcomes) {
    model.score(record.request, into: &scratch)
    // The task head has seen the training rows: what it says of them is memory, and is left out.
    var predictedTask = scratch.task
    if let outOfFold, let place = places[record.request.contentHash] {
      let tiers = model.tierNames.count
      predictedTask = nil
      probability += outOfFold.probabilities[place * tiers..<(place + 1) * tiers]
      outOfFoldRows += 1
    } else {
      probability += scratch.probabilities
    }
    origins.append(RowOrigin(id: record.id, dataset: record.dataset ?? "", task: record.task?.name ?? scratch.task?.name))
    weights.append(Double(record.weight))
    promptBytes.append(record.request.segments.reduce(0) { $0 + $1.text.utf8.count })
    quality += outcomes.quality.map { $0 ?? .nan }
    cost += outcomes.costUSD.map { $0 ?? .nan }
    predictedTasks.append(predictedTask)
    trueTasks.append(record.task)
  }

  func log(tierNames: [String]) throws -> ScoredLog {
    let tiers = tierNames.count
    return try ScoredLog(
      tierNames: tierNames, origins: origins, weights: weights, promptBytes: promptBytes,
      probability: Matrix(probability, columns: tiers), quality: Matrix(quality, columns: tiers),
      cost: Matrix(cost, columns: tiers), predictedTasks: predictedTasks, trueTasks: trueTasks)
  }
}
