import Foundation

/// A text brought to a form in which answers that mean the same are equal.
///
/// Compatibility forms are composed (NFKC), case is folded, and the text is cut into words. Punctuation around words is
/// dropped, and so are the articles a, an, the. Numbers are brought to one form: `1,000`, `1000.0`, `$1000` and `+1000`
/// are `1000`; a percentage keeps its sign.
package struct NormalisedText: Sendable, Hashable {
  /// The words, in order.
  package let words: [String]

  /// Normalises a text. A text of nothing but articles keeps them: `A` is a choice.
  package init(_ text: String) {
    // By way of capitals: lower case alone leaves ß beside ss, and a final sigma beside others.
    let folded = text.precomposedStringWithCompatibilityMapping.uppercased().lowercased()
    let all = folded.split(whereSeparator: \.isWhitespace).flatMap(Self.words)
    let content = all.filter { !Self.articles.contains($0) }
    words = content.isEmpty ? all : content
  }

  /// Whether nothing is left.
  package var isEmpty: Bool { words.isEmpty }

  private static let articles: Set<String> = ["a", "an", "the"]

  /// The words of a run without white space: a number, or the pieces between punctuation.
  private static func words(of run: Substring) -> [String] {
    if let number = canonicalNumber(run) { return [number] }
    return run.split { !$0.isLetter && !$0.isNumber && $0 != "%" && !$0.isMathSymbol && !$0.isCurrencySymbol }
      .map { canonicalNumber($0) ?? String($0) }
  }

  /// The number in its one form; `nil` for anything else.
  static func canonicalNumber(_ run: Substring) -> String? {
    var text = run.drop { "([{\"'*_`".contains($0) }
    while let last = text.last, ")]}\"'*_`.,;:!?".contains(last) { text.removeLast() }
    let isNegative = text.first == "-" || text.first == "\u{2212}"
    if isNegative || text.first == "+" { text.removeFirst() }
    if let first = text.first, first.isCurrencySymbol { text.removeFirst() }
    let isPercentage = text.last == "%"
    if isPercentage { text.removeLast() }
    guard let magnitude = magnitude(text) else { return nil }
    return (isNegative && magnitude != "0" ? "-" : "") + magnitude + (isPercentage ? "%" : "")
  }

  /// Digits with or without commas between thousands, and a fraction: without commas and needless zeros.
  private static func magnitude(_ text: Substring) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = wholePart(parts[0]) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard isDigits(fraction), !(parts[0].isEmpty && fraction.isEmpty) else { return nil }
    var decimals = fraction
    while decimals.last == "0" { decimals.removeLast() }
    var digits = whole.drop { $0 == "0" }
    if digits.isEmpty { digits = "0" }
    return decimals.isEmpty ? String(digits) : "\(digits).\(decimals)"
  }

  private static func wholePart(_ text: Substring) -> Substring? {
    let groups = text.split(separator: ",", omittingEmptySubsequences: false)
    guard groups.allSatisfy(isDigits) else { return nil }
    if groups.count == 1 { return text }
    guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    return Substring(groups.joined())
  }

  private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
