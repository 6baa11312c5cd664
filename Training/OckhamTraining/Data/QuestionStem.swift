import Ockham

/// What two wordings of one question share: its words before the choices, in lower case.
///
/// Sets take questions from each other and give them other choices: three in five of MMLU-Pro's stand in MMLU. Such rows are no
/// near-duplicates, and yet a model that has learned one knows the other.
struct QuestionStem: Sendable {
  /// A hash of the words, 0 for a request without any.
  let key: UInt64

  /// - Parameter request: all of its messages count.
  init(_ request: Request) {
    var hash = WordHash()
    for segment in request.segments {
      var text = segment.text
      let isOver = text.withUTF8 { bytes in unsafe hash.absorb(bytes.span) }
      if isOver { break }
    }
    key = hash.value
  }
}

/// FNV-1a over words, each followed by a blank. Bytes of ASCII letters are taken in lower case, those of other scripts as they are.
private struct WordHash {
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
  private var state = start

  var value: UInt64 { state == Self.start ? 0 : state }

  private mutating func absorb(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

  /// Takes words up to the first choice; says whether there is one.
  mutating func absorb(_ text: Span<UInt8>) -> Bool {
    var (isInWord, isLineStart) = (false, true)
    for place in text.indices {
      if isLineStart, Self.isFirstChoice(text, at: place) {
        endWord(&isInWord)
        return true
      }
      let byte = text[place]
      if byte != 0x20, byte != 0x09 { isLineStart = byte == 0x0A }
      guard Self.isOfWord(byte) else {
        endWord(&isInWord)
        continue
      }
      absorb(byte &- 0x41 < 26 ? byte | 0x20 : byte)
      isInWord = true
    }
    endWord(&isInWord)
    return false
  }

  private mutating func endWord(_ isInWord: inout Bool) {
    if isInWord { absorb(0x20) }
    isInWord = false
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }

  /// `A.`, `A)`, `A:` or `(A)`, in either case, where a line begins.
  private static func isFirstChoice(_ text: Span<UInt8>, at place: Int) -> Bool {
    func byte(_ offset: Int) -> UInt8 { place + offset < text.count ? text[place + offset] : 0 }
    if byte(0) == 0x28 { return byte(1) | 0x20 == 0x61 && byte(2) == 0x29 }
    return byte(0) | 0x20 == 0x61 && (byte(1) == 0x2E || byte(1) == 0x29 || byte(1) == 0x3A)
  }
}
