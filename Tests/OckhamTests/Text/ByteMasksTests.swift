import Testing

@testable import Ockham

/// Classes of many bytes at once against one byte at a time.
struct ByteMasksTests {
  private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Every byte in every place, with the neighbours that carry the most into it.
  @Test func everyByteIsInItsClasses() {
    for byte in UInt8.min ... .max {
      for place in 0..<8 as Range<UInt64> {
        for other in [0, 0x2F, 0x39, 0x5A, 0x7A, 0x7F, 0x80, 0xFF] as [UInt64] {
          let rest = other &* 0x0101_0101_0101_0101 & ~(0xFF << (8 * place))
          let classes = ByteClasses(rest | UInt64(byte) << (8 * place))
          func has(_ mask: UInt64) -> Bool { mask >> (8 * place) & 0xFF == 0x80 }
          func isClear(_ mask: UInt64) -> Bool { mask & 0x7F7F_7F7F_7F7F_7F7F == 0 }
          #expect(has(classes.digit) == Self.isDigit(byte) && has(classes.upper) == (0x41...0x5A).contains(byte))
          #expect(
            has(classes.word) == (Self.isLetter(byte) || Self.isDigit(byte)) && has(classes.space) == (byte == 0x20))
          #expect([classes.word, classes.digit, classes.upper, classes.space].allSatisfy(isClear))
        }
      }
    }
  }

  @Test func gatheringKeepsTheOrder() {
    for bits in 0..<256 as Range<UInt64> {
      var tops: UInt64 = 0
      for place in 0..<8 as Range<UInt64> where bits >> place & 1 == 1 { tops |= 0x80 << (8 * place) }
      #expect(ByteClasses.gather(tops) == bits)
    }
  }

  /// Sixty-four bytes of all kinds, and where the first stands that is not ASCII.
  @Test func blocksHaveABitForEachByte() {
    var draws = SplitMix64(seed: 2)
    for round in 0..<500 {
      var bytes = (0..<64).map { _ in UInt8(truncatingIfNeeded: draws.next()) & 0x7F }
      let ascii = round < 65 ? round : Int(draws.next() % 65)
      for place in ascii..<64 where place == ascii || draws.next() % 2 == 0 { bytes[place] |= 0x80 }
      let masks = unsafe bytes.withUnsafeBytes { unsafe ByteMasks($0.baseAddress!) }
      #expect(masks.asciiCount == ascii)
      for (place, byte) in bytes.enumerated() {
        func has(_ mask: UInt64) -> Bool { mask >> UInt64(place) & 1 == 1 }
        #expect(
          has(masks.word) == (Self.isLetter(byte) || Self.isDigit(byte)) && has(masks.digit) == Self.isDigit(byte))
        #expect(has(masks.upper) == (0x41...0x5A).contains(byte) && has(masks.space) == (byte == 0x20))
      }
    }
  }

  /// So many rounds that sums leave their bytes several times, asked for at any moment and again.
  @Test func countsAreThoseOfTheBits() {
    var draws = SplitMix64(seed: 7)
    var (counts, plain) = (MaskCounts(), [UInt64](repeating: 0, count: 8))
    for round in 0..<400 {
      var masks = SIMD8<UInt64>()
      for lane in 0..<8 {
        // Full masks fill a byte fastest.
        masks[lane] = lane < 4 ? .max : draws.next() & draws.next() >> UInt64(lane)
        plain[lane] += UInt64(masks[lane].nonzeroBitCount)
      }
      counts.add(masks)
      guard round % 37 == 0 || round > 390 else { continue }
      for _ in 0..<2 {
        let found = counts.counts()
        for lane in 0..<8 { #expect(found[lane] == plain[lane], "\(round)") }
      }
    }
  }
}
