/// A model of a tier that stands for every name it fits: `*` for any run of characters, everything else for itself.
struct ModelPattern: Sendable, Hashable {
  /// The index of the tier.
  let tier: Int
  /// What stands between the stars; at least two, of which the ends may be empty.
  private let parts: [String]

  /// - Returns: `nil` for a name without a star.
  init?(_ text: String, tier: Int) {
    guard text.contains("*") else { return nil }
    self.tier = tier
    parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether the whole name fits: its beginning and end, and between them the other parts in their order.
  func matches(_ name: String) -> Bool {
    guard let first = parts.first, let last = parts.last, name.utf8.count >= first.utf8.count + last.utf8.count,
      name.hasPrefix(first), name.hasSuffix(last)
    else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
