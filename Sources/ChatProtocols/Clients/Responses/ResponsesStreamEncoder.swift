import TextKit

/// The events of a streamed response, numbered in order.
///
/// Reasoning is done once something else begins; messages and calls once the answer ends.
struct ResponsesStreamEncoder: StreamEncoder {
  private let json: ResponsesJSON
  private var id = ""
  private var model = ""
  private var created = 0
  private var sequence = 0
  private var items: [ResponsesItem] = []
  /// The item that takes text, and the one that takes reasoning.
  private var message: Int?
  private var reasoning: Int?
  /// The items of calls, by call.
  private var calls: [Int: Int] = [:]
  private var logprobs: [JSONNode] = []
  private var finishReason: FinishReason = .stop
  private var usage: TokenUsage?

  init(_ json: ResponsesJSON) { self.json = json }

  mutating func encode(_ event: ChatEvent) -> [UInt8] {
    switch event {
    case .start(let id, let model, let created):
      (self.id, self.model, self.created) = (id, model, created)
      return lifeCycle("response.created", status: "in_progress")
        + lifeCycle("response.in_progress", status: "in_progress")
    case .content(0, let text): return text.isEmpty ? [] : say(.text, text)
    case .refusal(0, let text): return text.isEmpty ? [] : say(.refusal, text)
    case .reasoning(0, let text): return text.isEmpty ? [] : think(text)
    case .toolCall(0, let call, let id, let name, let arguments):
      return self.call(call, id: id, name: name, arguments: arguments)
    case .logprobs(0, let more): logprobs += more["content"]?.elements ?? []
    case .finish(0, let reason): finishReason = reason
    case .usage(let counts): usage = counts
    default: break
    }
    return []
  }

  mutating func end() -> [UInt8] {
    var bytes: [UInt8] = []
    for index in items.indices where !items[index].isDone { bytes += close(index) }
    let status = ResponsesJSON.status(of: finishReason)
    return bytes + lifeCycle("response.\(status)", status: status)
  }

  /// No provider is spoken to in this API format: nothing ends without ``end()``.
  var endMark: [UInt8] { [] }

  mutating func fail(_ error: GatewayError) -> [UInt8] {
    let failed = lifeCycle("response.failed", status: "failed", error: error)
    return failed
      + event(
        "error",
        [
          "code": .string(error.code.rawValue), "message": .string(error.message),
          "param": error.param.map(JSONNode.string) ?? .null, "error": ErrorEnvelope.openAIError(error),
        ])
  }

  private mutating func say(_ kind: ResponsesItem.Part, _ text: String) -> [UInt8] {
    var bytes = endReasoning()
    let index = message ?? items.count
    if message == nil {
      message = index
      bytes += open(.message, "msg")
    }
    if !items[index].parts.contains(kind) {
      items[index].parts.append(kind)
      bytes += part("response.content_part.added", kind, of: index, text: "")
    }
    items[index].append(text, to: kind)
    let content = items[index].parts.firstIndex(of: kind) ?? 0
    let extra: [JSONMember] = kind == .text ? [JSONMember(key: "logprobs", value: .array([]))] : []
    return bytes + delta("response.\(kind.eventName).delta", index, text, content: content, extra: extra)
  }

  private mutating func think(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    let index = reasoning ?? items.count
    if reasoning == nil {
      reasoning = index
      bytes += open(.reasoning, "rs")
      bytes += part("response.content_part.added", .reasoning, of: index, text: "")
    }
    items[index].append(text, to: .reasoning)
    return bytes + delta("response.reasoning_text.delta", index, text, content: 0)
  }

  private mutating func call(_ call: Int, id: String?, name: String?, arguments: String) -> [UInt8] {
    var bytes = endReasoning()
    let index = calls[call] ?? items.count
    if calls[call] == nil {
      calls[call] = index
      bytes += open(.call(ToolCall(id: id ?? "", name: name ?? "", arguments: "")), "fc")
    }
    guard !arguments.isEmpty else { return bytes }
    items[index].text += arguments
    // What stands inside the arguments can be said once they are whole.
    guard case .function = form(of: index) else { return bytes }
    return bytes + delta("response.function_call_arguments.delta", index, arguments, content: nil)
  }
}

extension ResponsesStreamEncoder {
  private mutating func endReasoning() -> [UInt8] {
    guard let index = reasoning else { return [] }
    reasoning = nil
    return close(index)
  }

  private mutating func open(_ kind: ResponsesItem.Kind, _ prefix: String) -> [UInt8] {
    let index = items.count
    items.append(ResponsesItem(id: "\(prefix)_\(id)_\(index)", kind: kind))
    return event(
      "response.output_item.added", ["output_index": .integer(index), "item": items[index].json(isDone: false, json)])
  }

  /// Says that an item is done: its text, its parts, itself.
  private mutating func close(_ index: Int) -> [UInt8] {
    items[index].isDone = true
    var bytes: [UInt8] = []
    for kind in items[index].parts { bytes += closePart(kind, of: index) }
    switch form(of: index) {
    case .custom:
      let input = CustomTool.input(inArguments: items[index].text)
      bytes += delta("response.custom_tool_call_input.delta", index, input, content: nil)
      bytes += event(
        "response.custom_tool_call_input.done",
        ["item_id": .string(items[index].id), "output_index": .integer(index), "input": .string(input)])
    case .function:
      bytes += event(
        "response.function_call_arguments.done",
        [
          "item_id": .string(items[index].id), "output_index": .integer(index),
          "arguments": .string(items[index].text),
        ])
    case .localShell, nil: break
    }
    if message == index { items[index].logprobs = logprobs }
    return bytes
      + event(
        "response.output_item.done", ["output_index": .integer(index), "item": items[index].json(isDone: true, json)])
  }

  /// What an item's call is to the client; `nil` for other items.
  private func form(of index: Int) -> ResponsesTools.Form? {
    guard case .call(let call) = items[index].kind else { return nil }
    return json.tools.form(of: call.name)
  }

  private mutating func closePart(_ kind: ResponsesItem.Part, of index: Int) -> [UInt8] {
    let content = items[index].parts.firstIndex(of: kind) ?? 0
    let text = items[index].text(of: kind)
    let done = event(
      "response.\(kind.eventName).done",
      [
        "item_id": .string(items[index].id), "output_index": .integer(index), "content_index": .integer(content),
        kind == .refusal ? "refusal" : "text": .string(text),
        "logprobs": kind == .text ? .array(logprobs) : nil,
      ])
    return done + part("response.content_part.done", kind, of: index, text: text)
  }

  private mutating func part(_ name: String, _ kind: ResponsesItem.Part, of index: Int, text: String) -> [UInt8] {
    event(
      name,
      [
        "item_id": .string(items[index].id), "output_index": .integer(index),
        "content_index": .integer(items[index].parts.firstIndex(of: kind) ?? 0), "part": kind.json(text),
      ])
  }

  private mutating func delta(
    _ name: String, _ index: Int, _ text: String, content: Int?, extra: [JSONMember] = []
  ) -> [UInt8] {
    event(
      name,
      [
        "item_id": .string(items[index].id), "output_index": .integer(index),
        "content_index": content.map(JSONNode.integer), "delta": .string(text),
      ], extra: extra)
  }

  private mutating func lifeCycle(_ name: String, status: String, error: GatewayError? = nil) -> [UInt8] {
    let isOver = status != "in_progress"
    let output = items.map { $0.json(isDone: $0.isDone, json) }
    let response = json.response(
      id: id, model: model, created: created, status: status, output: isOver ? output : [],
      incomplete: status == "incomplete" ? ResponsesJSON.incompleteReason(finishReason) : nil,
      usage: isOver ? usage : nil, error: error)
    if isOver, error == nil { json.memory?.keep?(response) }
    return event(name, ["response": response])
  }

  private mutating func event(
    _ name: String, _ members: KeyValuePairs<String, JSONNode?>, extra: [JSONMember] = []
  ) -> [UInt8] {
    defer { sequence += 1 }
    let head = [
      JSONMember(key: "type", value: .string(name)), JSONMember(key: "sequence_number", value: .integer(sequence)),
    ]
    let named = members.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } }
    return EventText.event(.object(head + named + extra), named: name)
  }
}
