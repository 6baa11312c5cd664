import TextKit

/// Puts the events of a stream together into the whole answer that they are.
package struct ChatResponseAssembler: Sendable {
  private var id = ""
  private var model = ""
  private var created = 0
  private var choices: [Int: ChatChoice] = [:]
  private var usage: TokenUsage?

  package init() {}

  /// The answer so far. Choices that have not finished count as cut short.
  package var answer: ChatResponse {
    ChatResponse(
      id: id, created: created, model: model, choices: choices.values.sorted { $0.index < $1.index }, usage: usage)
  }

  /// Takes the next event.
  /// - Complexity: O(bytes of the event), amortised.
  package mutating func append(_ event: ChatEvent) {
    switch event {
    case .start(let id, let model, let created): (self.id, self.model, self.created) = (id, model, created)
    case .content(let choice, let text): self[choice].content.append(text)
    case .reasoning(let choice, let text): self[choice].append(reasoning: text)
    case .seal(let choice, let seal): self[choice].seal(seal)
    case .refusal(let choice, let text): self[choice].refusal.append(text)
    case .toolCall(let choice, let call, let id, let name, let arguments):
      self[choice].append(call: call, id: id, name: name, arguments: arguments)
    case .logprobs(let choice, let logprobs): self[choice].append(logprobs: logprobs)
    case .finish(let choice, let reason): self[choice].finishReason = reason
    case .usage(let usage): self.usage = usage
    }
  }

  private subscript(index: Int) -> ChatChoice {
    get { choices[index, default: ChatChoice(index: index, finishReason: .length)] }
    _modify { yield &choices[index, default: ChatChoice(index: index, finishReason: .length)] }
  }
}

extension String? {
  /// Adds to a text that may not have begun.
  fileprivate mutating func append(_ more: String) {
    if self == nil { self = more } else { self?.append(more) }
  }
}

extension ChatChoice {
  fileprivate mutating func append(call: Int, id: String?, name: String?, arguments: String) {
    guard (0..<4096).contains(call) else { return }
    while toolCalls.count <= call { toolCalls.append(ToolCall(id: "", name: "", arguments: "")) }
    if let id { toolCalls[call].id = id }
    if let name { toolCalls[call].name = name }
    toolCalls[call].arguments += arguments
  }

  /// Chunks of log probabilities add up token by token.
  fileprivate mutating func append(logprobs more: JSONNode) {
    guard let old = logprobs?.members else {
      logprobs = more
      return
    }
    logprobs = .object(
      old.map { member in
        guard let tokens = member.value.elements, let others = more[member.key]?.elements else { return member }
        return JSONMember(key: member.key, value: .array(tokens + others))
      })
  }
}

extension ChatResponse {
  /// The events of a stream that says the same: for answers that were held back as a whole.
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
    for part in reasoningParts {
      if !part.text.isEmpty { events.append(.reasoning(choice: index, part.text)) }
      if let seal = part.seal { events.append(.seal(choice: index, seal)) }
    }
    if let content { events.append(.content(choice: index, content)) }
    if let refusal { events.append(.refusal(choice: index, refusal)) }
    for (number, call) in toolCalls.enumerated() {
      events.append(.toolCall(choice: index, call: number, id: call.id, name: call.name, arguments: call.arguments))
    }
    if let logprobs { events.append(.logprobs(choice: index, logprobs)) }
    return events + [.finish(choice: index, finishReason)]
  }
}
