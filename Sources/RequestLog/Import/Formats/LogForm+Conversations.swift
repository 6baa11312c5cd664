import TextKit
import Ockham

extension LogForm {
  /// LMSYS-Chat: conversations with one model each, a record per answer.
  static let lmsysChat = LogForm(
    name: "lmsys-chat", title: "LMSYS-Chat conversations",
    recognises: { row in
      row.field("conversation")?.isListOfObjects == true && row.label("model") != nil && row["model_a"] == nil
    },
    read: { (row, context) throws(RecordViolation) in
      try context.turns(
        of: row.field("conversation") ?? .null, row: row, id: row.label("conversation_id", "conversation_hash", "id"))
    })

  /// ShareGPT: conversations of `human` and `gpt`, a record per answer.
  static let shareGPT = LogForm(
    name: "sharegpt", title: "ShareGPT conversations",
    recognises: { row in
      row.field("conversations", "items")?.elements?.first.map { turn in
        (turn["from"] != nil && turn["value"] != nil) || (turn["role"] != nil && turn["content"] != nil)
      } == true && row.field("messages", "conversation") == nil
    },
    read: { (row, context) throws(RecordViolation) in
      try context.turns(
        of: row.field("conversations", "items") ?? .null, row: row,
        id: row.label("id", "conversation_id", "hash", "idx"))
    })
}

extension FormContext {
  /// An exchange per answer of a conversation: what stands before it is the request. Conversations without an answer
  /// are one request.
  func turns(of conversation: JSONNode, row: JSONNode, id: String?) throws(RecordViolation) -> [Exchange] {
    let messages = conversation.elements ?? []
    let system =
      messages.first.flatMap { Dialogue.statedRole(of: $0) } == .system
      ? JSONNode.null : RequestReading.system(of: row)
    let answers = messages.indices.filter { Self.isAnswer(messages[$0]) && $0 > 0 }
    var exchanges: [Exchange] = []
    for end in answers where !exchanges.isEmpty || messages[..<end].contains(where: { !Self.isAnswer($0) }) {
      var exchange = Exchange(
        request: try requests.request(system: system, turns: .array(Array(messages[..<end])), settings: row))
      exchange.id = id.map { answers.count > 1 ? "\($0)/\(exchanges.count)" : $0 }
      if answers.count > 1 { exchange.conversation = id ?? "\(PathName.stem(path)):\(line)" }
      exchange.time = row.raw("tstamp", "timestamp", "created_at", "createdAt")
      var answer = Exchange.Answer(Reply(messages[end]))
      if answer.said == nil { answer.said = messages[end].label("value", "text", "message").map { .text($0) } }
      answer.model =
        options.chat.modelField.flatMap { messages[end].label($0) }
        ?? row.label("model", "model_name") ?? messages[end].label("model", "model_name") ?? row.label("metadata.model")
      answer.addAmounts(of: answers.count == 1 ? row.filled(from: messages[end]) : messages[end])
      let own = options.chat.quality.map { messages[end].raw($0) } ?? messages[end].usualRating
      answer.rating = own ?? (end == answers.last ? rating(row) : nil)
      exchange.answers = [answer]
      exchanges.append(exchange)
    }
    guard exchanges.isEmpty else { return exchanges }
    return [Exchange(id: id, request: try requests.request(system: system, turns: conversation, settings: row))]
  }

  /// Whether a message is a model's.
  static func isAnswer(_ message: JSONNode) -> Bool { Dialogue.statedRole(of: message) == .assistant }
}
