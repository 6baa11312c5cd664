import TextKit
import Ockham

extension LogForm {
  /// Votes between two models, as Chatbot Arena publishes them: the winner is worth 1, the loser 0, a tie 0.5 each, and
  /// a tie of two bad answers 0 each. Where several turns were voted on at once, the request holds the first.
  static let arena = LogForm(
    name: "arena", title: "Arena votes between two models",
    recognises: { row in
      guard row.label("model_a") != nil, row.label("model_b") != nil else { return false }
      return row["winner"] != nil || row["winner_model_a"] != nil || row["winner_tie"] != nil
    },
    read: { (row, context) throws(RecordViolation) in
      guard let votes = votes(row) else {
        throw RecordViolation(
          .missingField, field: "winner", expected: "model_a, model_b or a tie", found: "none",
          remedy: "fix or drop the row")
      }
      var exchange = Exchange(request: try context.arenaRequest(row))
      exchange.id = row.label("id", "question_id", "conversation_id")
      exchange.time = row.field("tstamp", "timestamp")
      for (side, vote) in zip(["a", "b"], [votes.a, votes.b]) {
        let said = row.field("response_\(side)") ?? row.field("conversation_\(side)")
        var answer = Exchange.Answer(
          Reply(said?.elements?.first { $0.string != nil || $0["role"]?.string == "assistant" } ?? said))
        answer.model = row.label("model_\(side)")
        answer.rating = .number(vote)
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  private static func votes(_ row: JSONNode) -> (a: Double, b: Double)? {
    switch row.label("winner") {
    case "model_a": return (1, 0)
    case "model_b": return (0, 1)
    case let tie? where tie.contains("bad"): return (0, 0)
    case let tie? where tie.contains("tie"): return (0.5, 0.5)
    default: break
    }
    func isSet(_ key: String) -> Bool {
      row[key]?.boolean ?? (row[key]?.decimal.map { $0 == 1 } ?? (row.label(key)?.lowercased() == "true"))
    }
    if isSet("winner_model_a") { return (1, 0) }
    if isSet("winner_model_b") { return (0, 1) }
    return isSet("winner_tie") ? (0.5, 0.5) : nil
  }
}

extension FormContext {
  /// The first turn of a vote: a text, a list of texts, or messages.
  fileprivate func arenaRequest(_ row: JSONNode) throws(RecordViolation) -> Request {
    guard let asked = row.field("conversation_a") ?? row.field("prompt", "question") else {
      throw RecordViolation(
        .missingRequest, field: "prompt", expected: "prompt or conversation_a", found: "none",
        remedy: "fix or drop the row")
    }
    if let turns = asked.elements, turns.count > 1, turns.first?.string != nil || turns.count > 2 {
      note("vote on several turns: the request holds the first")
    }
    guard let turns = asked.elements else { return try requests.request(turns: asked) }
    if let first = turns.first(where: { $0.string != nil }) { return try requests.request(turns: first) }
    let before = turns.prefix { $0["role"]?.string != "assistant" }
    return try requests.request(turns: .array(Array(before)))
  }
}
