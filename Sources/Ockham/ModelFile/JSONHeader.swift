/// The part of JSON that headers and metadata are written in: strings, non-negative integers, arrays and objects. Names
/// in an object are distinct. Anything else (fractions, literals, deep nesting, trailing text) is refused.
enum JSONHeader: Equatable {
  case string(String)
  case integer(Int)
  case array([JSONHeader])
  case object([Member])

  struct Member: Equatable {
    var name: String
    var value: JSONHeader
  }

  /// Parses a whole text; white space may surround it.
  ///
  /// - Throws: ``ModelFileError/headerSyntax(offset:expected:)`` or ``ModelFileError/duplicateName(_:)``.
  init(parsing text: Span<UInt8>) throws(ModelFileError) {
    var parser = JSONHeaderParser()
    self = try parser.parseValue(in: text, depth: 0)
    parser.skipSpace(in: text)
    guard parser.position == text.count else { throw parser.expected("the end of the header") }
  }
}

/// A recursive-descent parser over a span that every call is given.
struct JSONHeaderParser {
  static let maximumDepth = 4
  private(set) var position = 0

  func expected(_ what: String) -> ModelFileError { .headerSyntax(offset: position, expected: what) }

  mutating func skipSpace(in text: Span<UInt8>) {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func accept(_ byte: UInt8, in text: Span<UInt8>) -> Bool {
    skipSpace(in: text)
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func parseValue(in text: Span<UInt8>, depth: Int) throws(ModelFileError) -> JSONHeader {
    skipSpace(in: text)
    guard position < text.count else { throw expected("a value") }
    guard depth < Self.maximumDepth else { throw expected("at most \(Self.maximumDepth) levels") }
    switch text[position] {
    case UInt8(ascii: "{"): return try parseObject(in: text, depth: depth)
    case UInt8(ascii: "["): return try parseArray(in: text, depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString(in: text))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try parseInteger(in: text))
    default: throw expected("a string, a non-negative integer, an array or an object")
    }
  }

  private mutating func parseObject(in text: Span<UInt8>, depth: Int) throws(ModelFileError) -> JSONHeader {
    position += 1
    var members: [JSONHeader.Member] = []
    var names: Set<String> = []
    if accept(UInt8(ascii: "}"), in: text) { return .object(members) }
    repeat {
      skipSpace(in: text)
      let name = try parseString(in: text)
      guard names.insert(name).inserted else { throw .duplicateName(name) }
      guard accept(UInt8(ascii: ":"), in: text) else { throw expected("':'") }
      members.append(.init(name: name, value: try parseValue(in: text, depth: depth + 1)))
    } while accept(UInt8(ascii: ","), in: text)
    guard accept(UInt8(ascii: "}"), in: text) else { throw expected("',' or '}'") }
    return .object(members)
  }

  private mutating func parseArray(in text: Span<UInt8>, depth: Int) throws(ModelFileError) -> JSONHeader {
    position += 1
    var elements: [JSONHeader] = []
    if accept(UInt8(ascii: "]"), in: text) { return .array(elements) }
    repeat {
      elements.append(try parseValue(in: text, depth: depth + 1))
    } while accept(UInt8(ascii: ","), in: text)
    guard accept(UInt8(ascii: "]"), in: text) else { throw expected("',' or ']'") }
    return .array(elements)
  }

  private mutating func parseInteger(in text: Span<UInt8>) throws(ModelFileError) -> Int {
    let start = position
    var value = 0
    while position < text.count, text[position] &- 0x30 < 10 {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = scaled.addingReportingOverflow(Int(text[position] &- 0x30))
      guard !overflow, !carry else { throw expected("an integer below 2^63") }
      value = next
      position += 1
    }
    guard text[start] != 0x30 || position == start + 1 else { throw expected("an integer without leading zeros") }
    return value
  }

  private mutating func parseString(in text: Span<UInt8>) throws(ModelFileError) -> String {
    guard position < text.count, text[position] == UInt8(ascii: "\"") else { throw expected("a string") }
    position += 1
    var bytes: [UInt8] = []
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      guard text[position] >= 0x20 else { throw expected("no control character in a string") }
      if text[position] == UInt8(ascii: "\\") {
        bytes.append(contentsOf: try parseEscape(in: text))
      } else {
        bytes.append(text[position])
        position += 1
      }
    }
    guard position < text.count else { throw expected("'\"' at the end of a string") }
    position += 1
    guard let string = String(validating: bytes, as: UTF8.self) else { throw expected("UTF-8 in a string") }
    return string
  }

  private mutating func parseEscape(in text: Span<UInt8>) throws(ModelFileError) -> [UInt8] {
    position += 1
    guard position < text.count else { throw expected("an escape") }
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try parseUnicodeEscape(in: text)
    default: throw expected("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
  }

  private mutating func parseUnicodeEscape(in text: Span<UInt8>) throws(ModelFileError) -> [UInt8] {
    var value = try parseHex(in: text)
    if 0xD800...0xDBFF ~= value {
      guard position + 1 < text.count, text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
      else { throw expected("the second half of a surrogate pair") }
      position += 2
      let low = try parseHex(in: text)
      guard 0xDC00...0xDFFF ~= low else { throw expected("the second half of a surrogate pair") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw expected("a Unicode scalar") }
    return Array(Character(scalar).utf8)
  }

  private mutating func parseHex(in text: Span<UInt8>) throws(ModelFileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < text.count, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue else {
        throw expected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
