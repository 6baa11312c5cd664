/// How much of an answer was seen: what counts of tokens are held against.
package struct AnswerExtent: Sendable, Hashable {
  /// Bytes of texts, calls and reasoning.
  package private(set) var bytes = 0

  /// Parts of a stream that said something: a model writes at least a token for each.
  package private(set) var pieces = 0

  /// Whether the model was seen to reason: then tokens may have been spent that no one sees.
  package private(set) var showsReasoning = false

  package init() {}

  package init(_ answer: ChatResponse) {
    for choice in answer.choices {
      add(choice.content)
      add(choice.refusal)
      add(choice.reasoning)
      for call in choice.toolCalls { bytes += call.name.utf8.count + call.arguments.utf8.count }
      if !choice.reasoningParts.isEmpty { showsReasoning = true }
    }
  }

  /// Adds a part of a stream.
  package mutating func add(_ event: ChatEvent) {
    if event.isContent { pieces += 1 }
    switch event {
    case .content(_, let text), .refusal(_, let text): add(text)
    case .reasoning(_, let text):
      add(text)
      showsReasoning = true
    // Reasoning that only the provider can read is reasoning too.
    case .seal: showsReasoning = true
    case .toolCall(_, _, _, let name, let arguments):
      add(name)
      add(arguments)
    case .start, .logprobs, .finish, .usage: break
    }
  }

  private mutating func add(_ text: String?) { bytes += text?.utf8.count ?? 0 }
}
