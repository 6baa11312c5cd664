import TextKit

/// Reads the events of ConverseStream.
struct BedrockStreamDecoder: StreamDecoder {
  /// The tokens come last: behind them is nothing.
  private(set) var isOver = false
  private var hasStarted = false
  private var hasStopped = false
  private var callCount = 0
  /// The blocks of tools that are open, by index.
  private var tools: [Int: ToolBlock] = [:]
  private let salt: UInt64

  /// A tool's block that is open.
  private struct ToolBlock {
    /// The number of the call; `nil` for the tool that stands for `json_object`.
    var call: Int?
    var hasInput = false
  }

  /// - Parameter salt: what the answer's name is made from, which Converse gives none.
  init(salt: UInt64 = .random(in: .min ... .max)) { self.salt = salt }

  var isComplete: Bool { isOver || hasStopped }

  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    let name = event ?? ""
    guard !name.hasPrefix(EventStreamReader.exceptionPrefix) else {
      throw .failed(
        BedrockFailure.failure(exception: String(name.dropFirst(EventStreamReader.exceptionPrefix.count)), data))
    }
    let root = try ProviderBody.object(in: data)
    switch name {
    case "messageStart": return start()
    case "contentBlockStart": return try start() + startBlock(root)
    case "contentBlockDelta": return start() + delta(root)
    case "contentBlockStop": return stopBlock(root)
    case "messageStop": return try start() + stop(root)
    case "metadata":
      isOver = hasStopped
      return root["usage"].flatMap(BedrockAnswerReader.usage).map { [.usage($0)] } ?? []
    default: return []
    }
  }

  private mutating func start() -> [ChatEvent] {
    guard !hasStarted else { return [] }
    hasStarted = true
    return [.start(id: OpenAIAnswerReader.madeID(salt), model: "", created: 0)]
  }

  private static func index(_ root: JSONNode) -> Int { root["contentBlockIndex"]?.smallIndex ?? 0 }

  private mutating func startBlock(_ root: JSONNode) throws(ProviderFault) -> [ChatEvent] {
    guard let use = root["start"]?["toolUse"], use.members != nil else { return [] }
    guard let name = use["name"]?.string else { throw .malformed(expected: "the name of a tool") }
    let isCall = name != AnthropicCodec.jsonTool
    tools[Self.index(root)] = ToolBlock(call: isCall ? callCount : nil)
    guard isCall else { return [] }
    callCount += 1
    return [.toolCall(choice: 0, call: callCount - 1, id: use["toolUseId"]?.string ?? "", name: name, arguments: "")]
  }

  private mutating func delta(_ root: JSONNode) -> [ChatEvent] {
    let delta = root["delta"] ?? .null
    if let text = OpenAIAnswerReader.said(delta["text"]) { return [.content(choice: 0, text)] }
    if let input = OpenAIAnswerReader.said(delta["toolUse"]?["input"]) {
      let index = Self.index(root)
      guard let tool = tools[index] else { return [] }
      tools[index]?.hasInput = true
      return [Self.input(input, of: tool)]
    }
    let reasoning = delta["reasoningContent"]
    if let text = OpenAIAnswerReader.said(reasoning?["text"]) { return [.reasoning(choice: 0, text)] }
    if let text = OpenAIAnswerReader.said(reasoning?["signature"]) { return [.seal(choice: 0, .signature(text))] }
    if let data = OpenAIAnswerReader.said(reasoning?["redactedContent"]) { return [.seal(choice: 0, .redacted(data))] }
    return []
  }

  /// A tool that is called without input is called with an empty object.
  private mutating func stopBlock(_ root: JSONNode) -> [ChatEvent] {
    guard let tool = tools.removeValue(forKey: Self.index(root)), !tool.hasInput else { return [] }
    return [Self.input("{}", of: tool)]
  }

  private static func input(_ text: String, of tool: ToolBlock) -> ChatEvent {
    guard let call = tool.call else { return .content(choice: 0, text) }
    return .toolCall(choice: 0, call: call, id: nil, name: nil, arguments: text)
  }

  private mutating func stop(_ root: JSONNode) throws(ProviderFault) -> [ChatEvent] {
    let reason = try BedrockAnswerReader.finishReason(root["stopReason"]?.string ?? "end_turn")
    guard !hasStopped else { return [] }
    hasStopped = true
    return [.finish(choice: 0, reason == .toolCalls && callCount == 0 ? .stop : reason)]
  }
}
