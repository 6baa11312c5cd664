/// JSON that common servers send although no standard allows it: `NaN`, `Infinity`, and halves of surrogate pairs, which
/// models split over two tokens; bytes that are no UTF-8, raw control characters in strings, and a byte order mark.
enum LooseJSON {
  /// The text with a replacement of the same length in each such place, so that places in it stay what they were: U+FFFD
  /// for a half, `null` for infinity, `0.0` for `NaN`.
  /// - Parameter numbers: whether `NaN` and its like are replaced too.
  /// - Complexity: O(bytes).
  static func tightened(_ text: [UInt8], numbers: Bool = true) -> [UInt8] {
    var result = text
    var position = 0
    var isInString = false
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""):
        isInString.toggle()
        position += 1
      case UInt8(ascii: "\\") where isInString: position = escape(at: position, &result)
      case UInt8(ascii: "N") where numbers && !isInString && has("NaN", at: position, text):
        result.replaceSubrange(position..<position + 3, with: "0.0".utf8)
        position += 3
      case UInt8(ascii: "I") where numbers && !isInString && has("Infinity", at: position, text):
        let start = position > 0 && text[position - 1] == UInt8(ascii: "-") ? position - 1 : position
        let end = position + 8
        result.replaceSubrange(start..<end, with: Array("null".utf8) + Array(repeating: 0x20, count: end - start - 4))
        position = end
      default: position += 1
      }
    }
    return result
  }

  /// Passes an escape, or a pair of surrogates; a half of one is replaced.
  private static func escape(at position: Int, _ text: inout [UInt8]) -> Int {
    guard let first = unit(at: position, text) else { return position + 2 }
    guard (0xD800...0xDFFF).contains(first) else { return position + 6 }
    if first < 0xDC00, let second = unit(at: position + 6, text), (0xDC00...0xDFFF).contains(second) {
      return position + 12
    }
    text.replaceSubrange(position..<position + 6, with: "\\ufffd".utf8)
    return position + 6
  }

  /// The code unit of `\uXXXX`.
  private static func unit(at position: Int, _ text: [UInt8]) -> UInt32? {
    guard position + 6 <= text.count, text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt32(String(decoding: text[position + 2..<position + 6], as: UTF8.self), radix: 16)
  }

  /// The text in UTF-8 without a byte order mark, with U+FFFD for bytes that are none and escapes for control characters in
  /// strings.
  /// - Parameter keepsLength: whether places in the text must stay what they were: then spaces stand for the mark and for
  ///   control characters, and `?` for each byte that is no UTF-8.
  /// - Complexity: O(bytes).
  static func cleaned(_ text: [UInt8], keepsLength: Bool) -> [UInt8] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let hasMark = text.starts(with: mark)
    let body = text.dropFirst(hasMark ? mark.count : 0)
    let valid = keepsLength ? marked(body) : Array(String(decoding: body, as: UTF8.self).utf8)
    let start: [UInt8] = hasMark && keepsLength ? Array(repeating: 0x20, count: mark.count) : []
    return start + escaped(valid, keepsLength: keepsLength)
  }

  /// The bytes with a question mark for each that is no UTF-8.
  private static func marked(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var rest = text
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      let character = rest.prefix(length)
      let isValid = first < 0x80 || character.count == length && String(validating: character, as: UTF8.self) != nil
      result += isValid ? character : [UInt8(ascii: "?")]
      rest = rest.dropFirst(isValid ? length : 1)
    }
    return result
  }

  /// The text without raw control characters in strings.
  private static func escaped(_ text: [UInt8], keepsLength: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var (isInString, isEscaped) = (false, false)
    for byte in text {
      if isInString, byte < 0x20 {
        result += keepsLength ? [0x20] : Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
      } else {
        result.append(byte)
      }
      if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
      isEscaped = isInString && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return result
  }

  private static func has(_ word: String, at position: Int, _ text: [UInt8]) -> Bool {
    text[position...].starts(with: word.utf8)
  }
}
