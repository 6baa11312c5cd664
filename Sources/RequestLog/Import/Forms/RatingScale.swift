package import TextKit

/// How scores of a file become qualities from 0 to 1.
package struct RatingScale: Sendable, Hashable {
  /// Qualities of words and numbers as they are written, such as `up` → 1.
  package var words: [String: Double] = [:]
  /// The least and the greatest score, such as 1 and 5; `nil` takes numbers from 0 to 1 as they are.
  package var range: ClosedRange<Double>?

  package init() {}

  private static let usual: [String: Double] = [
    "true": 1, "false": 0, "yes": 1, "no": 0, "up": 1, "down": 0, "good": 1, "bad": 0, "positive": 1, "negative": 0,
    "correct": 1, "incorrect": 0, "wrong": 0, "pass": 1, "fail": 0, "passed": 1, "failed": 0, "thumbs_up": 1,
    "thumbs_down": 0,
  ]

  /// The quality of a score; `nil` where it is none.
  package func quality(of rating: JSONNode) -> Double? {
    if let truth = rating.boolean { return truth ? 1 : 0 }
    let word: String
    switch rating.content {
    case .string(let text), .number(let text): word = text.trimmingSpaces.lowercased()
    default: return nil
    }
    if let quality = words[word] { return quality }
    if let number = rating.decimal { return quality(of: number) }
    if word.hasSuffix("%"), let share = CellValue.decimal(String(word.dropLast())), (0...100).contains(share) {
      return share / 100
    }
    return words.isEmpty ? Self.usual[word] : nil
  }

  private func quality(of number: Double) -> Double? {
    let range = range ?? 0...1
    guard range.contains(number) else { return nil }
    return (number - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
