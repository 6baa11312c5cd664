/// Cuts UTF-8 text into words, with the hash of each.
///
/// - A *word* is a longest run of ASCII letters, ASCII digits and letters of other scripts. Which sequences are letters is
///   decided by the lead byte alone: C3–DF (Latin, Greek, Cyrillic, Hebrew, Arabic …), E0–E1 (Indic, Thai, Georgian …) and
///   EA–EE (Hangul …).
/// - A sequence with lead E4–E9 (Han), F0–F4 (emoji, rare Han), or E3 with a second byte other than 80 (kana, Bopomofo)
///   is a word of its own: these scripts put no spaces between words.
/// - Everything else separates: ASCII marks and controls, C2 (Latin-1 marks), E2 (punctuation, arrows, mathematical
///   signs), E3 80 (CJK marks), EF (full-width forms), stray continuation bytes, and bytes from F5 up.
///
/// A sequence takes the length its lead byte announces, cut at the end of the text; damaged UTF-8 is thus scanned without
/// harm. Complexity: O(bytes), no allocation.
struct WordScanner {
  /// The next byte to look at.
  private(set) var position: Int
  let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next word, or `nil` at the end of the text.
  @inline(__always) mutating func next(in text: Span<UInt8>) -> Word? {
    while position < end {
      let byte = text[position]
      if Self.isASCIIWord(byte) { return asciiWord(in: text) }
      if byte < 0x80 {
        position += 1
      } else if let word = highWord(lead: byte, in: text) {
        return word
      }
    }
    return nil
  }
}

/// A word's place in its text and its hash.
struct Word {
  let start: Int
  let end: Int
  let hash: UInt64
  var count: Int { end - start }
}

extension WordScanner {
  @inline(__always) static func isASCIIWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }

  /// What a lead byte from 0x80 up begins.
  enum Lead { case letter, character, separator }

  static func classify(lead: UInt8, second: UInt8) -> Lead {
    switch lead {
    case 0xC3...0xDF, 0xE0...0xE1, 0xEA...0xEE: .letter
    case 0xE4...0xE9, 0xF0...0xF4: .character
    case 0xE3: second == 0x80 ? .separator : .character
    default: .separator
    }
  }

  /// The bytes that a sequence with this lead takes; 1 for stray continuation bytes and bytes that start nothing.
  static func sequenceLength(lead: UInt8) -> Int {
    switch lead {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  /// A word that starts with an ASCII letter or digit at `position`.
  ///
  /// Eight bytes are classified at once (each byte's top bit in `nonWord` says that it ends the word), and the same load
  /// is hashed: most words need nothing more.
  @inline(__always) private mutating func asciiWord(in text: Span<UInt8>) -> Word {
    let start = position
    if start + 8 <= end {
      let chunk = Self.load(text, at: start)
      let count = Self.nonWord(chunk).trailingZeroBitCount >> 3
      if count < 8, text[start + count] < 0x80 {
        position = start + count
        let hash = WordHash.absorb(WordHash.keep(count, of: WordHash.fold(chunk)), into: WordHash.wordSeed)
        return Word(start: start, end: position, hash: hash)
      }
    }
    return longWord(from: start, in: text)
  }

  /// A word of more than seven bytes, at the very end of the text, or with letters of other scripts.
  private mutating func longWord(from start: Int, in text: Span<UInt8>) -> Word {
    position = wordEnd(from: start, in: text)
    return Word(start: start, end: position, hash: Self.hash(text, start..<position))
  }

  private func wordEnd(from start: Int, in text: Span<UInt8>) -> Int {
    var index = start
    while index < end {
      let byte = text[index]
      if Self.isASCIIWord(byte) {
        index += 1
      } else if byte >= 0x80, Self.classify(lead: byte, second: 0) == .letter {
        index = min(end, index + Self.sequenceLength(lead: byte))
      } else {
        break
      }
    }
    return index
  }

  /// Consumes one sequence that starts with a byte from 0x80 up; a word, unless the sequence separates.
  private mutating func highWord(lead: UInt8, in text: Span<UInt8>) -> Word? {
    let start = position
    let next = min(end, start + Self.sequenceLength(lead: lead))
    switch Self.classify(lead: lead, second: next - start > 1 ? text[start + 1] : 0) {
    case .letter: return longWord(from: start, in: text)
    case .character:
      position = next
      return Word(start: start, end: next, hash: Self.hash(text, start..<next))
    case .separator:
      position = next
      return nil
    }
  }

  /// The hash of the bytes in `range`, a chunk at a time.
  static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash = WordHash.wordSeed
    var index = range.lowerBound
    while index < range.upperBound {
      let count = min(8, range.upperBound - index)
      hash = WordHash.absorb(WordHash.keep(count, of: WordHash.fold(loadPrefix(text, at: index, count))), into: hash)
      index += count
    }
    return hash
  }

  /// `count` bytes (1…8) at `index`, little-endian; what lies behind them is unspecified where the text goes on.
  @inline(__always) static func loadPrefix(_ text: Span<UInt8>, at index: Int, _ count: Int) -> UInt64 {
    if index + 8 <= text.count { return load(text, at: index) }
    var chunk: UInt64 = 0
    for offset in 0..<count { chunk |= UInt64(text[index + offset]) << UInt64(8 * offset) }
    return chunk
  }

  /// Eight bytes at `index`, little-endian. Bounds are checked.
  @inline(__always) static func load(_ text: Span<UInt8>, at index: Int) -> UInt64 {
    UInt64(littleEndian: unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// Bit 7 of every byte that is no ASCII letter or digit.
  @inline(__always) static func nonWord(_ chunk: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = chunk & (0x7F &* ones)
    let folded = low | (0x20 &* ones)
    let letter = (folded &+ (0x1F &* ones)) & ~(folded &+ (0x05 &* ones))
    let digit = (low &+ (0x50 &* ones)) & ~(low &+ (0x46 &* ones))
    return ~((letter | digit) & ~chunk) & (0x80 &* ones)
  }
}
