import TextKit

/// Recognises the first turns of conversations, up to a number of conversations: memory does not grow with a log.
struct FirstTurns {
  static let limit = 1_000_000
  private var seen: Set<UInt64> = []
  /// Whether there were more, so that no one knows.
  private(set) var isFull = false

  /// Whether a conversation was not met before.
  mutating func begins(_ conversation: String?) -> Bool {
    guard let conversation, !isFull else { return false }
    guard seen.count < Self.limit else {
      isFull = true
      return false
    }
    return seen.insert(ContentHash(conversation).value).inserted
  }
}
