import Ockham
import RequestLog

/// Which answer stands for a tier in each row: the first rated one of its models.
struct TierAnswers: Sendable {
  /// An answer of the log and how good it is.
  struct Answer: Sendable {
    let row: Int
    /// Its place in ``StoredAnswers``.
    let place: Int
    let quality: Float
  }

  let stored: StoredAnswers
  /// By tier, rising rows.
  private(set) var answers: [[Answer]]

  /// - Parameter record: the records of the log without their texts, by row.
  init(_ stored: StoredAnswers, _ map: TierMap, record: (Int) -> LogRecord) {
    self.stored = stored
    answers = map.names.map { _ in [] }
    for (place, answer) in stored.places.enumerated() {
      let outcome = record(answer.row).outcomes[answer.outcome]
      guard let tier = map.index(of: outcome.name), let quality = outcome.quality,
        answers[tier].last?.row != answer.row
      else { continue }
      answers[tier].append(Answer(row: answer.row, place: place, quality: Float(quality)))
    }
  }

  /// Whether an answering tier has any.
  var isEmpty: Bool { answers.dropLast().allSatisfy(\.isEmpty) }
}

extension Dataset {
  /// Whether the log keeps rated answers of a tier below the last.
  package var hasAnswers: Bool { answers != nil }
}
