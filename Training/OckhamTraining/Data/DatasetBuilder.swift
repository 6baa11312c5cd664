package import Ockham
package import RequestLog

/// Fills a ``Dataset`` from log records, featurising batches on all threads.
///
/// Features do not depend on which models stand for which tiers, so one pass over the log is enough: outcomes are kept as
/// they are, and mapped to tiers when everything has been seen. The result does not depend on the number of threads:
/// batches are cut by count and put together in order.
package struct DatasetBuilder {
  private static let chunkRows = 256

  private let options: FeatureOptions
  private let extractor: FeatureExtractor
  private let pool: WorkerPool
  private var pending: [LogRecord] = []
  private var rows = DatasetRows()
  /// Records without their texts.
  private var outcomes: [LogRecord] = []
  private var survey = OutcomeSurvey()

  package init(options: FeatureOptions, pool: WorkerPool) {
    self.options = options
    self.pool = pool
    extractor = FeatureExtractor(options: options)
  }

  /// Adds a record.
  /// - Precondition: stored features fit the options; ``RequestLog/LogOptions/featureOptions`` sees to it.
  package mutating func add(_ record: LogRecord) {
    survey.add(record)
    pending.append(record)
    if pending.count == Self.chunkRows * 16 { flush() }
  }

  /// The records added so far.
  package var count: Int { outcomes.count + pending.count }

  /// The dataset of everything added, and the tiers that its labels stand for.
  ///
  /// - Parameters:
  ///   - tierFlags: `NAME=MODEL` for each model; empty when the log's outcomes bear the tiers' names.
  ///   - auxiliaryModels: the most models beside the tiers whose outcomes are kept.
  /// - Throws: ``RequestLog/TierMapError`` when outcomes cannot be mapped to tiers.
  package mutating func finish(
    tierFlags: [String], auxiliaryModels: Int = 0
  ) throws(TierMapError) -> (Dataset, TierMap) {
    flush()
    let map = try TierMap(flags: tierFlags, survey: survey)
    var dataset = Dataset(
      tierNames: map.names, auxiliaryNames: auxiliaryNames(map, most: auxiliaryModels), options: options, rows: rows)
    for record in outcomes { dataset.appendLabels(of: record, map.outcomes(of: record)) }
    dataset.seal()
    return (dataset, map)
  }

  /// The models with the most outcomes that are not a tier by themselves and have both outcomes often enough.
  private func auxiliaryNames(_ map: TierMap, most: Int) -> Set<String> {
    let alone = Set(map.tiers.flatMap { $0.models.count == 1 ? $0.models : [] } + map.names)
    let usable = survey.models.filter { model in
      guard let mean = model.meanQuality, !alone.contains(model.name) else { return false }
      return min(mean, 1 - mean) * Double(model.qualityCount) >= Double(RouterTraining.minimumPerOutcome)
    }
    return Set(usable.prefix(most).map(\.name))
  }

  private mutating func flush() {
    let chunks = fixedChunks(of: pending.count, size: Self.chunkRows)
    let (records, extractor) = (pending, extractor)
    let slots = ResultSlots<DatasetRows>(count: chunks.count)
    pool.forEach(chunks.count) { chunk in
      slots.set(DatasetRows(records[chunks[chunk]], extractor), at: chunk)
    }
    for part in slots.values { rows.append(part) }
    for record in records {
      var stripped = record
      stripped.request = Request(segments: [])
      stripped.features = nil
      outcomes.append(stripped)
    }
    pending.removeAll(keepingCapacity: true)
  }
}
