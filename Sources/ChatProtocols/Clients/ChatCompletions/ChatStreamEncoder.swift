import TextKit

/// Chunks of a streamed chat completion. The usage chunk, where it was asked for, comes last, with no choices; then
/// all other chunks say `"usage": null`.
struct ChatStreamEncoder: StreamEncoder {
  let includesUsage: Bool
  private var id = ""
  private var model = ""
  private var created = 0
  private var usage: TokenUsage?
  /// The choices that have said their role.
  private var introduced: Set<Int> = []

  init(includesUsage: Bool) { self.includesUsage = includesUsage }

  mutating func encode(_ event: ChatEvent) -> [UInt8] {
    switch event {
    case .start(let id, let model, let created):
      (self.id, self.model, self.created) = (id, model, created)
      return delta(0, [JSONMember(key: "content", value: .string(""))])
    case .content(let choice, let text): return delta(choice, [JSONMember(key: "content", value: .string(text))])
    case .reasoning(let choice, let text):
      return delta(choice, [JSONMember(key: "reasoning_content", value: .string(text))])
    case .refusal(let choice, let text): return delta(choice, [JSONMember(key: "refusal", value: .string(text))])
    case .toolCall(let choice, let call, let id, let name, let arguments):
      let part = Self.callPart(call, id: id, name: name, arguments: arguments)
      return delta(choice, [JSONMember(key: "tool_calls", value: .array([part]))])
    case .logprobs(let choice, let logprobs): return delta(choice, [], logprobs: logprobs)
    case .finish(let choice, let reason): return delta(choice, [], finish: ChatCompletionJSON.name(of: reason))
    case .usage(let usage):
      self.usage = usage
      return []
    // Chat completions have no place for it.
    case .seal: return []
    }
  }

  mutating func end() -> [UInt8] {
    guard includesUsage, let usage else { return EventText.done }
    return chunk(choices: [], usage: ChatCompletionJSON.usage(usage)) + EventText.done
  }

  var endMark: [UInt8] { EventText.done }

  mutating func fail(_ error: GatewayError) -> [UInt8] { EventText.event(ErrorEnvelope.openAI(error)) }

  private mutating func delta(
    _ choice: Int, _ members: [JSONMember], logprobs: JSONNode? = nil, finish: String? = nil
  ) -> [UInt8] {
    let role = introduced.insert(choice).inserted ? [JSONMember(key: "role", value: .string("assistant"))] : []
    let content: JSONNode = .object([
      "index": .integer(choice), "delta": .object(role + members), "logprobs": logprobs ?? .null,
      "finish_reason": finish.map(JSONNode.string) ?? .null,
    ])
    return chunk(choices: [content], usage: .null)
  }

  private func chunk(choices: [JSONNode], usage: JSONNode) -> [UInt8] {
    EventText.event(
      .object([
        "id": .string(id), "object": .string("chat.completion.chunk"), "created": .integer(created),
        "model": .string(model), "choices": .array(choices), "usage": includesUsage ? usage : nil,
      ]))
  }

  /// An element of `tool_calls` in a chunk.
  static func callPart(_ call: Int, id: String?, name: String?, arguments: String) -> JSONNode {
    .object([
      "index": .integer(call), "id": id.map(JSONNode.string), "type": id == nil ? nil : .string("function"),
      "function": .object(["name": name.map(JSONNode.string), "arguments": .string(arguments)]),
    ])
  }
}
