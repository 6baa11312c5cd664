extension ChatAnswer {
  /// The events of a stream that says the same.
  package var events: [ChatEvent] {
    var events: [ChatEvent] = [.start(id: id, model: model, created: created)]
    for choice in choices { events += choice.events }
    if let usage { events.append(.usage(usage)) }
    return events
  }
}

extension ChatChoice {
  fileprivate var events: [ChatEvent] {
    var events: [ChatEvent] = []
    if let reasoning, !reasoning.isEmpty { events.append(.reasoning(choice: index, reasoning)) }
    if let logprobs { events.append(.logprobs(choice: index, logprobs)) }
    if let content, !content.isEmpty { events.append(.content(choice: index, content)) }
    if let refusal, !refusal.isEmpty { events.append(.refusal(choice: index, refusal)) }
    for (call, toolCall) in toolCalls.enumerated() {
      events.append(
        .toolCall(choice: index, call: call, id: toolCall.id, name: toolCall.name, arguments: toolCall.arguments))
    }
    events.append(.finish(choice: index, finishReason))
    return events
  }
}
