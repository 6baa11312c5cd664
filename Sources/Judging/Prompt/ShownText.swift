/// Conversations and answers as a judge reads them.
package enum ShownText {
  /// What is shown of a long text where there is a limit, in bytes: its head and its tail.
  package static let maximumBytes = 48 << 10

  /// What was asked: each turn with who said it, a blank line between.
  package static func conversation(_ turns: [(role: String, text: String)]) -> String {
    turns.map { "\($0.role): \($0.text)" }.joined(separator: "\n\n")
  }

  /// An answer: its text or refusal, and the tools that it calls.
  package static func answer(_ answer: GivenAnswer) -> String {
    let calls = answer.calls.map { "[calls \($0.name) with \($0.arguments)]" }
    return ([answer.text ?? answer.refusal ?? ""] + calls).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The head and the tail of a text that is longer than ``maximumBytes``.
  package static func shortened(_ text: String) -> String {
    guard text.utf8.count > maximumBytes else { return text }
    let half = maximumBytes / 2
    let head = String(decoding: text.utf8.prefix(half), as: UTF8.self)
    return head + "\n[…]\n" + String(decoding: text.utf8.suffix(half), as: UTF8.self)
  }
}
