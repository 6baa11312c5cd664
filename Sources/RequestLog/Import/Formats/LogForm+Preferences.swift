import TextKit

extension LogForm {
  /// Pairs of a better and a worse answer, as preference tuning takes them. What is better counts 1, what is worse 0.
  static let preferences = LogForm(
    name: "preferences", title: "pairs of a chosen and a rejected answer",
    recognises: { row in
      [row.raw("chosen"), row.raw("rejected")].allSatisfy { $0?.string != nil || $0?.elements != nil }
    },
    read: { (row, context) throws(RecordViolation) in [try context.preference(row)] })
}

extension FormContext {
  fileprivate func preference(_ row: JSONNode) throws(RecordViolation) -> Exchange {
    let better = row.field("chosen") ?? .null
    let before = better.isMessages ? (better.elements ?? []).dropLast() : []
    guard
      let asked = row.asked("prompt", "question", "instruction", "input")
        ?? (before.isEmpty ? nil : .array(Array(before)))
    else {
      throw RecordViolation(
        .missingRequest, field: "prompt", expected: "what was asked", found: "none",
        remedy: "name the field with --prompt-field, or drop the row")
    }
    var exchange = Exchange(
      id: row.label("id", "prompt_id"),
      request: try requests.request(system: RequestReading.system(of: row), turns: asked))
    let models = ["chosen", "rejected"].map { side in
      row.label("\(side)_model", "model_\(side)", "\(side)-model", "\(side)_model_name", "\(side).model")
    }
    guard let winner = models[0], let loser = models[1] else {
      note("pair that does not name both models: no outcome")
      return exchange
    }
    for (side, model, quality) in [("chosen", winner, 1.0), ("rejected", loser, 0.0)] {
      let said = row.field(side)
      var answer = Exchange.Answer(
        Reply(said?.isMessages == true ? said?.elements?.last : row.raw(side), isAnswer: true))
      (answer.model, answer.quality) = (model, quality)
      exchange.answers.append(answer)
    }
    return exchange
  }
}
