import Ockham
import RequestLog

/// What records make of themselves without knowing the tiers: features, lengths, hashes.
struct DatasetRows: Sendable {
  var grams = NGramRows()
  /// Row-major [rows × d].
  var dense: [Float] = []
  var promptBytes: [Int] = []
  var contentHashes: [UInt64] = []
  /// ``QuestionStem/key``; 0 for records of which only features are known.
  var stemKeys: [UInt64] = []
  /// The least hashes of n-grams by which near-duplicates are found [rows × ``NearDuplicates/keys``].
  var leastHashes: [UInt32] = []

  /// The records' answers, where they are asked for.
  var answers = AnswerRows()

  /// - Parameter responses: what reads answers; `nil` where no one asks for them.
  init(_ records: ArraySlice<LogRecord>, _ extractor: FeatureExtractor, responses: WantedResponses? = nil) {
    var vector = extractor.makeVector()
    var answer = responses?.extractor.makeVector()
    var least = LeastHashes(limit: NearDuplicates.keys)
    for record in records {
      if let features = record.features {
        vector.load(features)
      } else {
        extractor.extract(record.request, into: &vector)
      }
      grams.append(vector)
      dense.append(contentsOf: vector.dense)
      promptBytes.append(record.textBytes)
      contentHashes.append(record.contentHash)
      stemKeys.append(record.features == nil ? QuestionStem(record.request).key : 0)
      least.load(vector)
      leastHashes += least.hashes
      for _ in least.hashes.count..<NearDuplicates.keys { leastHashes.append(NearDuplicates.noKey) }
      guard let responses, var response = answer else { continue }
      answers.append(record, at: contentHashes.count - 1, vector, responses, using: &response)
      answer = response
    }
  }
}
