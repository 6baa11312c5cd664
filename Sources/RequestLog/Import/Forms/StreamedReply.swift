import TextKit

/// Puts an answer together that was logged as it was streamed: `data:` lines, or a list of chunks.
enum StreamedReply {
  /// The body that a server would have sent in one piece; `nil` where a value is no stream of a known protocol.
  static func joined(_ value: JSONNode) -> JSONNode? {
    guard let chunks = chunks(of: value), !chunks.isEmpty else { return nil }
    if chunks.contains(where: { $0.field("choices.0.delta") != nil }) { return completion(chunks) }
    if chunks.contains(where: { $0["type"]?.string == "content_block_delta" }) { return message(chunks) }
    // Streams of Responses end with the whole.
    return chunks.last { $0["type"]?.string == "response.completed" }?["response"]
  }

  private static func chunks(of value: JSONNode) -> [JSONNode]? {
    guard let text = value.string else { return value.isListOfObjects ? value.elements : nil }
    let lines = text.split { $0.isNewline }.map { String($0).trimmingSpaces }
    guard lines.contains(where: { $0.hasPrefix("data:") }) else { return value.unfolded.elements }
    return lines.filter { $0.hasPrefix("data:") }.compactMap { line in
      try? JSONParser.parse(Array(String(line.dropFirst("data:".count)).utf8))
    }
  }

  private static func completion(_ chunks: [JSONNode]) -> JSONNode {
    var text = ""
    var calls: [(name: String, arguments: String)] = []
    for delta in chunks.compactMap({ $0.field("choices.0.delta") }) {
      text += delta["content"]?.string ?? ""
      for (place, part) in (delta.field("tool_calls")?.elements ?? []).enumerated() {
        let index = part["index"]?.integer ?? place
        guard (0..<256).contains(index) else { continue }
        while calls.count <= index { calls.append(("", "")) }
        calls[index].name += part.field("function.name")?.string ?? ""
        calls[index].arguments += part["function"]?["arguments"]?.string ?? ""
      }
    }
    let message = JSONNode.object([
      "role": .string("assistant"), "content": .string(text),
      "tool_calls": calls.isEmpty
        ? nil
        : .array(
          calls.map { call in
            .object(["function": .object(["name": .string(call.name), "arguments": .string(call.arguments)])])
          }),
    ])
    return .object([
      "model": chunks.lazy.compactMap { $0["model"] }.first, "created": chunks.lazy.compactMap { $0["created"] }.first,
      "choices": .array([
        .object(["message": message, "finish_reason": last("choices.0.finish_reason", in: chunks)])
      ]),
      "usage": last("usage", in: chunks),
    ])
  }

  private static func message(_ chunks: [JSONNode]) -> JSONNode {
    let text = chunks.compactMap { $0.field("delta.text")?.string ?? $0["delta"]?["text"]?.string }.joined()
    var calls: [(name: String, input: String)] = []
    for chunk in chunks {
      if chunk.field("content_block.type")?.string == "tool_use" {
        calls.append((chunk.label("content_block.name") ?? "", ""))
      }
      if let part = chunk["delta"]?["partial_json"]?.string, !calls.isEmpty { calls[calls.count - 1].input += part }
    }
    let uses = calls.map { call in
      JSONNode.object([
        "type": .string("tool_use"), "name": .string(call.name), "input": JSONNode.string(call.input).unfolded,
      ])
    }
    let said = text.isEmpty ? [] : [JSONNode.object(["type": .string("text"), "text": .string(text)])]
    let usage = JSONNode.object([
      "input_tokens": chunks.lazy.compactMap { $0.raw("message.usage.input_tokens") }.first,
      "output_tokens": last("usage.output_tokens", in: chunks),
    ])
    return .object([
      "model": chunks.lazy.compactMap { $0.raw("message.model") }.first, "role": .string("assistant"),
      "content": .array(said + uses), "stop_reason": last("delta.stop_reason", in: chunks), "usage": usage,
    ])
  }

  private static func last(_ path: String, in chunks: [JSONNode]) -> JSONNode? {
    chunks.reversed().lazy.compactMap { $0.raw(path) }.first
  }
}
