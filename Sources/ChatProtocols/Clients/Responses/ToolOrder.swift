import TextKit

/// The messages of a chat with every tool's result right behind its call, as all providers demand.
enum ToolOrder {
  /// Ids may come again in later turns, as some servers count from 0 in each: a call takes the first result behind it.
  static func arranged(_ messages: [JSONNode]) -> [JSONNode] {
    var results: [String: [Int]] = [:]
    for (place, message) in messages.enumerated() where message["role"]?.string == "tool" {
      if let id = message["tool_call_id"]?.string { results[id, default: []].append(place) }
    }
    var arranged: [JSONNode] = []
    var placed: Set<Int> = []
    for (place, message) in messages.enumerated() where placed.insert(place).inserted {
      arranged.append(message)
      for call in message["tool_calls"]?.elements ?? [] {
        let waiting = call["id"]?.string.flatMap { results[$0] } ?? []
        guard let next = waiting.first(where: { $0 > place && !placed.contains($0) }) else { continue }
        placed.insert(next)
        arranged.append(messages[next])
      }
    }
    return arranged
  }
}
