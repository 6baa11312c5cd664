/// Words and hashes as the article FeatureSpecification specifies them.
enum PlainText {
  private enum Kind { case letter, word, separator }

  /// The words of a text: runs of letters, and characters of scripts without spaces.
  static func words(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    var run = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      let (kind, length) = describe(text[index], index + 1 < text.endIndex ? text[index + 1] : 0)
      let next = min(text.endIndex, index + length)
      if kind != .letter {
        if run < index { words.append(text[run..<index]) }
        if kind == .word { words.append(text[index..<next]) }
        run = next
      }
      index = next
    }
    if run < text.endIndex { words.append(text[run...]) }
    return words
  }

  /// What a sequence with these first bytes is, and how many bytes it takes.
  private static func describe(_ lead: UInt8, _ second: UInt8) -> (Kind, Int) {
    switch lead {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: (.letter, 1)
    case 0xC2: (.separator, 2)
    case 0xC3...0xDF: (.letter, 2)
    case 0xE0, 0xE1, 0xEA...0xEE: (.letter, 3)
    case 0xE2, 0xEF: (.separator, 3)
    case 0xE3: (second == 0x80 ? .separator : .word, 3)
    case 0xE4...0xE9: (.word, 3)
    case 0xF0...0xF4: (.word, 4)
    default: (.separator, 1)
    }
  }

  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  private static func absorb(_ chunk: ArraySlice<UInt8>, into hash: UInt64) -> UInt64 {
    let value = chunk.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1 < 0x80 ? $1 | 0x20 : $1) }
    return mix(hash ^ value, 0xD6E8_FEB8_6659_FD93)
  }

  static func hash(_ word: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var rest = word
    while !rest.isEmpty {
      hash = absorb(rest.prefix(8), into: hash)
      rest = rest.dropFirst(8)
    }
    return hash
  }

  static func runHash(_ run: ArraySlice<UInt8>) -> UInt64 { absorb(run, into: 0x8EBC_6AF0_9C88_C6E3) }

  static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
    mix(first &+ 0xA076_1D64_78BD_642F, second ^ 0xE703_7ED1_A0B4_28DB)
  }
}
