import TextKit

/// The marks of Anthropic's prompt cache in a chat, where clients of OpenRouter and LiteLLM write them: on a part of a
/// content, on a message, on a tool, or on the request for its last block. Source: Anthropic API reference, "Prompt caching".
enum CacheControl {
  private static let key = "cache_control"
  /// A request with more of them is refused.
  private static let most = 4

  static func of(_ field: Field?) -> JSONNode? {
    guard let control = field?[key]?.node, control["type"]?.string == "ephemeral" else { return nil }
    return control
  }

  /// A block with a mark; the block itself without one.
  static func marked(_ block: JSONNode, _ control: JSONNode?) -> JSONNode {
    guard let control, block[key] == nil else { return block }
    return block.setting(key, to: control)
  }

  /// A body of Messages without the first marks in its messages, as many as are too many: the last ones hold most.
  static func limited(_ body: JSONNode) -> JSONNode {
    let marks = ["tools", "system", "messages"].map { count(body[$0]?.elements ?? []) }
    var surplus = marks.reduce(body[key] == nil ? 0 : 1, +) - most
    guard surplus > 0 else { return body }
    var result = body
    for key in ["messages", "system", "tools"] {
      guard let nodes = body[key]?.elements else { continue }
      result = result.setting(key, to: .array(dropping(&surplus, from: nodes)))
    }
    return result
  }

  private static func count(_ nodes: [JSONNode]) -> Int {
    nodes.reduce(0) { sum, node in
      let inner = node["role"] == nil ? [] : node["content"]?.elements ?? []
      return sum + (node[key] == nil ? 0 : 1) + count(inner)
    }
  }

  private static func dropping(_ surplus: inout Int, from nodes: [JSONNode]) -> [JSONNode] {
    var result: [JSONNode] = []
    for node in nodes {
      if node["role"] != nil, let inner = node["content"]?.elements {
        result.append(node.setting("content", to: .array(dropping(&surplus, from: inner))))
      } else if surplus > 0, node[key] != nil {
        surplus -= 1
        result.append(.object((node.members ?? []).filter { $0.key != key }))
      } else {
        result.append(node)
      }
    }
    return result
  }
}
