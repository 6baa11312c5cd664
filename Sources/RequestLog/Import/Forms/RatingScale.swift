package import TextKit

/// How scores of a file become qualities from 0 to 1.
package struct RatingScale: Sendable, Hashable {
  /// Qualities of words and numbers as they are written, such as `up` → 1.
  package var words: [String: Double] = [:]
  /// The least and the greatest score, such as 1 and 5; `nil` takes numbers from 0 to 1 as they are.
  package var range: ClosedRange<Double>?

  package init() {}

  /// Whether a number has a worth of its own among ``words``: who wrote it knows the scale.
  var namesNumbers: Bool { words.keys.contains { CellValue.decimal($0) != nil } }

  private static let usual: [String: Double] = [
    "true": 1, "false": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "up": 1, "down": 0, "good": 1, "bad": 0, "positive": 1,
    "negative": 0, "correct": 1, "incorrect": 0, "right": 1, "wrong": 0, "pass": 1, "fail": 0, "passed": 1, "failed": 0,
    "success": 1, "failure": 0, "thumbs_up": 1, "thumbs_down": 0, "thumbs up": 1, "thumbs down": 0, "like": 1,
    "dislike": 0, "liked": 1, "disliked": 0, "helpful": 1, "unhelpful": 0, "not_helpful": 0, "not_good": 0,
    "not_correct": 0, "thumbsup": 1, "thumbsdown": 0, "thumb_up": 1, "thumb_down": 0, "upvote": 1, "downvote": 0,
    "\u{1F44D}": 1, "\u{1F44E}": 0, "accepted": 1, "rejected": 0,
  ]

  /// The quality of a score; `nil` where it is none.
  ///
  /// In this order: a word of ``words``, true and false, a percentage, a fraction such as `3/5`, a number, a usual word.
  package func quality(of rating: JSONNode) -> Double? {
    let text: String
    switch rating.content {
    case .boolean(let boolean): return words[boolean ? "true" : "false"] ?? (boolean ? 1 : 0)
    case .string(let string), .number(let string): text = string.trimmingSpaces
    default: return nil
    }
    let word = text.lowercased()
    if let quality = words[word] { return quality }
    if let number = CellValue.decimal(word) {
      if let named = words.first(where: { CellValue.decimal($0.key) == number }) { return named.value }
      return quality(of: number)
    }
    if word.hasSuffix("%"), let share = CellValue.decimal(String(word.dropLast()).trimmingSpaces) {
      return (0...100).contains(share) ? share / 100 : nil
    }
    if let fraction = Self.fraction(word) { return fraction }
    return Self.usual[word] ?? Self.usual(text)
  }

  /// A usual word however it is written: `ThumbsDown`, `Incorrect.`, a thumb of any skin.
  private static func usual(_ text: String) -> Double? {
    let plain = String(
      String.UnicodeScalarView(text.unicodeScalars.filter { !(0x1F3FB...0x1F3FF ~= $0.value || $0.value == 0xFE0F) }))
    let word = plain.trimmingSpaces.prefix { !".!,;".contains($0) }
    guard plain.trimmingSpaces.dropFirst(word.count).allSatisfy({ ".!,;".contains($0) }) else { return nil }
    return usual[String(word)] ?? usual[FieldName.words(of: String(word))]
  }

  /// As ``quality(of:)``, also of a number with a comma that can only be a decimal one: `0,5`.
  func qualityOfCell(_ rating: JSONNode) -> Double? {
    if let quality = quality(of: rating) { return quality }
    guard let text = rating.string?.trimmingSpaces, CellNumber.hasDecimalComma(text) else { return nil }
    return CellNumber.decimal(text).flatMap { quality(of: JSONNode.number($0)) }
  }

  /// Numbers a rounding error beyond the range count as its end.
  private func quality(of number: Double) -> Double? {
    let range = range ?? 0...1
    let share = (number - range.lowerBound) / (range.upperBound - range.lowerBound)
    return (-1e-6...1 + 1e-6).contains(share) ? min(max(share, 0), 1) : nil
  }

  private static func fraction(_ word: String) -> Double? {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false).map {
      CellValue.decimal(String($0).trimmingSpaces)
    }
    guard parts.count == 2, let top = parts[0], let bottom = parts[1], bottom > 0, (0...bottom).contains(top) else {
      return nil
    }
    return top / bottom
  }
}

/// Numbers that are no qualities: they show that scores are marks on another scale.
struct MarksSeen {
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  /// Whether a number was met that no quality is.
  private(set) var areMarks = false
  /// Where the first such number stands.
  private(set) var place = ""

  mutating func add(_ rating: JSONNode, isQuality: Bool, at place: LogPlace) {
    guard let number = rating.decimal else { return }
    (least, greatest) = (min(least, number), max(greatest, number))
    guard !isQuality, !areMarks else { return }
    areMarks = true
    self.place = place.description
  }

  /// The scale that the marks are probably on, as --quality-range takes it.
  var range: String {
    if least < 0 { return greatest <= 1 && least >= -1 ? "-1..1" : "\(short(least))..\(short(greatest))" }
    if greatest <= 5 { return least < 1 ? "0..5" : "1..5" }
    if greatest <= 10 { return least < 1 ? "0..10" : "1..10" }
    return greatest <= 100 ? "0..100" : "0..\(short(greatest))"
  }

  private func short(_ number: Double) -> String { NumberFormat.short(number, digits: 6) }
}

/// Words that stand for no quality, as far as they are shown.
struct UnreadScores {
  private static let shown = 5
  private var words: [String] = []
  private var hasMore = false

  mutating func add(_ word: String) {
    guard !words.contains(word) else { return }
    if words.count < Self.shown { words.append(word) } else { hasMore = true }
  }

  /// The words in one sentence; `nil` where there are none.
  var sentence: String? {
    guard !words.isEmpty else { return nil }
    let named = words.map { SafeText.word($0) }.joined(separator: ", ")
    return "words that are no scores: \(named)\(hasMore ? " and more" : ""); say what they are worth with --quality-map"
  }
}
