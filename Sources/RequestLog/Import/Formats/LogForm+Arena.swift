import TextKit
import Ockham

extension LogForm {
  /// Votes between two models, as Chatbot Arena publishes them: the winner is worth 1, the loser 0, a tie 0.5 each, and
  /// a tie of two bad answers 0 each. Where several turns were voted on at once, the request holds the first.
  static let arena = LogForm(
    name: "arena", title: "Arena votes between two models",
    recognises: { row in
      Sides(row).map { sides in
        Sides.stated(row) != nil || sides.vote(row) != nil || sides.ratings != nil
          || (sides.first.answer != nil && sides.second.answer != nil)
      } == true
    },
    read: { (row, context) throws(RecordViolation) in
      guard let sides = Sides(row) else { throw .noVote(nil) }
      let countsFromZero = context.sample.contains { Sides.stated($0).flatMap { CellValue.decimal($0) } == 0 }
      let vote = sides.vote(row, numbersAreSure: !countsFromZero)
      if vote == nil, sides.ratings == nil { throw .noVote(Sides.stated(row)) }
      var exchange = Exchange(request: try context.arenaRequest(row, sides))
      exchange.id = row.label("id", "question_id", "conversation_id", "evaluation_session_id", "pair_id")
      exchange.time = row.raw("tstamp", "timestamp", "created_at")
      exchange.dataset = row.label("category", "dataset").flatMap { $0.first == "{" ? nil : $0 }
      for (side, quality) in [(sides.first, vote?.first), (sides.second, vote?.second)] {
        var answer = Exchange.Answer()
        answer.said = Reply(side.answer.map(firstAnswer)).said
        answer.model = side.model
        answer.quality = quality
        if vote == nil { answer.rating = side.rating }
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  /// The first answer of a list of texts or of a conversation.
  private static func firstAnswer(_ said: JSONNode) -> JSONNode {
    let inner = said.unfolded
    guard let turns = inner.elements else { return said }
    return turns.first { $0.string != nil || FormContext.isAnswer($0) } ?? .null
  }
}

/// The two sides of a vote, whatever the columns are called: `model_a`, `model_1`, `modelA`, `Model A`, `left_model`,
/// `generator_1`.
private struct Sides {
  struct Side {
    var model: String
    var answer: JSONNode?
    /// A score of its own.
    var rating: JSONNode?
  }

  let first: Side
  let second: Side
  private let marks: (String, String)

  init?(_ row: JSONNode) {
    let members = (row.members ?? []).map { (name: FieldName.words(of: $0.key), value: $0.value) }
    for marks in [("a", "b"), ("1", "2"), ("left", "right"), ("first", "second"), ("0", "1")] {
      func side(_ mark: String) -> Side? {
        func cell(_ words: [String]) -> JSONNode? {
          words.lazy.flatMap { ["\($0)_\(mark)", "\($0)\(mark)", "\(mark)_\($0)"] }
            .compactMap { name in members.first { $0.name == name && !$0.value.isNull }?.value }.first
        }
        guard let model = cell(["model", "model_name", "assistant", "llm", "generator"])?.string, !model.isEmpty else {
          return nil
        }
        return Side(
          model: model, answer: cell(["response", "answer", "output", "completion", "conversation", "text"]),
          rating: cell(["score", "rating", "quality", "grade"]))
      }
      if let first = side(marks.0), let second = side(marks.1) {
        (self.first, self.second, self.marks) = (first, second, marks)
        return
      }
    }
    return nil
  }

  /// Whether both sides have scores of their own.
  var ratings: (first: JSONNode, second: JSONNode)? {
    guard let one = first.rating, let other = second.rating else { return nil }
    return (one, other)
  }

  /// The vote as a row states it.
  static func stated(_ row: JSONNode) -> String? {
    row.label(
      "winner", "preference", "preferred", "vote", "choice", "label", "verdict", "Winner", "Preference", "Vote",
      "judgment", "judgement", "better")
  }

  /// What the vote is worth to each side; `nil` where there is none.
  /// - Parameter numbersAreSure: whether numbers can only be the marks of the sides: no row counts from 0.
  func vote(_ row: JSONNode, numbersAreSure: Bool = true) -> (first: Double, second: Double)? {
    if let word = Self.stated(row) {
      if let number = CellValue.decimal(word) {
        if let vote = vote(number, isSure: numbersAreSure) { return vote }
      } else if let vote = vote(word) {
        return vote
      }
    }
    func isSet(_ key: String) -> Bool {
      row[key]?.boolean ?? (row[key]?.decimal.map { $0 == 1 } ?? (row.label(key)?.lowercased() == "true"))
    }
    for key in ["winner_model_\(marks.0)", "winner_\(marks.0)", "\(marks.0)_wins"] where isSet(key) { return (1, 0) }
    for key in ["winner_model_\(marks.1)", "winner_\(marks.1)", "\(marks.1)_wins"] where isSet(key) { return (0, 1) }
    if isSet("both_bad") || isSet("winner_both_bad") { return (0, 0) }
    return isSet("winner_tie") || isSet("tie") ? (0.5, 0.5) : nil
  }

  /// Of sides 1 and 2 a number from 1 to 2 says how much the second is preferred, as AlpacaEval writes it; sides 0 and 1 are
  /// their own numbers. Whether 0, 1 and 2 mean a and b elsewhere no one knows.
  private func vote(_ number: Double, isSure: Bool) -> (first: Double, second: Double)? {
    if marks == ("0", "1"), (0...1).contains(number) { return (1 - number, number) }
    if marks == ("1", "2"), (1...2).contains(number), isSure { return (2 - number, number - 1) }
    return nil
  }

  private func vote(_ word: String) -> (first: Double, second: Double)? {
    if word == first.model { return (1, 0) }
    if word == second.model { return (0, 1) }
    if let vote = compared(word) { return vote }
    let plain = FieldName.words(of: word)
    if plain.contains("bad") || plain.contains("neither") { return (0, 0) }
    let parts = plain.split(separator: "_")
    if plain.contains("tie") || plain.contains("draw") || plain.contains("equal") || parts.contains("same")
      || parts.first == "both" || plain == "c"
    {
      return (0.5, 0.5)
    }
    let names = ["", "model_", "assistant_", "response_", "answer_", "conversation_", "output_", "option_"]
    func isSide(_ mark: String, _ place: String) -> Bool {
      names.contains { plain == $0 + mark || plain == $0 + place } || plain == "model\(mark)"
        || plain == "\(mark)_model"
        || plain == "\(mark)_better" || plain == "\(mark)_wins"
    }
    if isSide(marks.0, "first") || (marks.0 == "a" && plain == "left") { return (1, 0) }
    if isSide(marks.1, "second") || (marks.1 == "b" && plain == "right") { return (0, 1) }
    return nil
  }

  /// `A>B`, `B>>A`, `A=B`, also in brackets.
  private func compared(_ word: String) -> (first: Double, second: Double)? {
    let bare = word.lowercased().filter { !$0.isWhitespace && !"[]".contains($0) }
    guard let sign = bare.first(where: { "<>=~".contains($0) }) else { return nil }
    let sides = bare.split { "<>=~".contains($0) }.map(String.init)
    let names = [marks.0, marks.1].map { mark in [mark, "model_\(mark)", "model\(mark)"] }
    guard sides.count == 2 else { return nil }
    let isStraight = names[0].contains(sides[0]) && names[1].contains(sides[1])
    guard isStraight || (names[1].contains(sides[0]) && names[0].contains(sides[1])) else { return nil }
    if "=~".contains(sign) { return (0.5, 0.5) }
    return (sign == ">") == isStraight ? (1, 0) : (0, 1)
  }
}

extension RecordViolation {
  /// A row whose vote is missing, or cannot be read.
  fileprivate static func noVote(_ stated: String?) -> RecordViolation {
    let isNumber = stated.flatMap { CellValue.decimal($0) } != nil
    return RecordViolation(
      .missingField, field: "winner", expected: "model_a, model_b or a tie",
      found: stated.map { SafeText.word($0) } ?? "none",
      remedy: isNumber
        ? "write model_a, model_b or tie in place of numbers, which may count from 0 or from 1" : "fix or drop the row")
  }
}

extension FormContext {
  /// The first turn of a vote: a text, a list of texts, or messages.
  fileprivate func arenaRequest(_ row: JSONNode, _ sides: Sides) throws(RecordViolation) -> AskedRequest {
    let conversation = sides.first.answer.map(\.unfolded).flatMap { $0.isMessages ? $0 : nil }
    let pair = row.field("full_conversation.0.user").map { JSONNode.array([$0]) }
    guard let asked = conversation ?? pair ?? row.asked("prompt", "question", "instruction", "query", "Prompt") else {
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
    let before = turns.prefix { !FormContext.isAnswer($0) }
    return try requests.request(turns: .array(Array(before)))
  }
}
