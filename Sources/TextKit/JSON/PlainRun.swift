/// The bytes of a JSON string that stand for themselves: all but quotes, backslashes and control characters.
enum PlainRun {
  /// The first byte at or after `start` that ends the run, or the end of the bytes.
  ///
  /// Eight bytes at a time: the marks below may be set wrongly only above a byte that is marked rightly, so the lowest
  /// one counts. Source: S. Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte less than n".
  static func end(in bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index + 8 <= bytes.count {
      let word = unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      let marks = Self.marks(in: word)
      if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count, isPlain(bytes[index]) { index += 1 }
    return index
  }

  /// Whether the byte may stand in a string as it is.
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  @inline(__always)
  private static func marks(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let below = (word &- ones &* 0x20) & ~word
    return (below | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)) & (ones &* 0x80)
  }
}
