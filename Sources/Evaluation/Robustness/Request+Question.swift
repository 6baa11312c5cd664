import Ockham

extension Request {
  /// The text that is taken as the question: the last user message; `nil` when there is none.
  var question: String? { segments.last { $0.role == .user }?.text }

  /// The request with another question; unchanged when it has none.
  func replacingQuestion(with text: String) -> Request {
    guard let index = segments.lastIndex(where: { $0.role == .user }) else { return self }
    var copy = self
    copy.segments[index].text = text
    return copy
  }
}
