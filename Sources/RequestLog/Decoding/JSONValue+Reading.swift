extension JSONValue {
  /// The string, or a violation that says what stands there instead.
  func string(_ expected: String = "a string") throws(RecordViolation) -> String {
    guard kind == .string else { throw .wrongType(expected: expected, found: self, remedy: "write a JSON string") }
    guard let text = wellFormedString() else { throw .halfSurrogate }
    return text
  }

  /// True or false, or a violation.
  func boolean() throws(RecordViolation) -> Bool {
    switch kind {
    case .yes: return true
    case .no: return false
    default: throw .wrongType(expected: "true or false", found: self, remedy: "write true or false without quotes")
    }
  }

  /// The array's elements, or a violation.
  func elements(_ expected: String) throws(RecordViolation) -> JSONElements {
    guard kind == .array else { throw .wrongType(expected: expected, found: self, remedy: "write a JSON array") }
    return JSONElements(of: self)
  }

  /// The number, or a violation.
  func number(_ expected: String) throws(RecordViolation) -> Double {
    guard let number else { throw .wrongType(expected: expected, found: self, remedy: "write a JSON number") }
    return number
  }

  /// The integer, or a violation.
  func wholeNumber(_ expected: String) throws(RecordViolation) -> Int {
    guard let wholeNumber else {
      throw .wrongType(expected: expected, found: self, remedy: "write an integer of at most 64 bits")
    }
    return wholeNumber
  }
}

extension RecordViolation {
  /// A value of the wrong JSON type; the caller adds the field.
  static func wrongType(expected: String, found: JSONValue, remedy: String) -> RecordViolation {
    RecordViolation(.wrongType, field: nil, expected: expected, found: found.summary, remedy: remedy)
  }

  /// An escaped surrogate without its partner, which no UTF-8 text can hold.
  static var halfSurrogate: RecordViolation {
    RecordViolation(
      .invalidUTF8, field: nil, expected: "a string of whole characters",
      found: "half a surrogate pair (\\uD800…\\uDFFF)",
      remedy: "write both halves, or the character itself")
  }
}

/// Runs `body` and adds a field's path to the violation that it throws.
@inline(__always)
func at<Result>(
  _ field: @autoclosure () -> String, _ body: () throws(RecordViolation) -> Result
) throws(RecordViolation) -> Result {
  do { return try body() } catch { throw error.inside(field()) }
}
