import Statistics
package import Ockham

/// A random sample of the rows of a log with their requests, drawn while the log streams by: every row is equally
/// likely to be in it, and no more than ``limit`` requests are kept (reservoir sampling, Vitter 1985, algorithm R).
package struct RequestSample: Sendable {
  /// One sampled row.
  package struct Row: Sendable, Equatable {
    /// The position in the log of scored rows, from 0.
    package var index: Int
    /// What was asked.
    package var request: Request
    /// Whether the model is known to have been trained on it.
    package var isTrainedOn: Bool
  }

  /// The most rows that are kept, at least 1.
  package let limit: Int
  /// The sampled rows, in the order of the log only while none was replaced.
  package private(set) var rows: [Row] = []
  /// The number of rows that went by.
  package private(set) var offered = 0
  private var skipped = 0

  private var generator: SplitMix64

  /// Creates an empty sample; one seed and log give one sample.
  package init(limit: Int, seed: UInt64) {
    precondition(limit >= 1, "a sample has room for one row")
    self.limit = limit
    generator = SplitMix64(seed: seed)
  }

  /// Takes the next row of the log.
  package mutating func offer(_ request: Request, isTrainedOn: Bool = false) {
    let row = Row(index: offered + skipped, request: request, isTrainedOn: isTrainedOn)
    offered += 1
    if rows.count < limit { return rows.append(row) }
    let place = generator.next(below: offered)
    if place < limit { rows[place] = row }
  }

  /// Counts a row of the log that cannot be drawn, since its text is not kept.
  package mutating func skip() { skipped += 1 }
}

extension Request {
  /// The text that is taken as the question: the last user message; `nil` when there is none.
  var question: String? { segments.last { $0.role == .user }?.text }

  /// The request with another question; unchanged when it has none.
  func replacingQuestion(with text: String) -> Request {
    guard let index = segments.lastIndex(where: { $0.role == .user }) else { return self }
    var copy = self
    copy.segments[index].text = text
    return copy
  }
}
