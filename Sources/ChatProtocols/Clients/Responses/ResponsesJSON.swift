import TextKit

/// A response object: what was asked, given back, and what was answered.
struct ResponsesJSON: Sendable {
  private let root: JSONNode
  let tools: ResponsesTools
  let memory: ResponsesMemory?

  init(_ request: ChatRequest, _ memory: ResponsesMemory? = nil) {
    root = request.root
    self.memory = memory
    tools = ResponsesTools(request.root)
  }

  /// A whole answer: the first choice, for Responses know one.
  func response(of answer: ChatResponse) -> JSONNode {
    let choice = answer.choices.first
    let reason = choice?.finishReason ?? .stop
    return response(
      id: answer.id, model: answer.model, created: answer.created, status: Self.status(of: reason),
      output: choice.map { output(of: $0, id: answer.id) } ?? [], incomplete: Self.incompleteReason(reason),
      usage: answer.usage)
  }

  func response(
    id: String, model: String, created: Int, status: String, output: [JSONNode], incomplete: String? = nil,
    usage: TokenUsage? = nil, error: GatewayError? = nil
  ) -> JSONNode {
    let failure = error.map { JSONNode.object(["code": .string($0.code.rawValue), "message": .string($0.message)]) }
    let details = incomplete.map { JSONNode.object(["reason": .string($0)]) }
    let answered: [JSONMember] = [
      JSONMember(key: "id", value: .string("resp_" + (memory?.id ?? id))),
      JSONMember(key: "object", value: .string("response")),
      JSONMember(key: "created_at", value: .integer(created)), JSONMember(key: "status", value: .string(status)),
      JSONMember(key: "error", value: failure ?? .null), JSONMember(key: "incomplete_details", value: details ?? .null),
      JSONMember(key: "model", value: .string(model)), JSONMember(key: "output", value: .array(output)),
      JSONMember(key: "usage", value: usage.map(Self.usage) ?? .null),
    ]
    return .object(answered + asked)
  }

  /// The request's fields, each with what counts where a client says nothing.
  private var asked: [JSONMember] {
    let defaults: KeyValuePairs<String, JSONNode> = [
      "instructions": .null, "max_output_tokens": .null, "metadata": .object([:]),
      "parallel_tool_calls": .boolean(true), "reasoning": Self.noReasoning, "temperature": .null,
      "text": Self.plainText, "tool_choice": .string("auto"), "tools": .array([]), "top_p": .null, "user": .null,
    ]
    let fixed: KeyValuePairs<String, JSONNode> = [
      "background": .boolean(false), "previous_response_id": root["previous_response_id"] ?? .null,
      "store": .boolean(memory?.keep != nil),
      "truncation": .string("disabled"),
    ]
    return defaults.map { JSONMember(key: $0, value: root[$0] ?? $1) } + fixed.map { JSONMember(key: $0, value: $1) }
  }

  private static let noReasoning: JSONNode = .object(["effort": JSONNode.null, "summary": JSONNode.null])
  private static let plainText: JSONNode = .object(["format": .object(["type": .string("text")])])

  static func status(of reason: FinishReason) -> String {
    incompleteReason(reason) == nil ? "completed" : "incomplete"
  }

  static func incompleteReason(_ reason: FinishReason) -> String? {
    switch reason {
    case .length: "max_output_tokens"
    case .contentFilter: "content_filter"
    case .stop, .toolCalls, .other: nil
    }
  }

  static func usage(_ usage: TokenUsage) -> JSONNode {
    .object([
      "input_tokens": .integer(usage.inputTokens),
      "input_tokens_details": .object([
        "cached_tokens": .integer(usage.cachedInputTokens), "cache_write_tokens": .integer(usage.cacheWriteTokens),
      ]),
      "output_tokens": .integer(usage.outputTokens),
      "output_tokens_details": .object(["reasoning_tokens": .integer(usage.reasoningTokens)]),
      "total_tokens": .integer(usage.inputTokens + usage.outputTokens),
    ])
  }
}

extension ResponsesJSON {
  /// The items of a choice: its reasoning, its message, its calls, named after the answer.
  private func output(of choice: ChatChoice, id: String) -> [JSONNode] {
    var items: [JSONNode] = []
    if let reasoning = choice.reasoning, !reasoning.isEmpty {
      items.append(Self.reasoningItem("rs_\(id)_\(items.count)", text: reasoning))
    }
    let parts = Self.parts(of: choice)
    if !parts.isEmpty { items.append(Self.messageItem("msg_\(id)_\(items.count)", parts: parts, status: "completed")) }
    for call in choice.toolCalls {
      items.append(callItem("fc_\(id)_\(items.count)", call, status: "completed"))
    }
    return items
  }

  private static func parts(of choice: ChatChoice) -> [JSONNode] {
    var parts: [JSONNode] = []
    if let text = choice.content, !text.isEmpty || choice.toolCalls.isEmpty && choice.refusal == nil {
      parts.append(textPart(text, logprobs: choice.logprobs))
    }
    if let refusal = choice.refusal { parts.append(refusalPart(refusal)) }
    return parts
  }

  static func reasoningItem(_ id: String, text: String?) -> JSONNode {
    let content = text.map { JSONNode.array([reasoningPart($0)]) }
    return .object([
      "id": .string(id), "type": .string("reasoning"), "summary": .array([]), "content": content ?? .array([]),
    ])
  }

  static func reasoningPart(_ text: String) -> JSONNode {
    .object(["type": .string("reasoning_text"), "text": .string(text)])
  }

  static func messageItem(_ id: String, parts: [JSONNode], status: String) -> JSONNode {
    .object([
      "id": .string(id), "type": .string("message"), "status": .string(status), "role": .string("assistant"),
      "content": .array(parts),
    ])
  }

  static func textPart(_ text: String, logprobs: JSONNode? = nil) -> JSONNode {
    .object([
      "type": .string("output_text"), "text": .string(text), "annotations": .array([]),
      "logprobs": .array(logprobs?["content"]?.elements ?? []),
    ])
  }

  static func refusalPart(_ text: String) -> JSONNode {
    .object(["type": .string("refusal"), "refusal": .string(text)])
  }

  /// A call, in the form of the tool that the client declared.
  func callItem(_ id: String, _ call: ToolCall, status: String) -> JSONNode {
    let isDone = status == "completed"
    switch tools.form(of: call.name) {
    case .localShell: return LocalShell.item(id, call, status: status)
    case .custom(let name):
      return .object([
        "id": .string(id), "type": .string("custom_tool_call"), "status": .string(status), "call_id": .string(call.id),
        "name": .string(name),
        "input": .string(isDone ? CustomTool.input(inArguments: call.arguments) : ""),
      ])
    case .function(let name, let space):
      return .object([
        "id": .string(id), "type": .string("function_call"), "status": .string(status), "call_id": .string(call.id),
        "name": .string(name), "namespace": space.map(JSONNode.string), "arguments": .string(call.arguments),
      ])
    }
  }
}
