package import Evaluation
package import Ockham
package import OckhamTraining
package import RequestLog
import TextKit

/// Scores a labelled log with a model, for evaluation and calibration.
///
/// Rows that the model was trained on take their out-of-fold scores, so that the training log itself can be evaluated
/// without flattery.
package struct LogScorer {
  package let model: Model
  package let outOfFold: OutOfFoldScores?
  /// Which tiers are used: those of the scored log.
  package let selection: TierSelection
  package let tierMap: TierMap
  private let prices: PriceList?
  /// Whether costs may have to be made of prices, for which answers must be kept.
  package var hasPrices: Bool { prices != nil }
  /// Whether answers must be kept: for costs made of prices, or for response heads.
  package var readsAnswers: Bool { hasPrices || !model.responseTiers.isEmpty }

  /// A scored log and how it came about.
  package struct Result {
    package let log: ScoredLog
    package let summary: LogSummary
    /// Where the rows were read from.
    package let source: LogSource
    /// Rows that took out-of-fold scores.
    package let outOfFoldRows: Int
    package let unlabelled: Int
    /// Whether the model says that it was trained, but its out-of-fold scores are not beside it.
    package let mayOverlapTrainingData: Bool
    /// Whether the model says nothing of its training, so that no one knows which rows it has seen.
    package let isUndocumented: Bool
    /// The outcomes with a known quality and no cost, though prices were given.
    package let unpriced: Int
    /// A sample of the scored rows, where one was asked for.
    package let sample: RequestSample?
  }

  /// A log that gave nothing to score.
  package struct NothingToScore: Error, Sendable {
    /// What was read.
    package let summary: LogSummary
    /// Why it is not enough.
    package let reason: any Error
  }

  /// - Parameters:
  ///   - selection: the tiers to score; all where it is `nil`.
  ///   - tiers: which models stand for them; those of training where it is `nil`.
  ///   - prices: what gives outcomes a cost where the log contains none.
  /// - Throws: ``WorkflowError`` for tiers or scores that are not the model's, `PriceListError` for a price of another tier.
  package init(
    _ folder: ModelFolder, selection: TierSelection? = nil, tiers: TierMap? = nil, prices: PriceList? = nil
  ) throws {
    model = folder.model
    outOfFold = try folder.outOfFoldScores()
    self.selection = selection ?? TierSelection(allOf: folder.model)
    tierMap = try folder.tierMap(tiers, for: self.selection)
    self.prices = prices
    try prices?.check(tierMap)
  }

  /// Scores the rows of a log.
  /// - Parameters:
  ///   - keepsUnlabelled: whether rows without a known quality are scored too.
  ///   - weighsByInclusion: whether a row counts as one over the probability with which it was picked for its outcomes, so that
  ///     those with outcomes stand for all.
  package func score(
    _ source: LogSource, sampling sample: RequestSample? = nil, keepsUnlabelled: Bool = false,
    weighsByInclusion: Bool = false
  ) throws -> Result {
    try Self.score(
      source, with: [self], sampling: sample, keepsUnlabelled: keepsUnlabelled, weighsByInclusion: weighsByInclusion)[0]
  }

  /// The rows of a log that was scored, each by itself, where draws among them were merged; `nil` where none were.
  ///
  /// A record of several draws is none itself: estimates from propensities read these rows. The parameters are those that the
  /// log was scored with.
  package func draws(
    of result: Result, keepsUnlabelled: Bool = false, weighsByInclusion: Bool = false
  ) throws -> ScoredLog? {
    guard result.summary.mergedDraws > 0 else { return nil }
    var source = result.source.unmerged
    source.options.onProgress = nil
    return try score(source, keepsUnlabelled: keepsUnlabelled, weighsByInclusion: weighsByInclusion).log
  }

  /// Scores the same rows with several models in one pass over the log; the first one's tier map and prices hold for all.
  /// - Parameter visit: is told of each row that is scored: the record, its outcomes by tier, its kind of task as logged or else as the
  ///   last model predicts, and which of the models were trained on it.
  /// - Throws: ``NothingToScore`` for a log without records, or without a quality of any tier.
  package static func score(
    _ source: LogSource, with scorers: [LogScorer], sampling sample: RequestSample? = nil,
    keepsUnlabelled: Bool = false, weighsByInclusion: Bool = false,
    visit: ((LogRecord, TierOutcomes, _ task: String?, [Bool]) -> Void)? = nil
  ) throws -> [Result] {
    var sample = sample
    let (tierMap, prices) = (scorers[0].tierMap, scorers[0].prices)
    var tables = scorers.map { RecordScores($0) }
    var (unlabelled, unrated, unpriced) = (0, 0, 0)
    let summary = try source.forEachRecord { record in
      let outcomes = tierMap.outcomes(of: record, prices: prices)
      if prices != nil { unpriced += zip(outcomes.quality, outcomes.costUSD).count { $0 != nil && $1 == nil } }
      if !keepsUnlabelled, outcomes.quality.allSatisfy({ $0 == nil }) {
        unlabelled += 1
        if record.outcomes.contains(where: { tierMap.index(of: $0.name) != nil }) { unrated += 1 }
      } else {
        let draw = tierMap.draw(of: record, outcomes, recordedCost: prices?.replacesRecorded != true)
        let weight = record.weight / (weighsByInclusion ? Float(tierMap.inclusion(of: record)) : 1)
        let areTrainedOn = tables.indices.map { tables[$0].add(record, outcomes: outcomes, draw: draw, weight: weight) }
        visit?(record, outcomes, tables[tables.count - 1].rows.lastTask, areTrainedOn)
        // Questions cannot be reworded where only their features are known.
        if record.features != nil {
          sample?.skip()
        } else {
          sample?.offer(record.request, isTrainedOn: areTrainedOn[0])
        }
      }
    }
    if summary.records == 0 {
      throw NothingToScore(summary: summary, reason: source.nothingUsable(summary))
    }
    guard tables[0].rows.count > 0 else {
      if unrated == 0 { try source.refuseForeign() }
      let reason = scorers[0].noLabels(source, records: summary.records, unrated: unrated)
      throw NothingToScore(summary: summary, reason: reason)
    }
    return try zip(scorers, tables).map { scorer, table in
      Result(
        log: try table.rows.log(), summary: summary, source: source, outOfFoldRows: table.outOfFoldRows,
        unlabelled: unlabelled,
        mayOverlapTrainingData: scorer.outOfFold == nil && scorer.model.metadata["training_data"] != nil,
        isUndocumented: scorer.model.metadata["training_data"] == nil, unpriced: unpriced, sample: sample)
    }
  }

  /// - Parameter unrated: how many records have outcomes of the model's tiers, all without a quality.
  private func noLabels(_ source: LogSource, records: Int, unrated: Int) -> WorkflowError {
    guard unrated == 0 else {
      return .badData(
        "\(source.paths.joined(separator: ", ")): expected a quality of some outcome, found none in "
          + "\(NumberFormat.count(unrated)) records with outcomes of the model's tiers; rate the answers with `ockham label`, "
          + "by people with --method ratings, or log feedback")
    }
    return .badData(
      "\(source.paths.joined(separator: ", ")): expected outcomes for the model's tiers "
        + "(\(tierMap.tiers.map { SafeText.names([$0.name] + $0.models, separator: " = ") }.joined(separator: "; "))), found none "
        + "in \(NumberFormat.count(records)) records; map the log's models with --tier NAME=MODEL")
  }
}

/// The scores of one model for the records of a log.
private struct RecordScores {
  private(set) var rows: ScoredRows
  private(set) var outOfFoldRows = 0
  private let model: Model
  private let outOfFold: OutOfFoldScores?
  private let places: [UInt64: Int]
  private var scratch: Scratch
  private var responses: ResponseScratch?
  private let outOfFoldResponses: OutOfFoldScores.RowOfResponses?
  private let tierMap: TierMap

  init(_ scorer: LogScorer) {
    model = scorer.model
    outOfFold = scorer.outOfFold
    places = scorer.outOfFold?.placeOfHash ?? [:]
    scratch = model.makeScratch()
    rows = ScoredRows(tierNames: scorer.selection.names, selection: scorer.selection, scaling: model.thresholdScaling)
    rows.responses = ResponseColumns(tiers: model.responseTiers, places: scorer.selection.places)
    responses = model.makeResponseScratch()
    outOfFoldResponses = outOfFold.map(OutOfFoldScores.RowOfResponses.init)
    tierMap = scorer.tierMap
  }

  /// Scores a record; says whether the model was trained on it and it took its out-of-fold scores.
  mutating func add(_ record: LogRecord, outcomes: TierOutcomes, draw: LoggedDraw?, weight: Float) -> Bool {
    if let features = record.features {
      model.score(features, into: &scratch)
    } else {
      model.score(record.request, into: &scratch)
    }
    // The task head has seen the training rows: what it says of them is memory, and is left out.
    var predictedTask = scratch.task
    let place = places[record.contentHash]
    if let outOfFold, let place {
      predictedTask = nil
      rows.addScores(of: outOfFold, at: place, otherwise: scratch.thresholdScales)
      outOfFoldRows += 1
    } else {
      rows.addScores(scratch.probabilities, thresholdScales: scratch.thresholdScales)
    }
    addResponses(of: record, place: place)
    rows.add(
      RowOrigin(id: record.id, dataset: record.dataset ?? "", task: (record.task ?? predictedTask)?.name),
      weight: weight, promptBytes: record.textBytes, quality: outcomes.quality.map { $0 ?? .nan },
      cost: outcomes.costUSD.map { $0 ?? .nan }, latencyMilliseconds: outcomes.latencyMilliseconds.map { $0 ?? .nan },
      trueTask: record.task, predictedTask: predictedTask, draw: draw)
    return place != nil
  }

  /// Scores the answers that a record keeps; of one that the model was trained on its scores out of fold are taken.
  private mutating func addResponses(of record: LogRecord, place: Int?) {
    guard let scratch = responses else { return }
    if let outOfFoldResponses, let place {
      rows.responses?.addRow(
        { outOfFoldResponses.probabilities(of: $0, at: place) },
        form: { outOfFoldResponses.formProbabilities(of: $0, at: place) })
      return
    }
    var scores: [Int: [Float]] = [:]
    var used = scratch
    for outcome in record.outcomes {
      // The map knows the tiers that are used alone; those of the model go by their names.
      guard let tier = tierMap.index(of: outcome.name).flatMap(modelTier), scores[tier] == nil,
        score(outcome, of: record, tier, into: &used)
      else { continue }
      scores[tier] = used.probabilities
    }
    responses = used
    rows.responses?.addRow { scores[$0].map { $0[...] } }
  }

  private func score(
    _ outcome: ModelOutcome, of record: LogRecord, _ tier: Int, into used: inout ResponseScratch
  ) -> Bool {
    if let stored = outcome.storedResponse(fitting: model.extractor.options) {
      return model.score(stored, of: tier, after: scratch, into: &used)
    }
    guard let response = outcome.response(to: record) else { return false }
    return model.score(response, of: tier, after: scratch, into: &used)
  }

  /// The place in the model of a tier of the map.
  private func modelTier(_ tier: Int) -> Int? { model.tierNames.firstIndex(of: tierMap.names[tier]) }
}
