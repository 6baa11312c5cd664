import TextKit

/// Reads counts of tokens, and remembers whether one of them was none: below 0, not whole, or larger than any answer.
struct TokenCounts {
  private(set) var isOdd = false

  /// No prompt and no answer has more.
  private static let greatest = 1 << 30

  /// A count from 0 on; `nil` where there is none, or null. What is no count is read as the nearest.
  mutating func count(_ node: JSONNode?) -> Int? {
    guard let node, !node.isNull else { return nil }
    let count = node.tokenCount
    if node.integer != count || count > Self.greatest || Self.isNaN(node) { isOdd = true }
    return min(count, Self.greatest)
  }

  /// What ``LooseJSON`` leaves of `NaN`.
  private static func isNaN(_ node: JSONNode) -> Bool {
    if case .number("0.0") = node.content { true } else { false }
  }

  /// A count, or 0.
  mutating func part(_ node: JSONNode?) -> Int { count(node) ?? 0 }
}
