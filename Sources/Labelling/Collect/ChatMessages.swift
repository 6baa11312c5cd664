import RequestLog
import TextKit

/// The messages of a logged request as a provider takes them.
///
/// Logs may drop the ids that tie a tool's result to its call; they are made up again, in order.
enum ChatMessages {
  static func messages(of record: AnswerRecord) throws(RecordViolation) -> [JSONNode] {
    if let prompt = record.root["prompt"]?.string {
      return [.object(["role": .string("user"), "content": .string(prompt)])]
    }
    _ = try record.question()
    let logged = record.root["messages"]?.elements ?? []
    var ids = CallIDs(beside: logged)
    var messages: [JSONNode] = []
    for (place, message) in logged.enumerated() {
      messages.append(try ids.completed(message, place))
    }
    guard messages.last?["role"]?.string != "assistant" else {
      throw RecordViolation(
        .noUserText, field: "messages", expected: "a last message that asks for an answer",
        found: "one of the assistant",
        remedy: "drop the last message: it is the answer")
    }
    return messages
  }

  /// Ids of calls that wait for their results.
  private struct CallIDs {
    private var waiting: [String] = []
    private var made = 0
    /// Those that the log has: none of them is made up again.
    private let known: Set<String>

    init(beside messages: [JSONNode]) {
      known = Set(messages.flatMap { $0["tool_calls"]?.elements ?? [] }.compactMap { $0["id"]?.string })
    }

    mutating func completed(_ message: JSONNode, _ place: Int) throws(RecordViolation) -> JSONNode {
      let members = message.members ?? []
      if let calls = message["tool_calls"]?.elements, !calls.isEmpty {
        waiting = []
        let complete = calls.map { completed($0) }
        return .object(members.map { $0.key == "tool_calls" ? JSONMember(key: $0.key, value: .array(complete)) : $0 })
      }
      guard message["role"]?.string == "tool" else { return message }
      if let id = message["tool_call_id"]?.string {
        waiting.removeAll { $0 == id }
        return message
      }
      guard !waiting.isEmpty else {
        throw ChatQuery.lost("messages[\(place)]", expected: "the call whose result this is", found: "none before it")
      }
      let others = members.filter { $0.key != "tool_call_id" }
      return .object(others + [JSONMember(key: "tool_call_id", value: .string(waiting.removeFirst()))])
    }

    private mutating func next() -> String {
      repeat { made += 1 } while known.contains("call_\(made)")
      return "call_\(made)"
    }

    private mutating func completed(_ call: JSONNode) -> JSONNode {
      let id = call["id"]?.string ?? next()
      waiting.append(id)
      let function = call["function"] ?? call
      let arguments = function["arguments"]
      return .object([
        "id": .string(id), "type": .string("function"),
        "function": .object([
          "name": function["name"], "arguments": .string(arguments?.string ?? arguments?.jsonText ?? "{}"),
        ]),
      ])
    }
  }
}
