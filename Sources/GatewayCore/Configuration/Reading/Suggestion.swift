/// Finds what a misspelt word was meant to be.
enum Suggestion {
  /// The nearest of the words, where at most a third of the letters differ or only its end is missing; `nil` for
  /// anything farther off.
  static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let longer = words.filter { word.count >= 3 && $0.lowercased().hasPrefix(word.lowercased()) }
    if longer.count == 1 { return longer[0] }
    let limit = max(1, min(word.count, 64) / 3)
    let ranked = words.map { ($0, distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }), best.1 <= limit else { return nil }
    return best.0
  }

  /// `did you mean "tiers"?`, or what may stand there.
  static func remedy(for word: String, among words: some Collection<String>) -> String {
    if let nearest = nearest(to: word, among: words) { return "did you mean \(nearest)?" }
    if words.isEmpty { return "remove it" }
    let shown = words.sorted().prefix(24).joined(separator: ", ")
    return "use one of: \(shown)\(words.count > 24 ? ", …" : "")"
  }

  /// The least number of letters to insert, delete, replace or swap with their neighbour. Source: optimal string
  /// alignment. Only the first 64 letters count.
  /// - Complexity: O(letters²).
  static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left.prefix(64)), b = Array(right.prefix(64))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
