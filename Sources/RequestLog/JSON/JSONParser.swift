/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Bytes before the fault.
  package var offset: Int
  /// What should stand there.
  package var expected: String

  package var description: String { "expected \(expected) at byte \(offset)" }
}

/// Reads one JSON text into a ``JSONNode``. Source: RFC 8259, strictly; nesting up to ``maximumDepth``.
/// - Complexity: O(bytes).
package struct JSONParser {
  /// The deepest nesting that is read.
  package static let maximumDepth = 256

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that a whole text holds.
  package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONNode {
    var parser = JSONParser(bytes)
    let node = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.fault("the end") }
    return node
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    skipSpace()
    let start = position
    guard let byte = peek else { throw fault("a value") }
    let content: JSONNode.Content
    switch byte {
    case UInt8(ascii: "{"): content = .object(try nested { (parser) throws(JSONSyntaxError) in try parser.members() })
    case UInt8(ascii: "["): content = .array(try nested { (parser) throws(JSONSyntaxError) in try parser.elements() })
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "t"): content = try literal("true", .boolean(true))
    case UInt8(ascii: "f"): content = try literal("false", .boolean(false))
    case UInt8(ascii: "n"): content = try literal("null", .null)
    default: content = .number(try number())
    }
    return JSONNode(content: content, range: start..<position)
  }

  private mutating func nested<Result>(
    _ body: (inout JSONParser) throws(JSONSyntaxError) -> Result
  ) throws(JSONSyntaxError) -> Result {
    guard depth < Self.maximumDepth else { throw fault("at most \(Self.maximumDepth) levels of nesting") }
    depth += 1
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func members() throws(JSONSyntaxError) -> [JSONMember] {
    var members: [JSONMember] = []
    if skip(UInt8(ascii: "}")) { return members }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw fault("a key") }
      let key = try string()
      guard skip(UInt8(ascii: ":")) else { throw fault("a colon") }
      members.append(JSONMember(key: key, value: try value()))
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw fault("a comma or }") }
    return members
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    var elements: [JSONNode] = []
    if skip(UInt8(ascii: "]")) { return elements }
    repeat { elements.append(try value()) } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw fault("a comma or ]") }
    return elements
  }

  private mutating func literal(_ word: String, _ content: JSONNode.Content) throws(JSONSyntaxError) -> JSONNode.Content
  {
    guard bytes[position...].starts(with: word.utf8) else { throw fault("a value") }
    position += word.utf8.count
    return content
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    if peek == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if peek == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw fault(position == start && start > 0 ? "a digit" : "a value") }
  }
}

extension JSONParser {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skip(_ mark: UInt8) -> Bool {
    skipSpace()
    guard peek == mark else { return false }
    position += 1
    return true
  }

  private func fault(_ expected: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, expected: expected) }

  /// Reads a string with its quotes.
  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("UTF-8 before") }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw fault("no control character before")
      default: text.append(byte)
      }
    }
    throw fault("a closing quote")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = peek else { throw fault("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"): text += Array(String(try scalar()).utf8)
    default: throw fault("a known escape before")
    }
  }

  /// The scalar of `\uXXXX`, or of a surrogate pair.
  private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, bytes[position...].starts(with: [0x5C, 0x75]) else { throw fault("a surrogate pair") }
    position += 2
    let second = try fourDigits()
    guard (0xDC00...0xDFFF).contains(second) else { throw fault("the second half of a surrogate pair before") }
    guard let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
      throw fault("a character before")
    }
    return scalar
  }

  private mutating func fourDigits() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
