import TextKit

/// Cuts a text into the JSON objects that stand in it one after another, or in one array: objects that span lines, lists,
/// objects without line ends between them. Only brackets and strings are looked at; each object is parsed afterwards.
struct JSONTextScanner {
  /// One object, and the line that it starts on.
  struct Piece {
    var line: Int
    /// The object; of one that is cut off, what there is of it.
    var bytes: [UInt8]
    var violation: RecordViolation?
  }

  private var bytes: ByteReader
  private let maximumBytes: Int
  /// Arrays that are open around the next object.
  private var depth = 0

  init(_ input: any ByteInput, maximumBytes: Int = 256 << 20) {
    bytes = ByteReader(input)
    self.maximumBytes = maximumBytes
  }

  /// The next object; `nil` at the end.
  /// - Throws: ``LogError/notALog(path:found:remedy:)`` where something else than objects stands in the text.
  mutating func next() throws(LogError) -> Piece? {
    while let byte = try bytes.peek() {
      let line = bytes.line
      if byte == UInt8(ascii: "{") { return try object(line: line) }
      _ = try bytes.next()
      switch byte {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]") where depth > 0: depth -= 1
      case 0x20, 0x09...0x0D, UInt8(ascii: ","), 0x1E: break
      default:
        throw .notALog(
          path: bytes.input.path, found: "something else than JSON objects at line \(line)",
          remedy: "write JSON objects, one a line or in a list")
      }
    }
    return nil
  }

  private mutating func object(line: Int) throws(LogError) -> Piece {
    switch try bytes.object(maximumBytes: maximumBytes) {
    case .whole(let text): return Piece(line: line, bytes: text, violation: nil)
    case .tooLong:
      return Piece(line: line, bytes: [], violation: .tooLong(byteCount: maximumBytes, limit: maximumBytes))
    case .cutOff(let count):
      return Piece(
        line: line, bytes: [], violation: .truncated(found: "an object of \(NumberFormat.count(count)) bytes"))
    }
  }
}
