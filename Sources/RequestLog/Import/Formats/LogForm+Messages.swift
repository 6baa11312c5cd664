import TextKit

extension LogForm {
  /// Tables with a row per message: rows of one conversation are put together, and each answer is a record.
  static let messageRows = LogForm(
    name: "messages", title: "a row per message of a conversation", kind: .general, joining: .byConversation,
    recognises: { row in
      guard let speaker = Dialogue.speaker(of: row), Dialogue.role(named: speaker) != nil else { return false }
      let others = [
        "prompt", "question", "query", "messages", "conversation", "conversations", "choices", "outcomes", "response",
        "answer", "output", "completion", "request", "input", "instruction",
      ]
      return ["content", "text", "message", "value"].contains { row[$0]?.string != nil }
        && !others.contains { row.raw($0) != nil } && row.members?.contains { !messageKeys.contains($0.key) } == true
    },
    read: { (row, context) throws(RecordViolation) in
      try context.turns(of: row.field("messages") ?? .null, row: .object([] as [JSONMember]), id: row.label("id"))
    })

  /// What a message has without a table around it.
  private static let messageKeys: Set<String> = ["role", "content", "name", "tool_calls", "tool_call_id", "refusal"]
}

/// Rows that are messages, gathered until their conversations are whole. Memory: all rows of a file.
struct MessageTable {
  /// The messages of one conversation, and where the first stands.
  struct Conversation {
    var id: String
    var line: Int
    var messages: [JSONNode] = []
  }

  private(set) var conversations: [Conversation] = []
  private var places: [String: Int] = [:]

  /// Adds a message to its conversation.
  /// - Throws: a violation where the row does not say which it is of.
  mutating func add(_ row: JSONNode, line: Int) throws(RecordViolation) {
    let keys = FieldPart.conversation.names + ["message_tree_id", "dialog_id"]
    let found = row.members?.first { member in
      keys.contains(FieldName.words(of: member.key)) && JSONNode.object([member]).label(member.key) != nil
    }
    guard let found, let id = row.label(found.key) else {
      throw RecordViolation(
        .missingField, field: "conversation_id", expected: "the conversation that the message is of", found: "none",
        remedy: "add a column conversation_id, or write a row per conversation with its messages")
    }
    let place = places[id] ?? conversations.count
    if place == conversations.count {
      places[id] = place
      conversations.append(Conversation(id: id, line: line))
    }
    conversations[place].messages.append(row)
  }
}

extension MessageTable.Conversation {
  /// The conversation as a row, with its messages in order.
  /// - Throws: a violation where several messages answer one: such a tree is no conversation.
  func row() throws(RecordViolation) -> JSONNode {
    let parents = messages.compactMap { $0.label("parent_id", "parent_message_id") }
    guard Set(parents).count == parents.count else {
      throw RecordViolation(
        .duplicateID, field: "parent_id", expected: "one message after another", found: "several after one",
        remedy: "write a row per path from the first message to an answer, with its messages")
    }
    let numbers = ["turn", "turn_index", "message_index", "index", "seq", "sequence", "position", "order", "step"]
    let key = numbers.first { key in messages.allSatisfy { $0[key]?.decimal != nil } }
    let ordered = key.map { key in
      messages.enumerated().sorted {
        ($0.element[key]?.decimal ?? 0, $0.offset) < ($1.element[key]?.decimal ?? 0, $1.offset)
      }.map(\.element)
    }
    return .object(["id": .string(id), "messages": .array(ordered ?? messages)])
  }
}
