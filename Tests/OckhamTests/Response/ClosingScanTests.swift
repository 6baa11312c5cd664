import Testing

@testable import Ockham

/// The scan of an answer's end by eight bytes at a time against one that looks at each byte by itself.
struct ClosingScanTests {
  /// What a scan finds.
  private struct Findings: Equatable {
    var numbers = 0
    var numbersInRequest = 0
    var finalNumberBytes = 0
    var finalNumberIsInRequest = false
    var finalNumberCount = 0
    var bytesAfterFinalNumber = 0
    var options: Set<Int> = []
    var finalOption = 0
    var finalOptionCount = 0
    var lastByte: UInt8 = 0
    var closesTag = false
  }

  /// Every third hash is one of the request.
  private static func isAsked(_ hash: UInt64) -> Bool { hash % 3 == 0 }

  private static func scan(_ text: [UInt8]) -> Findings {
    var scan = ClosingScan()
    scan.run(text.span, isAsked: isAsked)
    return Findings(
      numbers: scan.numbers, numbersInRequest: scan.numbersInRequest, finalNumberBytes: scan.finalNumberBytes,
      finalNumberIsInRequest: scan.finalNumberIsInRequest, finalNumberCount: scan.finalNumberCount,
      bytesAfterFinalNumber: scan.bytesAfterFinalNumber,
      options: Set((0..<64).filter { scan.options >> UInt64($0) & 1 == 1 }), finalOption: scan.finalOption,
      finalOptionCount: scan.finalOptionCount, lastByte: scan.lastByte, closesTag: scan.closesTag)
  }

  private static func scanPlainly(_ text: [UInt8]) -> Findings {
    func isWord(_ place: Int) -> Bool { text.indices.contains(place) && WordScanner.isASCIIWord(text[place]) }
    func isHigh(_ place: Int) -> Bool { text.indices.contains(place) && text[place] >= 0x80 }
    var found = Findings()
    var hashes: [UInt64] = []
    var letters: [Int] = []
    let (start, ending) = (max(0, text.count - 4_096), max(0, text.count - 160))
    for place in start..<text.count where !isWord(place - 1) {
      let byte = text[place]
      if (0x30...0x39).contains(byte) {
        let end = (place..<text.count).first { !isWord($0) } ?? text.count
        let hash = WordHash.hash(word: text[place..<end])
        hashes.append(hash)
        found.numbersInRequest += isAsked(hash) ? 1 : 0
        (found.finalNumberBytes, found.finalNumberIsInRequest) = (end - place, isAsked(hash))
        found.bytesAfterFinalNumber = text.count - end
      }
      let isAlone = !isHigh(place - 1) && !isWord(place + 1) && !isHigh(place + 1)
      if (0x41...0x50).contains(byte), isAlone, place + 1 == text.count || text[place + 1] != 0x20 {
        letters.append(Int(byte) - 0x41)
        if place >= ending { found.finalOption = letters[letters.count - 1] + 1 }
      }
    }
    found.numbers = hashes.count
    found.finalNumberCount = hashes.suffix(64).count { $0 == hashes[hashes.count - 1] }
    found.options = Set(letters)
    found.finalOptionCount = letters.count { $0 == found.finalOption - 1 }
    found.lastByte = text[ending...].last { $0 > 0x20 } ?? 0
    found.closesTag = (ending..<text.count).contains { text[$0] == 0x3C && $0 + 1 < text.count && text[$0 + 1] == 0x2F }
    return found
  }

  private static let pieces = [
    "A", "B.", "(C)", "P", "Q", "A cat", "I", "I.", "D\n", "A\u{0}", "éA", "Aé", "AB", "A1", "1A", "7", "12", "3.14",
    "x7", "é7",
    "7é", "2,000", " ", "  ", "\n", "\t", "</", "<", "/", "</answer>", "The", "answer", "USA", "\u{0}", "\u{7F}", "漢字",
    ".",
    "!", "`", "@", "[", "Z", "O", "a", "p", "G:", "**H**", "9999999999999999",
  ]

  @Test(arguments: 1...8) func agreesWithAPlainScan(seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    for round in 0..<400 {
      let limit = round % 40 == 0 ? 5_000 : Int.random(in: 0...300, using: &draws)
      let pieces = Self.pieces.shuffled(using: &draws).prefix(Int.random(in: 1...Self.pieces.count, using: &draws))
      var text: [UInt8] = []
      while text.count < limit { text += Array(pieces.randomElement(using: &draws)!.utf8) }
      #expect(Self.scan(text) == Self.scanPlainly(text), "\(String(decoding: text, as: UTF8.self).debugDescription)")
    }
  }

  /// Any bytes at all, mostly those that a scan treats in its own way.
  @Test func agreesOnBytesThatAreNoText() {
    var draws = SplitMix64(seed: 9)
    let few: [UInt8] = [0x00, 0x20, 0x2F, 0x30, 0x39, 0x3A, 0x3C, 0x40, 0x41, 0x50, 0x51, 0x5A, 0x61, 0x7A, 0x80, 0xFF]
    for round in 0..<4_000 {
      let text = (0..<Int.random(in: 0...40, using: &draws)).map { _ in
        round % 4 == 0 ? UInt8.random(in: 0...255, using: &draws) : few[Int.random(in: 0..<16, using: &draws)]
      }
      #expect(Self.scan(text) == Self.scanPlainly(text), "\(text)")
    }
  }

  @Test func hashesBeyondTheLastOnesAreForgotten() {
    let text = Array((["5"] + (0..<70).map { "\($0 + 100)" } + ["5"]).joined(separator: " ").utf8)
    #expect(Self.scan(text).finalNumberCount == 1 && Self.scan(text) == Self.scanPlainly(text))
  }
}
