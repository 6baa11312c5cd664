extension JSONParser {
  /// Reads a string with its quotes. One without escapes is made straight from the text.
  mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    position = PlainRun.end(in: bytes.span, from: position)
    guard peek != UInt8(ascii: "\"") else {
      position += 1
      return try validated(bytes[start..<position - 1])
    }
    return try escapedString(from: start)
  }

  /// Reads the rest of a string whose first escape, control character or end is at ``position``.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var text = Array(bytes[start..<position])
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try validated(text[...])
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: throw fault("no control character before")
      }
      let run = position
      position = PlainRun.end(in: bytes.span, from: run)
      unsafe bytes.span.extracting(run..<position).withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    }
    throw fault("a closing quote")
  }

  private func validated(_ text: ArraySlice<UInt8>) throws(JSONSyntaxError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else { throw fault("UTF-8 before") }
    return string
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
    case UInt8(ascii: "u"): text.append(contentsOf: try scalar().utf8)
    default: throw fault("a known escape before")
    }
  }

  /// The scalar of `\uXXXX`, or of a surrogate pair.
  private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, peek == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw fault("a surrogate pair") }
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
      guard let byte = peek, let digit = Self.hexadecimalValue(of: byte) else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  private static func hexadecimalValue(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x41 + 10
    default: nil
    }
  }
}
