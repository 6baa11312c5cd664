import TextKit
import Ockham

extension LogForm {
  /// Votes between two models, as Chatbot Arena publishes them: the winner is worth 1, the loser 0, a tie 0.5 each, and
  /// a tie of two bad answers 0 each. Where several turns were voted on at once, the request holds the first.
  static let arena = LogForm(
    name: "arena", title: "Arena votes between two models",
    recognises: { row in Sides(row).map { $0.vote(row) != nil || row["winner"] != nil } == true },
    read: { (row, context) throws(RecordViolation) in
      guard let sides = Sides(row), let vote = sides.vote(row) else {
        throw RecordViolation(
          .missingField, field: "winner", expected: "model_a, model_b or a tie", found: "none",
          remedy: "fix or drop the row")
      }
      var exchange = Exchange(request: try context.arenaRequest(row, sides))
      exchange.id = row.label("id", "question_id", "conversation_id", "evaluation_session_id", "pair_id")
      exchange.time = row.raw("tstamp", "timestamp", "created_at")
      exchange.dataset = row.label("category", "dataset").flatMap { $0.first == "{" ? nil : $0 }
      for (side, quality) in [(sides.first, vote.first), (sides.second, vote.second)] {
        var answer = Exchange.Answer()
        answer.said = Reply(side.answer.map(firstAnswer)).said
        answer.model = side.model
        answer.quality = quality
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  /// The first answer of a list of texts or of a conversation.
  private static func firstAnswer(_ said: JSONNode) -> JSONNode {
    let inner = said.unfolded
    guard let turns = inner.elements else { return said }
    return turns.first { $0.string != nil || $0["role"]?.string == "assistant" } ?? .null
  }
}

/// The two sides of a vote, whatever the columns are called: `model_a`, `model_1`, `modelA`, `Model A`.
private struct Sides {
  struct Side {
    var model: String
    var answer: JSONNode?
  }

  let first: Side
  let second: Side
  private let marks: (String, String)

  init?(_ row: JSONNode) {
    let members = (row.members ?? []).map { (name: FieldName.words(of: $0.key), value: $0.value) }
    for marks in [("a", "b"), ("1", "2"), ("left", "right"), ("0", "1")] {
      func side(_ mark: String) -> Side? {
        func cell(_ words: [String]) -> JSONNode? {
          words.lazy.flatMap { ["\($0)_\(mark)", "\($0)\(mark)"] }
            .compactMap { name in members.first { $0.name == name && !$0.value.isNull }?.value }.first
        }
        guard let model = cell(["model", "model_name", "assistant", "llm"])?.string, !model.isEmpty else { return nil }
        return Side(
          model: model, answer: cell(["response", "answer", "output", "completion", "conversation", "text"]))
      }
      if let first = side(marks.0), let second = side(marks.1) {
        (self.first, self.second, self.marks) = (first, second, marks)
        return
      }
    }
    return nil
  }

  /// What the vote is worth to each side; `nil` where there is none.
  func vote(_ row: JSONNode) -> (first: Double, second: Double)? {
    if let word = row.label("winner", "preference", "preferred", "vote", "choice", "label", "verdict", "Winner") {
      if let vote = vote(word) { return vote }
    }
    func isSet(_ key: String) -> Bool {
      row[key]?.boolean ?? (row[key]?.decimal.map { $0 == 1 } ?? (row.label(key)?.lowercased() == "true"))
    }
    for key in ["winner_model_\(marks.0)", "winner_\(marks.0)", "\(marks.0)_wins"] where isSet(key) { return (1, 0) }
    for key in ["winner_model_\(marks.1)", "winner_\(marks.1)", "\(marks.1)_wins"] where isSet(key) { return (0, 1) }
    if isSet("both_bad") || isSet("winner_both_bad") { return (0, 0) }
    return isSet("winner_tie") || isSet("tie") ? (0.5, 0.5) : nil
  }

  private func vote(_ word: String) -> (first: Double, second: Double)? {
    if word == first.model { return (1, 0) }
    if word == second.model { return (0, 1) }
    let plain = FieldName.words(of: word)
    if plain.contains("bad") || plain.contains("neither") { return (0, 0) }
    if plain.contains("tie") || plain.contains("draw") || plain.contains("equal") || plain == "both" {
      return (0.5, 0.5)
    }
    let names = ["", "model_", "assistant_", "response_", "answer_", "conversation_"]
    if names.contains(where: { plain == $0 + marks.0 }) || plain == "model\(marks.0)" { return (1, 0) }
    if names.contains(where: { plain == $0 + marks.1 }) || plain == "model\(marks.1)" { return (0, 1) }
    return nil
  }
}

extension FormContext {
  /// The first turn of a vote: a text, a list of texts, or messages.
  fileprivate func arenaRequest(_ row: JSONNode, _ sides: Sides) throws(RecordViolation) -> AskedRequest {
    let conversation = sides.first.answer.map(\.unfolded).flatMap { $0.isMessages ? $0 : nil }
    let pair = row.field("full_conversation.0.user").map { JSONNode.array([$0]) }
    guard let asked = conversation ?? pair ?? row.raw("prompt", "question", "instruction", "query", "Prompt") else {
      throw RecordViolation(
        .missingRequest, field: "prompt", expected: "prompt or conversation_a", found: "none",
        remedy: "fix or drop the row")
    }
    let inner = asked.question
    if let turns = inner.elements, turns.count > 1, turns.first?.string != nil || turns.count > 2 {
      note("vote on several turns: the request holds the first")
    }
    guard let turns = inner.elements else { return try requests.request(turns: inner) }
    if let first = turns.first(where: { $0.string != nil }) { return try requests.request(turns: first) }
    let before = turns.prefix { $0["role"]?.string != "assistant" }
    return try requests.request(turns: .array(Array(before)))
  }
}
