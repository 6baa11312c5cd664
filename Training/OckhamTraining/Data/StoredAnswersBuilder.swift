import Foundation
import ModelFiles

/// ``StoredAnswers`` in progress.
struct StoredAnswersBuilder: ~Copyable {
  private var grams: StoredNGramsBuilder
  private var dense: ColumnBuilder<Float>
  private var places: [AnswerPlace] = []

  /// - Parameter folder: where features are kept on disk; in memory when left out.
  init(in folder: URL?) throws(FileWriteError) {
    let grams = try StoredNGramsBuilder(in: folder)
    let dense = try ColumnBuilder<Float>(in: folder)
    self.grams = grams
    self.dense = dense
  }

  /// Appends the answers of records that begin at row `first` of the log.
  mutating func append(_ part: AnswerRows, first: Int) throws(FileWriteError) {
    try grams.append(part.grams)
    try dense.append(part.dense)
    for (record, outcome) in zip(part.records, part.outcomes) {
      places.append(AnswerPlace(row: first + record, outcome: outcome))
    }
  }

  consuming func seal() throws(FileWriteError) -> StoredAnswers {
    let places = places
    return StoredAnswers(grams: try grams.seal(), dense: try dense.seal(), places: places)
  }
}
