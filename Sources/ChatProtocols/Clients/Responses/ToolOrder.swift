import TextKit

/// The messages of a chat with every tool's result right behind its call, as all providers demand.
enum ToolOrder {
  static func arranged(_ messages: [JSONNode]) -> [JSONNode] {
    var results: [String: JSONNode] = [:]
    for message in messages where message["role"]?.string == "tool" {
      if let id = message["tool_call_id"]?.string { results[id] = message }
    }
    var arranged: [JSONNode] = []
    var placed: Set<String> = []
    for message in messages {
      if message["role"]?.string == "tool" {
        guard let id = message["tool_call_id"]?.string, !placed.contains(id) else { continue }
      }
      arranged.append(message)
      for call in message["tool_calls"]?.elements ?? [] {
        guard let id = call["id"]?.string, let result = results[id], placed.insert(id).inserted else { continue }
        arranged.append(result)
      }
    }
    return arranged
  }
}
