import TextKit

/// Reads the named events of a streamed answer of Messages.
struct AnthropicStreamDecoder: StreamDecoder {
  private(set) var isOver = false
  private(set) var mendedData: [UInt8]?
  private var hasStopped = false
  private var usage = AnthropicUsage()
  private var callCount = 0
  /// The blocks of tools, by index.
  private var tools: [Int: ToolBlock] = [:]

  /// A tool's block that is open.
  private struct ToolBlock {
    /// The number of the call; `nil` for the tool that stands for `json_object`.
    var call: Int?
    var hasArguments = false
    /// The input that the block began with: what counts where no delta follows.
    var input: String
  }

  /// An answer that said why it stopped is whole, also where `message_stop` never comes.
  var isComplete: Bool { isOver || hasStopped }

  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    mendedData = nil
    if ProviderBody.isDone(data) { return [] }
    let root: JSONNode
    (root, mendedData) = try ProviderBody.readable(data, keepsLength: true)
    switch root["type"]?.string ?? event {
    case "message_start": return start(root["message"] ?? .null)
    case "content_block_start": return try startBlock(root, data: data)
    case "content_block_delta": return delta(root)
    case "content_block_stop": return stopBlock(root)
    case "message_delta": return messageDelta(root)
    case "message_stop":
      isOver = true
      return []
    case "error": throw .failed(AnthropicFailure.failure(in: root) ?? UpstreamFailure(.serverError, reason: "error"))
    default: return []
    }
  }

  private mutating func start(_ message: JSONNode) -> [ChatEvent] {
    let start = ChatEvent.start(id: message["id"]?.string ?? "", model: message["model"]?.string ?? "", created: 0)
    return [start] + usageEvents(message)
  }

  private mutating func usageEvents(_ node: JSONNode) -> [ChatEvent] {
    guard let counts = node["usage"], counts.members != nil else { return [] }
    usage = usage.updated(by: counts)
    return usage.tokens.map { [.usage($0)] } ?? []
  }

  private mutating func startBlock(_ root: JSONNode, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    let block = root["content_block"] ?? .null
    switch block["type"]?.string {
    case "text": return Self.nonempty(block["text"]).map { [.content(choice: 0, $0)] } ?? []
    case "thinking": return Self.nonempty(block["thinking"]).map { [.reasoning(choice: 0, $0)] } ?? []
    case "redacted_thinking": return Self.nonempty(block["data"]).map { [.seal(choice: 0, .redacted($0))] } ?? []
    case "tool_use":
      guard let name = block["name"]?.string else { throw .malformed(expected: "the name of a tool") }
      let input = block["input"].map { String(decoding: data[$0.range], as: UTF8.self) } ?? "{}"
      let isCall = name != AnthropicCodec.jsonTool
      tools[root["index"]?.integer ?? 0] = ToolBlock(call: isCall ? callCount : nil, input: input)
      guard isCall else { return [] }
      callCount += 1
      return [.toolCall(choice: 0, call: callCount - 1, id: block["id"]?.string ?? "", name: name, arguments: "")]
    default: return []
    }
  }

  private mutating func delta(_ root: JSONNode) -> [ChatEvent] {
    let delta = root["delta"] ?? .null
    switch delta["type"]?.string {
    case "text_delta": return Self.nonempty(delta["text"]).map { [.content(choice: 0, $0)] } ?? []
    case "thinking_delta": return Self.nonempty(delta["thinking"]).map { [.reasoning(choice: 0, $0)] } ?? []
    case "signature_delta": return Self.nonempty(delta["signature"]).map { [.seal(choice: 0, .signature($0))] } ?? []
    case "input_json_delta":
      let index = root["index"]?.integer ?? 0
      guard let text = Self.nonempty(delta["partial_json"]), let tool = tools[index] else { return [] }
      tools[index]?.hasArguments = true
      return [Self.arguments(text, of: tool)]
    default: return []
    }
  }

  private mutating func stopBlock(_ root: JSONNode) -> [ChatEvent] {
    guard let tool = tools.removeValue(forKey: root["index"]?.integer ?? 0), !tool.hasArguments else { return [] }
    return [Self.arguments(tool.input, of: tool)]
  }

  private static func arguments(_ text: String, of tool: ToolBlock) -> ChatEvent {
    guard let call = tool.call else { return .content(choice: 0, text) }
    return .toolCall(choice: 0, call: call, id: nil, name: nil, arguments: text)
  }

  private mutating func messageDelta(_ root: JSONNode) -> [ChatEvent] {
    var events = usageEvents(root)
    guard let name = root["delta"]?["stop_reason"]?.string, !name.isEmpty else { return events }
    hasStopped = true
    let reason = AnthropicAnswerReader.finishReason(name)
    events.append(.finish(choice: 0, reason == .toolCalls && callCount == 0 ? .stop : reason))
    return events
  }

  private static func nonempty(_ node: JSONNode?) -> String? {
    node?.string.flatMap { $0.isEmpty ? nil : $0 }
  }
}
