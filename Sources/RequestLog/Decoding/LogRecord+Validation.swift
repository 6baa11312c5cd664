import TextKit
import Ockham

extension LogRecord {
  /// Checks what the types cannot: ranges, names, and that a user says something. Readers refuse what fails here, and
  /// writers do not write it.
  /// - Throws: the first violation, in the order id, request, outcomes, labels, draw.
  package func validate() throws(RecordViolation) {
    try Self.check(name: id, field: "id")
    if features == nil { try request.checkUserText() }
    try checkOutcomes()
    if let dataset { try Self.check(name: dataset, field: "dataset") }
    if let tier { try Self.check(name: tier, field: "tier") }
    try checkNumbers()
    try checkDraw()
  }

  private func checkOutcomes() throws(RecordViolation) {
    for (position, outcome) in outcomes.enumerated() {
      do throws(RecordViolation) {
        try Self.check(name: outcome.name, field: nil)
        try outcome.validate()
        guard !outcomes[..<position].contains(where: { $0.name == outcome.name }) else { throw Self.repeatedModel }
      } catch { throw error.inside("outcomes[\(SafeText.label(outcome.name))]") }
    }
  }

  private func checkNumbers() throws(RecordViolation) {
    guard weight > 0, weight.isFinite else {
      throw .range(
        "weight", expected: "a finite number above 0", found: Double(weight),
        remedy: "fix the weight, or drop the record instead of 0")
    }
    if let propensity { try RecordViolation.checkProbability(propensity, field: "propensity") }
    if let timestamp, !CivilTime.isTimestamp(timestamp) {
      throw RecordViolation(
        .invalidTimestamp, field: "timestamp", expected: "an ISO 8601 time such as 2025-03-01T12:00:00Z",
        found: SafeText.word(timestamp), remedy: "fix it or leave it out")
    }
  }

  /// Checks that a name has characters, and none that ends it early.
  static func check(name: String, field: String?) throws(RecordViolation) {
    guard name.isEmpty || name.utf8.contains(0) else { return }
    throw RecordViolation(
      .invalidName, field: field, expected: "a name", found: name.isEmpty ? "an empty string" : "a string with U+0000",
      remedy: "give it a name of visible characters")
  }

  private static let repeatedModel = RecordViolation(
    .duplicateKey, field: nil, expected: "each model once", found: "the model twice", remedy: "remove one")
}

extension ModelOutcome {
  /// Checks the ranges of the known parts.
  func validate() throws(RecordViolation) {
    if let quality, !(quality >= 0 && quality <= 1) {
      throw .range("quality", expected: "a number from 0 to 1", found: quality, remedy: Self.remedy(ofQuality: quality))
    }
    try Self.checkNotNegative(costUSD, field: "cost_usd")
    try Self.checkNotNegative(latencyMilliseconds, field: "latency_ms")
    if let outputTokens, outputTokens < 0 { throw RecordViolation.belowZero(outputTokens).inside("output_tokens") }
    if let inclusion { try RecordViolation.checkProbability(inclusion, field: "inclusion") }
    do { try gold?.validate() } catch { throw error.inside("gold") }
    do { try answer?.message?.validate() } catch { throw error.inside("answer") }
    if let responseFeatures, (try? StoredResponse(bytes: responseFeatures)) == nil {
      throw RecordViolation(
        .incompatibleFeatures, field: "response_features", expected: "features of this version",
        found: "\(NumberFormat.count(responseFeatures.count)) bytes that are none", remedy: "leave them out")
    }
  }

  private static func remedy(ofQuality quality: Double) -> String {
    guard quality.isFinite else { return "fix the value or drop the outcome" }
    return "bring the marks to 0…1, as \(MarksOffScale(quality).command()) does, or fix the value"
  }

  private static func checkNotNegative(_ value: Double?, field: String) throws(RecordViolation) {
    guard let value, !(value >= 0 && value.isFinite) else { return }
    throw .range(field, expected: "a finite number of at least 0", found: value, remedy: "fix the value or write null")
  }
}

extension Request {
  /// Checks that a user says more than white space.
  func checkUserText() throws(RecordViolation) {
    if segments.contains(where: { $0.role == .user && !$0.text.isBlank }) { return }
    if segments.count == 1, segments[0].role == .user {
      throw RecordViolation(
        .emptyPrompt, field: nil, expected: "a prompt",
        found: segments[0].text.isEmpty ? "an empty string" : "white space",
        remedy: "add what was asked or drop the record")
    }
    throw RecordViolation(
      .noUserText, field: "messages", expected: "a user message with text", found: "none",
      remedy: "add what the user asked or drop the record")
  }
}

extension String {
  /// Whether the text has no character but white space.
  fileprivate var isBlank: Bool {
    unicodeScalars.allSatisfy { scalar in
      scalar.isASCII ? scalar.value == 32 || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
    }
  }
}

extension RecordViolation {
  /// Refuses what cannot be the probability of a thing that happened.
  static func checkProbability(_ value: Double, field: String) throws(RecordViolation) {
    guard value > 0 && value <= 1 else {
      throw .range(field, expected: "a number above 0, at most 1", found: value, remedy: "fix it or leave it out")
    }
  }

  /// A number outside its range, or not finite.
  static func range(_ field: String, expected: String, found: Double, remedy: String) -> RecordViolation {
    RecordViolation(
      found.isFinite ? .outOfRange : .notFinite, field: field, expected: expected, found: found.description,
      remedy: remedy)
  }
}
