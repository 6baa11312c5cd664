package import ModelFiles
package import Foundation
package import Ockham
package import RequestLog

/// Fills a ``Dataset`` from log records, featurising batches on all threads.
///
/// Features do not depend on which models stand for which tiers, so one pass over the log is enough: outcomes are kept as
/// they are, and mapped to tiers when everything has been seen. The result does not depend on the number of threads:
/// batches are cut by count and put together in order.
package struct DatasetBuilder: ~Copyable {
  private static let chunkRows = 256

  private let options: FeatureOptions
  private let extractor: FeatureExtractor
  private let pool: WorkerPool
  private let prices: PriceList?
  private var pending: [LogRecord] = []
  private var rows: StoredRowsBuilder
  private var answers: StoredAnswersBuilder
  private var frames: FrameSample
  private let responses: WantedResponses?
  /// Records without their texts.
  private var records = PackedRecords()
  /// The outcomes of everything added: what a ``RequestLog/TierMap`` is chosen by.
  package private(set) var survey = OutcomeStatistics()
  /// Time spent on features so far, on the clock and in processor seconds of all threads.
  package private(set) var featurising = (seconds: 0.0, processorSeconds: 0.0)
  /// The first error of a scratch file; nothing is stored after it.
  private var failure: FileWriteError?

  /// A builder that keeps features in memory.
  package init(options: FeatureOptions, pool: WorkerPool, answersOf answering: AnsweringTiers = .none) {
    do {
      try self.init(options: options, pool: pool, scratchFolder: nil, answersOf: answering)
    } catch { fatalError("\(error)") }
  }

  /// Whose answers are turned into features, for response heads.
  package enum AnsweringTiers: Sendable {
    case none
    /// Those that are mapped, but for the last; of every outcome where the tiers are not known yet.
    case tiers(TierMap?)
  }

  /// - Parameter scratchFolder: where features are kept in files that vanish with the dataset; in memory when `nil`. The
  ///   dataset is the same.
  /// - Parameter prices: for outcomes without a cost.
  /// - Parameter answering: whose answers are read.
  /// - Parameter frames: what requests are put into, to see how far that moves their features.
  /// - Throws: ``FileWriteError`` when the folder takes no files.
  package init(
    options: FeatureOptions, pool: WorkerPool, scratchFolder: URL?, prices: PriceList? = nil,
    answersOf answering: AnsweringTiers = .none, frames: [RequestFrame] = []
  ) throws(FileWriteError) {
    self.options = options
    self.pool = pool
    self.prices = prices
    self.frames = FrameSample(frames)
    let rows = try StoredRowsBuilder(in: scratchFolder)
    let answers = try StoredAnswersBuilder(in: scratchFolder)
    self.rows = rows
    self.answers = answers
    extractor = FeatureExtractor(options: options)
    responses =
      switch answering {
      case .none: nil
      case .tiers(let map): WantedResponses(extractor: ResponseExtractor(extractor), tiers: map)
      }
  }

  /// Adds a record.
  /// - Precondition: stored features fit the options; ``RequestLog/LogOptions/featureOptions`` sees to it.
  package mutating func add(_ record: LogRecord) {
    let record = prices?.withLengths(record) ?? record
    survey.add(prices?.pricedByModel(record) ?? record)
    if record.features == nil { frames.add(record.request, row: count) }
    pending.append(record)
    if pending.count == Self.chunkRows * 16 { flush() }
  }

  /// The records added so far.
  package var count: Int { records.count + pending.count }

  /// The dataset of everything added.
  ///
  /// - Parameters:
  ///   - map: the tiers that its labels stand for.
  ///   - auxiliaryModels: the most models beside the tiers whose outcomes are kept.
  ///   - byPropensity: whether rows count by 1 / propensity, as they do by 1 / inclusion in any case.
  /// - Throws: ``FileWriteError`` when features could not be stored.
  package consuming func finish(
    tiers map: TierMap, auxiliaryModels: Int = 0, byPropensity: Bool = false
  ) throws(FileWriteError) -> Dataset {
    flush()
    if let failure { throw failure }
    var dataset = Dataset(
      tierNames: map.names, auxiliaryNames: auxiliaryNames(map, most: auxiliaryModels), options: options,
      rows: try rows.seal())
    var probabilities = LabelProbabilities(map, usesPropensity: byPropensity)
    var factors = LabelFactors(map)
    for row in 0..<records.count {
      let record = records[row]
      factors.append(record, reaches: records.reaches(ofRow: row))
      let outcomes = map.outcomes(
        of: record, prices: prices, inputTokens: TokenEstimate.tokens(bytes: dataset.promptBytes[row]))
      dataset.appendLabels(of: record, outcomes)
      probabilities.append(record, outcomes)
    }
    let kept = TierAnswers(try answers.seal(), map) { [records] in records[$0] }
    if !kept.isEmpty { dataset.answers = kept }
    let framed = frames.rows(extractor)
    if !framed.rows.isEmpty { dataset.framed = framed }
    dataset.conversations = records.conversations
    dataset.weigh(by: probabilities)
    dataset.labelFactors = factors.matrix
    dataset.seal()
    return dataset
  }

  /// The models with the most outcomes that are not a tier by themselves and have both outcomes often enough.
  private func auxiliaryNames(_ map: TierMap, most: Int) -> Set<String> {
    let alone = Set(map.tiers.flatMap { $0.models.count == 1 ? $0.models : [] } + map.names)
    let usable = survey.models.filter { model in
      guard let mean = model.meanQuality, !alone.contains(model.name) else { return false }
      return min(mean, 1 - mean) * Double(model.qualityCount) >= Double(Dataset.minimumPerOutcome)
    }
    return Set(usable.prefix(most).map(\.name))
  }

  private mutating func flush() {
    guard failure == nil else { return }
    let (start, processorStart) = (ContinuousClock.now, clock())
    defer {
      featurising.seconds += (ContinuousClock.now - start) / .seconds(1)
      featurising.processorSeconds += Double(clock() - processorStart) / Double(CLOCKS_PER_SEC)
    }
    let chunks = fixedChunks(of: pending.count, size: Self.chunkRows)
    let (batch, extractor, responses) = (pending, extractor, responses)
    let slots = ResultSlots<DatasetRows>(count: chunks.count)
    pool.forEach(chunks.count) { chunk in
      slots.set(DatasetRows(batch[chunks[chunk]], extractor, responses: responses), at: chunk)
    }
    do throws(FileWriteError) {
      for (part, chunk) in zip(slots.values, chunks) {
        try rows.append(part)
        try answers.append(part.answers, first: records.count + chunk.lowerBound)
      }
    } catch { failure = error }
    for record in batch { records.append(record) }
    pending.removeAll(keepingCapacity: true)
  }
}

extension PriceList {
  /// A record whose outcomes without a cost have a length, where anything shows it: answers themselves are not kept.
  fileprivate func withLengths(_ record: LogRecord) -> LogRecord {
    var result = record
    for place in result.outcomes.indices where result.outcomes[place].costUSD == nil {
      result.outcomes[place].outputTokens = outputTokens(of: result.outcomes[place])
    }
    return result
  }

  /// A record with the costs that need no tiers: for the advice on them.
  fileprivate func pricedByModel(_ record: LogRecord) -> LogRecord {
    let input = TokenEstimate.tokens(bytes: record.textBytes)
    var result = record
    for place in result.outcomes.indices where result.outcomes[place].costUSD == nil {
      let outcome = result.outcomes[place]
      guard let price = tiers[outcome.name] ?? price(ofModel: outcome.name), let output = outcome.outputTokens else {
        continue
      }
      result.outcomes[place].costUSD = price.costUSD(inputTokens: input, outputTokens: output)
    }
    return result
  }
}
