import TextKit

extension JSONNode {
  /// What a field that holds a question says: messages where it holds or spells them, the texts of a list, else its text.
  /// Of an object without either, such as the inputs of a chain, its JSON is the text.
  var question: JSONNode {
    let inner = unfolded
    if inner.isMessages { return inner }
    if let list = inner.elements, !list.isEmpty {
      if list.allSatisfy({ $0.string != nil }) { return inner }
      // Messages of several calls, as chains log them: the first is the call's own.
      if let first = list.first, first.isMessages { return first }
    }
    if inner.isMessage { return .array([inner]) }
    guard let members = inner.members, !members.isEmpty else { return self }
    if string != nil {
      // A text that is JSON for the model to read stays a text.
      return inner["messages"]?.isMessages == true ? inner["messages"] ?? self : self
    }
    let names = [
      "messages", "contents", "input", "prompt", "question", "query", "text", "content", "user_input", "human_input",
      "raw",
    ]
    if let named = inner.raw(names) { return named.question }
    return .string(inner.jsonText)
  }
}
