import TextKit

/// Cuts a large JSON text into its outermost objects, so that a file of any size is read object by object.
///
/// The text is an array of objects, or an object whose values are objects or arrays of objects. Only brackets and
/// strings are looked at; each object is parsed strictly afterwards. Values that are no objects are skipped.
struct ObjectScanner {
  /// One object, and the line that it starts on.
  struct Piece {
    var line: Int
    var bytes: [UInt8]
  }

  private var bytes: ByteReader
  private let maximumBytes: Int
  /// How many containers are open around the next byte.
  private var depth = 0
  private var hasStarted = false

  init(_ input: any ByteInput, maximumBytes: Int = 64 << 20) {
    bytes = ByteReader(input)
    self.maximumBytes = maximumBytes
  }

  /// The next object; `nil` at the end.
  /// - Throws: ``LogError/notALog(path:found:remedy:)`` where the text is not such a JSON text or is cut off.
  mutating func next() throws(LogError) -> Piece? {
    while let byte = try bytes.peek() {
      let line = bytes.line
      if byte == UInt8(ascii: "{"), depth > 0 { return Piece(line: line, bytes: try object()) }
      _ = try bytes.next()
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): try open()
      case UInt8(ascii: "]"), UInt8(ascii: "}"): try close()
      case UInt8(ascii: "\""): try skipString()
      case _ where depth == 0 && !isSpace(byte): throw shapeError("another text at line \(line)")
      default: break
      }
    }
    guard depth == 0, hasStarted else { throw shapeError("the end of the file inside the JSON text") }
    return nil
  }

  private mutating func open() throws(LogError) {
    guard depth > 0 || !hasStarted else { throw shapeError("a second JSON text at line \(bytes.line)") }
    guard depth < 16 else { throw shapeError("arrays nested deeper than 16 at line \(bytes.line)") }
    hasStarted = true
    depth += 1
  }

  private mutating func close() throws(LogError) {
    guard depth > 0 else { throw shapeError("a closing bracket too many at line \(bytes.line)") }
    depth -= 1
  }

  private mutating func skipString() throws(LogError) {
    while let byte = try bytes.next(), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") { _ = try bytes.next() }
    }
  }

  /// Reads an object to its closing brace.
  private mutating func object() throws(LogError) -> [UInt8] {
    switch try bytes.object(maximumBytes: maximumBytes) {
    case .whole(let text): return text
    case .tooLong: throw shapeError("an object over \(NumberFormat.count(maximumBytes)) bytes")
    case .cutOff: throw shapeError("the end of the file inside an object")
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func shapeError(_ found: String) -> LogError {
    .notALog(path: bytes.input.path, found: found, remedy: "name the set's own JSON file, whole and unpacked")
  }
}
