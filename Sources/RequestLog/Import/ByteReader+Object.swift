extension ByteReader {
  /// How the text of an object came to its end.
  enum ObjectText {
    case whole([UInt8])
    case tooLong
    /// The input ended inside, after so many bytes.
    case cutOff(byteCount: Int)
  }

  /// Takes a JSON object to its closing brace. Only braces and strings are looked at; what the object is worth shows when it
  /// is parsed.
  /// - Precondition: the next byte opens the object.
  mutating func object(maximumBytes: Int) throws(LogError) -> ObjectText {
    var text: [UInt8] = []
    var depth = 0
    var isInString = false
    while let byte = try next() {
      guard text.count < maximumBytes else { return .tooLong }
      text.append(byte)
      if isInString {
        if byte == UInt8(ascii: "\\"), let escaped = try next() { text.append(escaped) }
        if byte == UInt8(ascii: "\"") { isInString = false }
        continue
      }
      if byte == UInt8(ascii: "\"") { isInString = true }
      if byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0 { return .whole(text) }
    }
    return .cutOff(byteCount: text.count)
  }
}
