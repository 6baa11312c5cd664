import TextKit

/// Reads whole answers of Messages.
enum AnthropicAnswerReader {
  /// The answer; tool inputs are kept as they stand in `body`.
  static func answer(from root: JSONNode, body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    if let failure = AnthropicFailure.failure(in: root) { throw .failed(failure) }
    guard let blocks = root["content"]?.elements else { throw .malformed(expected: "an array of content blocks") }
    var choice = ChatChoice(index: 0, finishReason: finishReason(root["stop_reason"]?.string ?? "end_turn"))
    for block in blocks { try append(block, to: &choice, body: body) }
    if choice.content?.isEmpty == true { choice.content = nil }
    if choice.reasoning?.isEmpty == true { choice.reasoning = nil }
    if choice.toolCalls.isEmpty, choice.finishReason == .toolCalls { choice.finishReason = .stop }
    return ChatResponse(
      id: root["id"]?.string ?? "", created: 0, model: root["model"]?.string ?? "", choices: [choice],
      usage: root["usage"].flatMap { AnthropicUsage().updated(by: $0).tokens })
  }

  private static func append(
    _ block: JSONNode, to choice: inout ChatChoice, body: [UInt8]
  ) throws(ProviderFault) {
    switch block["type"]?.string {
    case "text": choice.content = (choice.content ?? "") + (block["text"]?.string ?? "")
    case "thinking":
      choice.append(reasoning: block["thinking"]?.string ?? "")
      if let signature = OpenAIAnswerReader.said(block["signature"]) { choice.seal(.signature(signature)) }
    case "redacted_thinking":
      if let data = OpenAIAnswerReader.said(block["data"]) { choice.seal(.redacted(data)) }
    case "tool_use":
      guard let name = block["name"]?.string else { throw .malformed(expected: "the name of a tool") }
      let input = block["input"].map { String(decoding: body[$0.range], as: UTF8.self) } ?? "{}"
      if name == AnthropicCodec.jsonTool {
        choice.content = (choice.content ?? "") + input
      } else {
        choice.toolCalls.append(ToolCall(id: block["id"]?.string ?? "", name: name, arguments: input))
      }
    default: return
    }
  }

  static func finishReason(_ name: String) -> FinishReason { FinishReason(named: name) ?? .stop }
}

/// Anthropic's counts: those of the cache stand beside the input's. In a stream, later events say more; a 0 of theirs takes
/// nothing back.
struct AnthropicUsage {
  private var input: Int?
  private var output: Int?
  private var cacheRead = 0
  private var cacheWrite = 0
  private var longCacheWrite = 0
  private var thinking = 0

  private var isOdd = false

  func updated(by node: JSONNode) -> AnthropicUsage {
    var usage = self
    var counts = TokenCounts()
    if let count = counts.count(node["input_tokens"]), count > 0 || usage.input == nil { usage.input = count }
    if let count = counts.count(node["output_tokens"]), count > 0 || usage.output == nil { usage.output = count }
    if let count = counts.count(node["cache_read_input_tokens"]), count > 0 { usage.cacheRead = count }
    if let count = counts.count(node["cache_creation_input_tokens"]), count > 0 { usage.cacheWrite = count }
    if let count = counts.count(node["cache_creation"]?["ephemeral_1h_input_tokens"]), count > 0 {
      usage.longCacheWrite = count
    }
    let details = node["output_tokens_details"]
    if let count = counts.count(details?["thinking_tokens"] ?? details?["reasoning_tokens"]) { usage.thinking = count }
    usage.isOdd = isOdd || counts.isOdd
    return usage
  }

  /// The counts with parts inside their whole; `nil` before any came.
  var tokens: TokenUsage? {
    guard input != nil || output != nil else { return nil }
    var usage = TokenUsage(
      inputTokens: (input ?? 0) + cacheRead + cacheWrite, outputTokens: output ?? 0, cachedInputTokens: cacheRead,
      cacheWriteTokens: cacheWrite, reasoningTokens: thinking, longCacheWriteTokens: min(longCacheWrite, cacheWrite))
    usage.isFlagged = isOdd
    return usage
  }
}
