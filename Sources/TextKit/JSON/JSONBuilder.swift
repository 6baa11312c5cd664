/// A JSON text that is being written, in UTF-8.
///
/// The caller opens and closes containers in pairs; commas come by themselves.
package struct JSONBuilder: Sendable {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  /// Forgets the text and keeps its memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  /// Starts the next element of an array: call it before the element's value.
  package mutating func beginElement() {
    if needsComma { append(raw: ",") }
    needsComma = false
  }

  /// Starts the next member of an object: call it before the member's value.
  package mutating func append(key: String) {
    beginElement()
    append(string: key)
    append(raw: ":")
    needsComma = false
  }

  /// Writes text that is JSON already, as a value.
  package mutating func append(raw: String) {
    bytes.append(contentsOf: raw.utf8)
    needsComma = true
  }

  /// Writes bytes that are JSON already, as a value.
  package mutating func append(raw: some Collection<UInt8>) {
    bytes.append(contentsOf: raw)
    needsComma = true
  }

  /// Writes `true` or `false`.
  package mutating func append(boolean: Bool) { append(raw: boolean ? "true" : "false") }

  /// Writes a string with `"`, `\` and control characters escaped, and all else as it is.
  package mutating func append(string: String) {
    bytes.append(UInt8(ascii: "\""))
    let utf8 = string.utf8Span.span
    var index = 0
    while index < utf8.count {
      let end = PlainRun.end(in: utf8, from: index)
      unsafe utf8.extracting(index..<end).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
      if end < utf8.count { appendEscaped(utf8[end]) }
      index = end + 1
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes a number as the shortest decimal that reads back the same.
  /// - Precondition: the number is finite: JSON has no others.
  package mutating func append(number: Double) {
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
