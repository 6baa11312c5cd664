/// What stands in the last bytes of an answer: numbers, options, and how it ends.
///
/// A *run* is a longest run of ASCII letters and digits. A run that begins with a digit is a number. A letter from A to P is an
/// option where the bytes around it are neither letters, digits nor from 0x80 up, and the one behind it is no space, so that
/// "A cat" and "I think" name none.
struct ClosingScan {
  /// The bytes of the text that are read, from its end.
  static let readBytes = 4_096
  /// The bytes that the final option must stand in.
  static let endingBytes = 160
  /// Numbers that the final one is compared with; a power of two.
  private static let kept = 64

  private(set) var numbers = 0
  private(set) var numbersInRequest = 0
  /// The bytes of the last number; 0 without one.
  private(set) var finalNumberBytes = 0
  private(set) var finalNumberIsInRequest = false
  /// The bytes behind the last number.
  private(set) var bytesAfterFinalNumber = 0
  private var finalNumber: UInt64 = 0
  private var hashes = InlineArray<64, UInt64>(repeating: 0)

  /// One bit for each option that is named.
  private(set) var options: UInt64 = 0
  /// The last option in the ending, from 1; 0 without one.
  private(set) var finalOption = 0
  private var mentions = InlineArray<16, Int32>(repeating: 0)

  /// The last byte that is no white space; 0 without one.
  private(set) var lastByte: UInt8 = 0
  /// Whether the ending holds `</`.
  private(set) var closesTag = false

  /// How often the last number occurs among the last ``kept`` ones.
  var finalNumberCount: Int {
    // An array of fixed size would be copied for each look at it.
    let hashes = hashes.span
    var count = 0
    for place in 0..<min(numbers, Self.kept) { count += hashes[place] == finalNumber ? 1 : 0 }
    return count
  }

  /// How often the final option is named.
  var finalOptionCount: Int { finalOption == 0 ? 0 : Int(mentions[finalOption - 1]) }

  /// Reads the text.
  ///
  /// - Parameter isAsked: whether the request has a word of that hash.
  @inline(__always)
  mutating func run(_ text: Span<UInt8>, isAsked: (UInt64) -> Bool) {
    let ending = max(0, text.count - Self.endingBytes)
    var position = max(0, text.count - Self.readBytes)
    while position < text.count {
      let halves = (ClosingBytes(text, at: position), ClosingBytes(text, at: position &+ 32))
      var marks = ClosingBytes.gather(halves.0.candidates, halves.1.candidates)
      while marks != 0 {
        visit(position &+ marks.trailingZeroBitCount, in: text, ending: ending, isAsked)
        marks &= marks &- 1
      }
      position &+= 64
    }
    visitEnd(of: text, from: ending)
  }

  /// Visits a byte that may begin a number or be an option.
  @inline(__always) private mutating func visit(
    _ place: Int, in text: Span<UInt8>, ending: Int, _ isAsked: (UInt64) -> Bool
  ) {
    if place > 0, WordScanner.isASCIIWord(text[place - 1]) { return }
    if text[place] < 0x3A {
      visitNumber(at: place, in: text, isAsked)
    } else {
      visitLetter(at: place, in: text, ending: ending)
    }
  }

  @inline(__always)
  private mutating func visitNumber(at start: Int, in text: Span<UInt8>, _ isAsked: (UInt64) -> Bool) {
    let (hash, end) = Self.readNumber(at: start, in: text)
    let isInRequest = isAsked(hash)
    hashes[numbers & (Self.kept &- 1)] = hash
    numbers &+= 1
    numbersInRequest &+= isInRequest ? 1 : 0
    (finalNumber, finalNumberIsInRequest) = (hash, isInRequest)
    (finalNumberBytes, bytesAfterFinalNumber) = (end &- start, text.count &- end)
  }

  /// The hash of a number and where it ends. One load is enough for most, as for ``WordScanner``'s words.
  @inline(__always) private static func readNumber(at start: Int, in text: Span<UInt8>) -> (hash: UInt64, end: Int) {
    if start &+ 8 <= text.count {
      let chunk = WordScanner.load(text, at: start)
      let count = WordScanner.nonWord(chunk).trailingZeroBitCount >> 3
      if count < 8 {
        let kept = WordHash.keep(count, of: WordHash.fold(chunk))
        return (WordHash.absorb(kept, into: WordHash.wordSeed), start &+ count)
      }
    }
    return readLongNumber(at: start, in: text)
  }

  private static func readLongNumber(at start: Int, in text: Span<UInt8>) -> (hash: UInt64, end: Int) {
    var end = start + 1
    while end < text.count, WordScanner.isASCIIWord(text[end]) { end += 1 }
    return (WordScanner.hash(text, start..<end), end)
  }

  private mutating func visitLetter(at place: Int, in text: Span<UInt8>, ending: Int) {
    if place > 0, text[place - 1] >= 0x80 { return }
    if place + 1 < text.count {
      let next = text[place + 1]
      if next >= 0x80 || next == 0x20 || WordScanner.isASCIIWord(next) { return }
    }
    let index = Int(text[place] &- 0x41)
    options |= 1 << UInt64(index)
    mentions[index] += 1
    if place >= ending { finalOption = index + 1 }
  }

  private mutating func visitEnd(of text: Span<UInt8>, from ending: Int) {
    var index = text.count
    while index > ending, lastByte == 0 {
      index -= 1
      if text[index] > 0x20 { lastByte = text[index] }
    }
    index = ending
    while index < text.count, !closesTag {
      if ClosingBytes(text, at: index).opening != SIMD4() {
        for place in index..<min(index + 32, text.count - 1) where text[place] == 0x3C && text[place + 1] == 0x2F {
          closesTag = true
        }
      }
      index += 32
    }
  }
}

/// Thirty-two bytes of UTF-8, zeros behind its end: classes as ``ByteClasses`` has them, bit 7 of each byte, eight bytes a lane.
private struct ClosingBytes {
  private let chunks: SIMD4<UInt64>

  @inline(__always) init(_ text: Span<UInt8>, at position: Int) {
    if position &+ 32 <= text.count {
      chunks = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: SIMD4<UInt64>.self)
    } else {
      chunks = Self.end(text, at: position)
    }
  }

  private static func end(_ text: Span<UInt8>, at position: Int) -> SIMD4<UInt64> {
    var chunks = SIMD4<UInt64>()
    var (start, lane) = (position, 0)
    while start < text.count {
      let count = min(8, text.count - start)
      chunks[lane] = WordHash.keep(count, of: WordScanner.loadPrefix(text, at: start, count))
      (start, lane) = (start + 8, lane + 1)
    }
    return chunks
  }

  /// The byte in all places.
  @inline(__always) private static func all(_ byte: UInt64) -> SIMD4<UInt64> {
    SIMD4(repeating: byte &* 0x0101_0101_0101_0101)
  }

  /// Bytes that may begin a number or be an option. Most capitals and digits are neither, and their neighbours in the
  /// lane say so without a branch; those outside of it are not looked at.
  @inline(__always) var candidates: SIMD4<UInt64> {
    let low = chunks & Self.all(0x7F)
    let folded = low | Self.all(0x20)
    let letter = (folded &+ Self.all(0x1F)) & ~(folded &+ Self.all(0x05))
    let digit = (low &+ Self.all(0x50)) & ~(low &+ Self.all(0x46))
    let word = (letter | digit) & ~chunks & Self.all(0x80)
    // What no option stands beside: words, and bytes from 0x80 up; a space behind it.
    let near = word | (chunks & Self.all(0x80))
    let space = ~((low ^ Self.all(0x20)) &+ Self.all(0x7F)) & Self.all(0x80)
    // Of a capital, bit 5 is clear; of one up to P, less one, so is bit 4.
    let late = chunks &<< 2 | ((chunks | Self.all(0x80)) &- Self.all(0x01)) &<< 3
    let isApart = ~(near &<< 8 | (near | space) &>> 8)
    return word & ((digit & ~(word &<< 8)) | (letter & ~late & isApart))
  }

  /// Bytes that are `<`.
  @inline(__always) var opening: SIMD4<UInt64> {
    let others = chunks ^ Self.all(0x3C)
    return ~(((others & Self.all(0x7F)) &+ Self.all(0x7F)) | others) & Self.all(0x80)
  }

  /// Bit 7 of 64 bytes as one bit per byte, the first byte's lowest: that of chunk c goes to bit c of its byte, and rows and
  /// columns of the eight by eight bits are exchanged (Warren, Hacker's Delight).
  @inline(__always) static func gather(_ first: SIMD4<UInt64>, _ second: SIMD4<UInt64>) -> UInt64 {
    let halves = first &>> 4 | second
    let rows = halves[0] &>> 3 | halves[1] &>> 2 | halves[2] &>> 1 | halves[3]
    let pairs = exchange(rows, 0x00AA_00AA_00AA_00AA, by: 7)
    let fours = exchange(pairs, 0x0000_CCCC_0000_CCCC, by: 14)
    return exchange(fours, 0x0000_0000_F0F0_F0F0, by: 28)
  }

  @inline(__always) private static func exchange(_ bits: UInt64, _ mask: UInt64, by shift: UInt64) -> UInt64 {
    let moved = (bits ^ bits &>> shift) & mask
    return bits ^ moved ^ moved &<< shift
  }
}
