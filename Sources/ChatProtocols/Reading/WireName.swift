import Ockham
import TextKit

/// Names as providers take them: letters, digits, `_` and `-`, and not too long. Those of clients are often longer, and are
/// given back to them as they were.
enum WireName {
  /// The longest name of a tool that OpenAI takes, and of a call's id.
  static let toolBytes = 64
  static let callIDBytes = 40
  /// The longest name of a tool that Anthropic takes.
  static let anthropicToolBytes = 128

  /// The name itself where it may stand, else one made of it: the same for the same name.
  static func of(_ name: String, maximumBytes: Int) -> String {
    let plain = String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
    guard plain != name || name.utf8.count > maximumBytes else { return name }
    return plain.prefix(maximumBytes - 9) + "_" + Request(prompt: name).contentHash.hexadecimal.prefix(8)
  }

  /// What the client calls a tool that a provider calls by its wire name.
  static func restored(_ name: String, in chat: JSONNode) -> String {
    let names = (chat["tools"]?.elements ?? []).compactMap { ($0["function"] ?? $0["custom"])?["name"]?.string }
    if names.contains(name) { return name }
    return names.first { of($0, maximumBytes: toolBytes) == name || of($0, maximumBytes: anthropicToolBytes) == name }
      ?? name
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}

extension ChatRequest {
  /// An event with the name that the client knows a tool by.
  package func restoring(_ event: ChatEvent) -> ChatEvent {
    guard case .toolCall(let choice, let call, let id, let name?, let arguments) = event else { return event }
    let restored = WireName.restored(name, in: chat)
    return .toolCall(choice: choice, call: call, id: id, name: restored, arguments: arguments)
  }

  /// An answer with the names that the client knows its tools by.
  package func restoring(_ answer: ChatResponse) -> ChatResponse {
    var answer = answer
    for choice in answer.choices.indices {
      for call in answer.choices[choice].toolCalls.indices {
        let name = answer.choices[choice].toolCalls[call].name
        answer.choices[choice].toolCalls[call].name = WireName.restored(name, in: chat)
      }
    }
    return answer
  }
}
