/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Bytes before the fault.
  package var offset: Int
  /// What should stand there.
  package var expected: String

  package var description: String { "expected \(expected) at byte \(offset)" }
}

/// Reads one JSON text into a ``JSONNode``. Source: RFC 8259, strictly; nesting up to ``maximumDepth``.
/// - Complexity: O(bytes); some 100 bytes of memory a value beside the texts.
package struct JSONParser {
  /// The deepest nesting that is read.
  package static let maximumDepth = 256

  /// The most values that are read of a client's request: each takes fifty times the memory of its shortest form, `0,`. Half a million,
  /// which is more than the tokens of any request, or one for 32 bytes.
  package static func maximumValues(ofRequestBytes bytes: Int) -> Int { max(500_000, bytes / 32) }

  let bytes: [UInt8]
  var position = 0
  private var depth = 0
  private var values = 0
  private let maximumValues: Int

  private init(_ bytes: [UInt8], maximumValues: Int) {
    self.bytes = bytes
    self.maximumValues = maximumValues
  }

  /// The value that a whole text holds.
  ///
  /// - Parameter maximumValues: a text with more values is refused; see ``maximumValues(ofRequestBytes:)``.
  package static func parse(_ bytes: [UInt8], maximumValues: Int = .max) throws(JSONSyntaxError) -> JSONNode {
    var parser = JSONParser(bytes, maximumValues: maximumValues)
    let node = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.fault("the end") }
    return node
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    skipSpace()
    let start = position
    guard let byte = peek else { throw fault("a value") }
    guard values < maximumValues else { throw fault("at most \(maximumValues) values") }
    values += 1
    let content: JSONNode.Content
    switch byte {
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "{"): content = .object(try members())
    case UInt8(ascii: "["): content = .array(try elements())
    case UInt8(ascii: "t"): content = try literal("true", .boolean(true))
    case UInt8(ascii: "f"): content = try literal("false", .boolean(false))
    case UInt8(ascii: "n"): content = try literal("null", .null)
    default: content = .number(try number())
    }
    return JSONNode(content: content, range: start..<position)
  }

  private mutating func members() throws(JSONSyntaxError) -> [JSONMember] {
    try enter()
    var members: [JSONMember] = []
    if skip(UInt8(ascii: "}")) { return leave(with: members) }
    members.reserveCapacity(4)
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw fault("a key") }
      let key = try string()
      guard skip(UInt8(ascii: ":")) else { throw fault("a colon") }
      members.append(JSONMember(key: key, value: try value()))
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw fault("a comma or }") }
    return leave(with: members)
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    try enter()
    var elements: [JSONNode] = []
    if skip(UInt8(ascii: "]")) { return leave(with: elements) }
    repeat { elements.append(try value()) } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw fault("a comma or ]") }
    return leave(with: elements)
  }

  /// Steps over the mark that opens an array or an object.
  private mutating func enter() throws(JSONSyntaxError) {
    guard depth < Self.maximumDepth else { throw fault("at most \(Self.maximumDepth) levels of nesting") }
    depth += 1
    position += 1
  }

  private mutating func leave<Content>(with content: Content) -> Content {
    depth -= 1
    return content
  }

  private mutating func literal(
    _ word: StaticString, _ content: JSONNode.Content
  ) throws(JSONSyntaxError) -> JSONNode.Content {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { throw fault("a value") }
    for index in position..<end where unsafe bytes[index] != word.utf8Start[index - position] { throw fault("a value") }
    position = end
    return content
  }

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = position
    guard let first = peek, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { throw fault("a value") }
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
    guard position > start else { throw fault("a digit") }
  }
}

extension JSONParser {
  @inline(__always)
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  func fault(_ expected: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, expected: expected) }

  @inline(__always)
  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skip(_ mark: UInt8) -> Bool {
    skipSpace()
    guard peek == mark else { return false }
    position += 1
    return true
  }
}
