/// A JSON text that is being written, in UTF-8.
///
/// The caller opens and closes containers in pairs; commas come by themselves.
struct JSONText {
  /// What has been written.
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Forgets the text and keeps its memory.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  mutating func beginObject() { open("{") }
  mutating func endObject() { close("}") }
  mutating func beginArray() { open("[") }
  mutating func endArray() { close("]") }

  /// Starts the next element of an array: call it before the element's value.
  mutating func beginElement() {
    if needsComma { append(raw: ",") }
    needsComma = false
  }

  /// Starts the next member of an object: call it before the member's value.
  mutating func append(key: String) {
    beginElement()
    append(string: key)
    append(raw: ":")
    needsComma = false
  }

  /// Writes text that is JSON already, as a value.
  mutating func append(raw: String) {
    bytes.append(contentsOf: raw.utf8)
    needsComma = true
  }

  /// Writes a string with `"`, `\` and control characters escaped, and all else as it is.
  mutating func append(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        bytes.append(byte)
      } else {
        appendEscaped(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes a number as the shortest decimal that reads back the same.
  /// - Precondition: the number is finite: JSON has no others.
  mutating func append(number: Double) {
    precondition(number.isFinite, "JSON has no NaN and no infinity")
    append(raw: number.description)
  }

  private mutating func open(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    needsComma = false
  }

  private mutating func close(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    needsComma = true
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    default:
      let hexadecimal = String(byte, radix: 16)
      bytes.append(contentsOf: ("u00" + (byte < 16 ? "0" : "") + hexadecimal).utf8)
    }
  }
}
