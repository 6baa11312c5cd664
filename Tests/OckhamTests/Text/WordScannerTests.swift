import Testing

@testable import Ockham

/// The scanner against a plain one that looks at each byte by itself.
struct WordScannerTests {
  struct PlainWord: Equatable {
    var start: Int
    var end: Int
    var hash: UInt64
  }

  enum Kind { case letter, character, separator }

  private static func describe(_ lead: UInt8, _ second: UInt8) -> (kind: Kind, bytes: Int) {
    switch lead {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      (.letter, 1)
    case 0xC2: (.separator, 2)
    case 0xC3...0xDF: (.letter, 2)
    case 0xE0, 0xE1, 0xEA...0xEE: (.letter, 3)
    case 0xE2, 0xEF: (.separator, 3)
    case 0xE3: (second == 0x80 ? .separator : .character, 3)
    case 0xE4...0xE9: (.character, 3)
    case 0xF0...0xF4: (.character, 4)
    default: (.separator, 1)
    }
  }

  private static func plainWords(_ text: [UInt8], _ range: Range<Int>) -> [PlainWord] {
    var words: [PlainWord] = []
    var runStart: Int?
    func close(_ start: Int, _ end: Int) {
      words.append(PlainWord(start: start, end: end, hash: WordHash.hash(word: text[start..<end])))
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let (kind, count) = describe(text[index], index + 1 < range.upperBound ? text[index + 1] : 0)
      let next = min(range.upperBound, index + count)
      if kind == .letter {
        runStart = runStart ?? index
      } else {
        if let start = runStart { close(start, index) }
        runStart = nil
        if kind == .character { close(index, next) }
      }
      index = next
    }
    if let start = runStart { close(start, range.upperBound) }
    return words
  }

  private static func words(_ text: [UInt8], _ range: Range<Int>) -> [PlainWord] {
    var scanner = WordScanner(range)
    var words: [PlainWord] = []
    while let word = scanner.next(in: text.span) {
      words.append(PlainWord(start: word.start, end: word.end, hash: word.hash))
    }
    #expect(scanner.position == range.upperBound)
    return words
  }

  @Test(arguments: 0...40) func runsOfEveryLengthAgree(length: Int) {
    for filler in ["a", "Z", "7", "é", "ж", "漢", "か", "ก", "한", "🙂", " ", "…", "。"] {
      for before in 0...9 {
        let text = Array(
          (String(repeating: " ", count: before) + String(repeating: filler, count: length) + ", b").utf8)
        #expect(Self.words(text, 0..<text.count) == Self.plainWords(text, 0..<text.count))
      }
    }
  }

  @Test func everyPartOfAMixedTextAgrees() {
    let text = Array("a1é漢。か b…🙂ǅ한국 internationalization C2\u{A0}x, don't 12345678 123456789".utf8)
    for start in 0...text.count {
      for end in start...text.count {
        #expect(Self.words(text, start..<end) == Self.plainWords(text, start..<end), "\(start)..<\(end)")
      }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4]) func arbitraryBytesAgree(seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let alphabet: [UInt8] =
      Array("azAZ09 .@[`{/:".utf8) + [0, 0x7F, 0x80, 0xBF, 0xC2, 0xC3, 0xE2, 0xE3, 0xE4, 0xEE, 0xEF, 0xF4, 0xFF]
    for round in 0..<400 {
      let text = (0..<(round % 41)).map { _ in
        seed % 2 == 0 ? UInt8(truncatingIfNeeded: draws.next()) : alphabet.randomElement(using: &draws)!
      }
      #expect(Self.words(text, 0..<text.count) == Self.plainWords(text, 0..<text.count), "\(text)")
    }
  }

  @Test func nonWordMarksEveryByteInEveryPosition() {
    for position in 0..<8 {
      for neighbour: UInt64 in [0, 0x6161_6161_6161_6161, .max, 0x7F7F_7F7F_7F7F_7F7F, 0x3A2F_405B_607B_8000] {
        for byte in UInt8.min...UInt8.max {
          let hole = neighbour & ~(0xFF << UInt64(8 * position))
          let marks = WordScanner.nonWord(hole | UInt64(byte) << UInt64(8 * position))
          let isWord = Self.describe(byte, 0) == (.letter, 1)
          #expect((marks >> UInt64(8 * position + 7) & 1 == 0) == isWord)
          #expect(marks & 0x7F7F_7F7F_7F7F_7F7F == 0)
        }
      }
    }
  }

  @Test func leadsOfOneByteAgreeWithTheirTable() {
    for lead in UInt8(0x80)...0xFF {
      for second in UInt8.min...UInt8.max {
        let (kind, count) = Self.describe(lead, second)
        let found = WordScanner.classify(lead: lead, second: second)
        let same =
          switch (kind, found) {
          case (.letter, .letter), (.character, .character), (.separator, .separator): true
          default: false
          }
        #expect(same)
        #expect(WordScanner.sequenceLength(lead: lead) == count)
      }
    }
  }
}
