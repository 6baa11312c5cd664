import Ockham
import RequestLog

/// What the answers of some records make of themselves: features, and whose answers they are.
struct AnswerRows: Sendable {
  var grams = NGramRows()
  /// Row-major [answers × d].
  var dense: [Float] = []
  /// The place of each answer's record among these.
  var records: [Int] = []
  /// The place of each answer among the outcomes of its record.
  var outcomes: [Int] = []

  /// Adds the rated answers of a record that somebody asks for.
  ///
  /// - Parameter prompt: the features of the record's request.
  mutating func append(
    _ record: LogRecord, at place: Int, _ prompt: FeatureVector, _ wanted: WantedResponses,
    using vector: inout ResponseVector
  ) {
    for (index, outcome) in record.outcomes.enumerated() where outcome.quality != nil && wanted.includes(outcome.name) {
      if let stored = outcome.storedResponse(fitting: wanted.extractor.extractor.options) {
        vector.load(stored)
      } else if let response = outcome.response(to: record) {
        wanted.extractor.extract(response, to: prompt, into: &vector)
      } else {
        continue
      }
      grams.append(vector)
      dense += vector.dense
      records.append(place)
      outcomes.append(index)
    }
  }
}

/// Which answers are read, and by what.
struct WantedResponses: Sendable {
  let extractor: ResponseExtractor
  /// The tiers, where they are known before the log is read; answers of the last one and of other models are skipped.
  let tiers: TierMap?

  func includes(_ name: String) -> Bool {
    guard let tiers else { return true }
    return tiers.index(of: name).map { $0 < tiers.tiers.count - 1 } ?? false
  }
}

/// The answers of a whole log; see ``AnswerRows``. No text is kept.
struct StoredAnswers: Sendable {
  let grams: StoredNGrams
  /// Row-major [answers × d].
  let dense: Column<Float>
  /// The row and the outcome of each answer, rising.
  let places: [AnswerPlace]

  /// Bytes in scratch files.
  var scratchBytes: Int { grams.scratchBytes + dense.scratchBytes }
}

/// Where an answer stands in a log.
struct AnswerPlace: Sendable {
  let row: Int
  let outcome: Int
}
