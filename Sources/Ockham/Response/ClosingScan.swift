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
  /// Numbers that the final one is compared with.
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
    var count = 0
    for place in 0..<min(numbers, Self.kept) where hashes[place] == finalNumber { count += 1 }
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
      let count = min(8, text.count - position)
      let classes = ByteClasses(WordHash.keep(count, of: WordScanner.loadPrefix(text, at: position, count)))
      var marks = classes.digit | classes.upper
      while marks != 0 {
        let place = position + marks.trailingZeroBitCount >> 3
        marks &= marks &- 1
        let isFollowing = place > 0 && WordScanner.isASCIIWord(text[place - 1])
        if isFollowing { continue }
        if text[place] < 0x3A {
          visitNumber(at: place, in: text, isAsked)
        } else {
          visitLetter(at: place, in: text, ending: ending)
        }
      }
      position += 8
    }
    visitEnd(of: text, from: ending)
  }

  @inline(__always)
  private mutating func visitNumber(at start: Int, in text: Span<UInt8>, _ isAsked: (UInt64) -> Bool) {
    var end = start + 1
    while end < text.count, WordScanner.isASCIIWord(text[end]) { end += 1 }
    finalNumber = WordScanner.hash(text, start..<end)
    finalNumberBytes = end - start
    finalNumberIsInRequest = isAsked(finalNumber)
    bytesAfterFinalNumber = text.count - end
    hashes[numbers % Self.kept] = finalNumber
    numbers += 1
    if finalNumberIsInRequest { numbersInRequest += 1 }
  }

  private mutating func visitLetter(at place: Int, in text: Span<UInt8>, ending: Int) {
    let index = Int(text[place] &- 0x41)
    guard index < 16, place == 0 || text[place - 1] < 0x80 else { return }
    if place + 1 < text.count {
      let next = text[place + 1]
      if next >= 0x80 || next == 0x20 || WordScanner.isASCIIWord(next) { return }
    }
    options |= 1 << UInt64(index)
    mentions[index] += 1
    if place >= ending { finalOption = index + 1 }
  }

  private mutating func visitEnd(of text: Span<UInt8>, from ending: Int) {
    var index = text.count
    while index > ending {
      index -= 1
      if lastByte == 0, text[index] > 0x20 { lastByte = text[index] }
      if text[index] == 0x3C, index + 1 < text.count, text[index + 1] == 0x2F {
        closesTag = true
        if lastByte != 0 { return }
      }
    }
  }
}
