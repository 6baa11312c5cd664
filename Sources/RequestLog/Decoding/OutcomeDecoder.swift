/// Reads one outcome: an object of numbers, or null where nothing is known.
enum OutcomeDecoder {
  /// The outcome of the model or tier `name`.
  static func outcome(name: String, _ value: JSONValue) throws(RecordViolation) -> ModelOutcome {
    var outcome = ModelOutcome(name: name)
    if value.isNull { return outcome }
    let fields = try JSONFields<OutcomeField>(value, role: "quality, cost_usd, output_tokens, latency_ms")
    outcome.quality = try quality(fields[.quality])
    outcome.costUSD = try number(fields[.costUSD], field: "cost_usd")
    outcome.latencyMilliseconds = try number(fields[.latencyMilliseconds], field: "latency_ms")
    if let tokens = fields[.outputTokens] {
      outcome.outputTokens = try at("output_tokens") { () throws(RecordViolation) in
        try tokens.wholeNumber("a whole number of at least 0")
      }
    }
    return outcome
  }

  private static func quality(_ value: JSONValue?) throws(RecordViolation) -> Double? {
    guard let value else { return nil }
    guard let number = value.number else {
      throw RecordViolation.wrongType(
        expected: "a number from 0 to 1", found: value, remedy: "write 1 for right and 0 for wrong"
      ).inside("quality")
    }
    return number
  }

  private static func number(_ value: JSONValue?, field: String) throws(RecordViolation) -> Double? {
    guard let value else { return nil }
    return try at(field) { () throws(RecordViolation) in try value.number("a number of at least 0") }
  }
}
