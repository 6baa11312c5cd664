import TextKit

/// Reads whole answers of Converse.
enum BedrockAnswerReader {
  /// The answer; inputs of tools are kept as they stand in `body`. It gets a name, which Converse gives none.
  static func answer(
    from root: JSONNode, body: [UInt8], salt: UInt64 = .random(in: .min ... .max)
  ) throws(ProviderFault) -> ChatResponse {
    guard let blocks = root["output"]?["message"]?["content"]?.elements else {
      throw .malformed(expected: "output.message.content")
    }
    let reason = try finishReason(root["stopReason"]?.string ?? "end_turn")
    var choice = ChatChoice(index: 0, finishReason: reason)
    for block in blocks { try append(block, to: &choice, body: body) }
    if choice.toolCalls.isEmpty, choice.finishReason == .toolCalls { choice.finishReason = .stop }
    return ChatResponse(
      id: OpenAIAnswerReader.madeID(salt), created: 0, model: "", choices: [choice],
      usage: root["usage"].flatMap(usage))
  }

  private static func append(
    _ block: JSONNode, to choice: inout ChatChoice, body: [UInt8]
  ) throws(ProviderFault) {
    if let text = block["text"]?.string, !text.isEmpty { choice.content = (choice.content ?? "") + text }
    if let reasoning = block["reasoningContent"] {
      if let text = reasoning["reasoningText"]?["text"]?.string {
        choice.append(reasoning: text)
        if let signature = OpenAIAnswerReader.said(reasoning["reasoningText"]?["signature"]) {
          choice.seal(.signature(signature))
        }
      }
      if let data = OpenAIAnswerReader.said(reasoning["redactedContent"]) { choice.seal(.redacted(data)) }
    }
    guard let use = block["toolUse"], use.members != nil else { return }
    guard let name = use["name"]?.string else { throw .malformed(expected: "the name of a tool") }
    let input = use["input"].map { String(decoding: body[$0.range], as: UTF8.self) } ?? "{}"
    if name == AnthropicCodec.jsonTool {
      choice.content = (choice.content ?? "") + input
    } else {
      choice.toolCalls.append(ToolCall(id: use["toolUseId"]?.string ?? "", name: name, arguments: input))
    }
  }

  /// - Throws: where the model wrote what cannot be read: another try may do better.
  static func finishReason(_ name: String) throws(ProviderFault) -> FinishReason {
    guard !name.hasPrefix("malformed_") else {
      throw .failed(
        UpstreamFailure(.malformed, reason: name.hasSuffix("tool_use") ? "malformed_tool_use" : "malformed_output"))
    }
    return FinishReason(named: name) ?? .stop
  }

  /// Bedrock counts tokens of the cache beside those of the input, as Anthropic does.
  static func usage(_ node: JSONNode) -> TokenUsage? {
    var counts = TokenCounts()
    let (input, output) = (counts.count(node["inputTokens"]), counts.count(node["outputTokens"]))
    guard input != nil || output != nil else { return nil }
    let read = counts.part(node["cacheReadInputTokens"])
    let written = counts.part(node["cacheWriteInputTokens"])
    var long = 0
    for part in node["cacheDetails"]?.elements ?? [] where part["ttl"]?.string == "1h" {
      long += counts.part(part["inputTokens"])
    }
    var usage = TokenUsage(
      inputTokens: (input ?? 0) + read + written, outputTokens: output ?? 0, cachedInputTokens: read,
      cacheWriteTokens: written, longCacheWriteTokens: min(long, written))
    usage.isFlagged = counts.isOdd
    return usage
  }
}
