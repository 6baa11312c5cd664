import TextKit

/// The named events of a streamed answer of Messages.
///
/// One block of text or thinking is open at a time. Blocks of tools stay open until the end, because providers may
/// mix the arguments of several calls.
struct MessagesStreamEncoder: StreamEncoder {
  private enum Kind { case text, thinking }

  private var open: (kind: Kind, index: Int)?
  private var blockCount = 0
  /// The indices of the tools' blocks, by call.
  private var tools: [Int: Int] = [:]
  private var stopReason: FinishReason = .stop
  private var usage: TokenUsage?

  mutating func encode(_ event: ChatEvent) -> [UInt8] {
    switch event {
    case .start(let id, let model, _): Self.start(id: id, model: model)
    case .content(0, let text), .refusal(0, let text): delta(.text, "text_delta", "text", text)
    case .reasoning(0, let text): delta(.thinking, "thinking_delta", "thinking", text)
    case .toolCall(0, let call, let id, let name, let arguments):
      toolCall(call, id: id, name: name, arguments: arguments)
    case .finish(0, let reason):
      finish(reason)
    case .usage(let counts):
      remember(counts)
    default: []
    }
  }

  mutating func end() -> [UInt8] {
    var bytes = closeOpen()
    for index in tools.values.sorted() { bytes += Self.stop(index) }
    bytes += Self.event(
      "message_delta",
      [
        "delta": .object(["stop_reason": .string(MessagesJSON.stopReason(stopReason)), "stop_sequence": .null]),
        "usage": MessagesJSON.usage(usage),
      ])
    return bytes + Self.event("message_stop", [:])
  }

  mutating func fail(_ error: GatewayError) -> [UInt8] {
    EventText.event(ErrorEnvelope.anthropic(error), named: "error")
  }

  private mutating func finish(_ reason: FinishReason) -> [UInt8] {
    stopReason = reason
    return []
  }

  private mutating func remember(_ counts: TokenUsage) -> [UInt8] {
    usage = counts
    return []
  }

  private mutating func delta(_ kind: Kind, _ type: String, _ key: String, _ text: String) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    var bytes: [UInt8] = []
    if open?.kind != kind {
      bytes = closeOpen()
      open = (kind, blockCount)
      bytes += startBlock(kind == .text ? MessagesJSON.text("") : MessagesJSON.thinking(""))
    }
    return bytes + Self.delta(open?.index ?? 0, type, key, text)
  }

  private mutating func toolCall(_ call: Int, id: String?, name: String?, arguments: String) -> [UInt8] {
    var bytes = closeOpen()
    if tools[call] == nil {
      tools[call] = blockCount
      bytes += startBlock(MessagesJSON.toolUse(id ?? "", name ?? "", .object([:])))
    }
    guard !arguments.isEmpty else { return bytes }
    return bytes + Self.delta(tools[call] ?? 0, "input_json_delta", "partial_json", arguments)
  }

  private mutating func startBlock(_ block: JSONNode) -> [UInt8] {
    blockCount += 1
    return Self.event("content_block_start", ["index": .integer(blockCount - 1), "content_block": block])
  }

  private mutating func closeOpen() -> [UInt8] {
    guard let open else { return [] }
    self.open = nil
    return Self.stop(open.index)
  }
}

extension MessagesStreamEncoder {
  /// The counts of the input are not known yet: `message_delta` says all of them.
  private static func start(id: String, model: String) -> [UInt8] {
    event(
      "message_start",
      [
        "message": .object([
          "id": .string(id), "type": .string("message"), "role": .string("assistant"), "model": .string(model),
          "content": .array([]), "stop_reason": .null, "stop_sequence": .null, "usage": MessagesJSON.usage(nil),
        ])
      ])
  }

  private static func delta(_ index: Int, _ type: String, _ key: String, _ text: String) -> [UInt8] {
    let delta = [JSONMember(key: "type", value: .string(type)), JSONMember(key: key, value: .string(text))]
    return event("content_block_delta", ["index": .integer(index), "delta": .object(delta)])
  }

  private static func stop(_ index: Int) -> [UInt8] { event("content_block_stop", ["index": .integer(index)]) }

  private static func event(_ name: String, _ members: KeyValuePairs<String, JSONNode>) -> [UInt8] {
    let type = JSONMember(key: "type", value: .string(name))
    return EventText.event(.object([type] + members.map { JSONMember(key: $0, value: $1) }), named: name)
  }
}
