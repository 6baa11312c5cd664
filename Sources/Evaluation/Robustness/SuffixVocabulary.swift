package import Ockham

/// The tokens that an attacker may append: a fixed list of marks and words that look like hard work, and the words that
/// are frequent in the log's questions.
package struct SuffixVocabulary: Sendable, Equatable {
  /// The fixed list. These may be shown; what comes from the log may not.
  package static let marks = [
    "\n", "?", "$", "```", "prove", "explain", "why", "derive", "theorem", "integral", "step by step", "algorithm",
    "complexity", "function", "SELECT", "regex", "=", "^", "{", "}", "(", "\\frac{1}{2}", "\\int", "1.", "A)", "- x",
    "# x",
    "| x |", "________", "42",
  ]

  /// The most words that are taken from a log.
  package static let wordLimit = 256
  /// Longer words than this, in bytes, are skipped.
  static let wordBytes = 32

  /// The tokens, different from each other; the first ``markCount`` are from the fixed list.
  package let tokens: [String]
  /// How many come from the fixed list.
  package let markCount: Int

  /// Creates a vocabulary; words that are among the marks are left out.
  package init(marks: [String] = Self.marks, words: [String]) {
    tokens = marks + words.filter { !marks.contains($0) }
    markCount = marks.count
  }

  /// The fixed list and the most frequent words of the questions, in lower case; of equally frequent ones the first in
  /// the order of Unicode scalars.
  ///
  /// - Complexity: O(bytes + words · log words).
  package init(questionsOf requests: [Request], wordLimit: Int = Self.wordLimit) {
    var counts: [String: Int] = [:]
    for request in requests {
      let text = (request.question ?? "").lowercased()
      for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where word.utf8.count <= Self.wordBytes {
        counts[String(word), default: 0] += 1
      }
    }
    let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    self.init(words: ranked.prefix(wordLimit).map(\.key))
  }

  /// The text that appends tokens: a space before each, so that words stay words.
  package func suffix(_ indices: [Int]) -> String { indices.map { " " + tokens[$0] }.joined() }
}
