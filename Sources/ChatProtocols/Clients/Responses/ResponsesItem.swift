import TextKit

/// An item of a streamed response, as far as it has come.
struct ResponsesItem {
  enum Kind {
    case message, reasoning
    /// A call; its arguments grow in ``ResponsesItem/text``.
    case call(ToolCall)
  }

  /// What an item's content is made of.
  enum Part {
    case text, refusal, reasoning

    /// The name in events.
    var eventName: String {
      switch self {
      case .text: "output_text"
      case .refusal: "refusal"
      case .reasoning: "reasoning_text"
      }
    }

    func json(_ text: String, logprobs: [JSONNode] = []) -> JSONNode {
      switch self {
      case .text: ResponsesJSON.textPart(text, logprobs: .object(["content": .array(logprobs)]))
      case .refusal: ResponsesJSON.refusalPart(text)
      case .reasoning: ResponsesJSON.reasoningPart(text)
      }
    }
  }

  let id: String
  let kind: Kind
  /// The kinds of its parts, in order.
  var parts: [Part]
  var text = ""
  var refusal = ""
  var logprobs: [JSONNode] = []
  var isDone = false

  init(id: String, kind: Kind) {
    self.id = id
    self.kind = kind
    if case .reasoning = kind { parts = [.reasoning] } else { parts = [] }
  }

  mutating func append(_ more: String, to part: Part) {
    if part == .refusal { refusal += more } else { text += more }
  }

  func text(of part: Part) -> String { part == .refusal ? refusal : text }

  /// The item: empty when it begins, whole when it is done.
  func json(isDone: Bool, _ response: ResponsesJSON) -> JSONNode {
    let status = isDone ? "completed" : "in_progress"
    switch kind {
    case .reasoning: return ResponsesJSON.reasoningItem(id, text: isDone ? text : nil)
    case .message:
      let parts = parts.map { $0.json(text(of: $0), logprobs: logprobs) }
      return ResponsesJSON.messageItem(id, parts: parts, status: status)
    case .call(var call):
      call.arguments = text
      return response.callItem(id, call, status: status)
    }
  }
}
