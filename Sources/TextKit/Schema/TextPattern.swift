import Foundation

/// A regular expression as schemas write it: found anywhere in a text unless it is anchored.
///
/// ICU's syntax, which agrees with ECMA-262 but for rare constructs; matching is by Unicode characters.
struct TextPattern: Sendable {
  private let expression: NSRegularExpression

  /// `nil` where the expression is malformed.
  init?(_ source: String) {
    guard let expression = try? NSRegularExpression(pattern: source) else { return nil }
    self.expression = expression
  }

  /// Whether the pattern is found in the text.
  func matches(_ text: String) -> Bool {
    expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
  }
}
