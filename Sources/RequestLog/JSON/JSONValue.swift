import TextKit

/// One value of a ``JSONDocument``, by its place on the tape.
struct JSONValue {
  let document: JSONDocument
  let index: Int

  /// What a value can be; the raw value is the mark on the tape.
  enum Kind: UInt8 {
    case object = 0x7B
    case array = 0x5B
    case string = 0x22
    case integer = 0x6C
    case unsigned = 0x75
    case double = 0x64
    case yes = 0x74
    case no = 0x66
    case null = 0x6E
  }

  /// What the value is.
  @inline(__always)
  var kind: Kind {
    guard let kind = Kind(rawValue: UInt8(document.word(index) >> 56)) else { preconditionFailure("not a JSON value") }
    return kind
  }

  var isNull: Bool { kind == .null }

  /// Where the value after this one stands.
  @inline(__always)
  var nextIndex: Int {
    switch kind {
    case .object, .array: Int(document.word(index) & 0xFFFF_FFFF)
    case .integer, .unsigned, .double: index + 2
    default: index + 1
    }
  }

  /// The number, rounded to the nearest double; `nil` for anything else.
  var number: Double? {
    switch kind {
    case .integer: Double(Int64(bitPattern: document.word(index + 1)))
    case .unsigned: Double(document.word(index + 1))
    case .double: Double(bitPattern: document.word(index + 1))
    default: nil
    }
  }

  /// The integer, also where it is written as `40.0`; `nil` for anything else and beyond 64 bits.
  var wholeNumber: Int? {
    switch kind {
    case .integer: Int(Int64(bitPattern: document.word(index + 1)))
    case .unsigned: Int(exactly: document.word(index + 1))
    case .double: Int(exactly: Double(bitPattern: document.word(index + 1)))
    default: nil
    }
  }

  /// The text of a number: an integer's digits, or the shortest decimal that reads back the same.
  var numberText: String? {
    switch kind {
    case .integer: String(Int64(bitPattern: document.word(index + 1)))
    case .unsigned: String(document.word(index + 1))
    case .double: Double(bitPattern: document.word(index + 1)).description
    default: nil
    }
  }
}

extension JSONValue {
  /// Calls `body` with the unescaped bytes of a string. They may be ill-formed where a surrogate was escaped alone.
  /// - Precondition: the value is a string.
  @inline(__always)
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    precondition(kind == .string, "not a JSON string")
    return document.withBytes(at: Int(document.word(index) & 0x00FF_FFFF_FFFF_FFFF), body)
  }

  /// The string; `nil` if it holds half a surrogate pair, which UTF-8 cannot.
  /// - Precondition: the value is a string.
  func wellFormedString() -> String? {
    withBytes { bytes in
      guard let text = try? UTF8Span(validating: bytes) else { return nil }
      return String(copying: text)
    }
  }

  /// The string, with U+FFFD in place of half a surrogate pair: for measures and messages.
  /// - Precondition: the value is a string.
  var repairedString: String {
    if let text = wellFormedString() { return text }
    return withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }

  /// Whether the value is the string `text`.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard kind == .string else { return false }
    return withBytes { bytes in
      guard bytes.count == text.utf8CodeUnitCount else { return false }
      for index in bytes.indices where unsafe bytes[index] != text.utf8Start[index] { return false }
      return true
    }
  }

  /// What the value is, for messages: kinds, sizes and numbers, but no text.
  var summary: String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string of " + SafeText.describe(repairedString)
    case .integer, .unsigned, .double: numberText ?? "a number"
    case .yes: "true"
    case .no: "false"
    case .null: "null"
    }
  }

  /// Like ``summary``, but a text that can only be a word from a list is quoted.
  var wordSummary: String {
    guard kind == .string, let text = wellFormedString() else { return summary }
    return SafeText.word(text)
  }
}
