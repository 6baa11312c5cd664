import TextKit

/// Reads one outcome: an object of what is known, or null where nothing is.
enum OutcomeDecoder {
  /// The outcome of the model or tier `name`; with its answer only if that is asked for.
  /// - Parameter features: what reads the answer's features.
  static func outcome(
    name: String, _ fields: JSONFields<OutcomeField>, keepsAnswer: Bool, _ features: inout ResponseFeatureDecoder
  ) throws(RecordViolation) -> ModelOutcome {
    var outcome = ModelOutcome(name: name)
    outcome.quality = try quality(fields[.quality])
    outcome.costUSD = try number(fields[.costUSD], field: "cost_usd")
    outcome.latencyMilliseconds = try number(fields[.latencyMilliseconds], field: "latency_ms")
    if let tokens = fields[.outputTokens] {
      outcome.outputTokens = try at("output_tokens") { () throws(RecordViolation) in
        try tokens.wholeNumber("an integer of at least 0")
      }
    }
    outcome.inclusion = try number(fields[.inclusion], field: "inclusion")
    if let origin = fields[.origin] {
      outcome.origin = try at("origin") { () throws(RecordViolation) in try OutcomeOrigin(origin) }
    }
    if let gold = fields[.gold] {
      outcome.gold = try at("gold") { () throws(RecordViolation) in try GoldDecoder.rating(gold) }
    }
    if keepsAnswer, let answer = fields[.answer] {
      outcome.answer = try at("answer") { () throws(RecordViolation) in try AnswerDecoder.answer(answer) }
    }
    if keepsAnswer, let value = fields[.responseFeatures] {
      do { outcome.responseFeatures = try features.features(base64: value) } catch {
        throw error.inside("response_features")
      }
    }
    return outcome
  }

  private static func quality(_ value: JSONValue?) throws(RecordViolation) -> Double? {
    guard let value else { return nil }
    if value.kind == .yes { return 1 }
    if value.kind == .no { return 0 }
    guard let number = value.number else {
      throw RecordViolation.wrongType(
        expected: "a number from 0 to 1, true or false", found: value, remedy: "write 1 for right and 0 for wrong"
      ).inside("quality")
    }
    return number
  }

  private static func number(_ value: JSONValue?, field: String) throws(RecordViolation) -> Double? {
    guard let value else { return nil }
    return try at(field) { () throws(RecordViolation) in try value.number("a number of at least 0") }
  }
}

extension OutcomeOrigin {
  fileprivate init(_ value: JSONValue) throws(RecordViolation) {
    guard value.kind == .string else {
      throw .wrongType(expected: Self.names, found: value, remedy: "write one of these, or leave origin out")
    }
    try self.init(named: value.string())
  }

  /// The origin of that name, or a violation that lists the names.
  init(named name: String) throws(RecordViolation) {
    guard let origin = OutcomeOrigin(rawValue: name) else {
      throw RecordViolation(
        .unknownOrigin, field: nil, expected: Self.names, found: SafeText.word(name),
        remedy: "use one of these, or leave origin out")
    }
    self = origin
  }

  private static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
