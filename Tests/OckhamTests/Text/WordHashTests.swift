import Testing

@testable import Ockham

struct WordHashTests {
  /// 128-bit multiplication by halves of 32 bits.
  private static func plainMix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (aHigh, aLow, bHigh, bLow) = (a >> 32, a & 0xFFFF_FFFF, b >> 32, b & 0xFFFF_FFFF)
    let middle = aHigh * bLow + (aLow * bLow) >> 32
    let cross = aLow * bHigh + middle & 0xFFFF_FFFF
    let high = aHigh * bHigh + middle >> 32 + cross >> 32
    return high ^ (a &* b)
  }

  @Test func mixIsTheFoldedProduct() {
    var draws = SplitMix64(seed: 5)
    for _ in 0..<1_000 {
      let (a, b) = (draws.next(), draws.next())
      #expect(WordHash.mix(a, b) == Self.plainMix(a, b))
    }
    #expect(WordHash.mix(.max, .max) == Self.plainMix(.max, .max))
    #expect(WordHash.mix(0, .max) == 0)
  }

  @Test(arguments: 0...40) func definitionAgreesWithChunks(length: Int) {
    var draws = SplitMix64(seed: UInt64(length))
    let word = (0..<length).map { _ in UInt8.random(in: 1...255, using: &draws) }
    var hash = WordHash.wordSeed
    for start in stride(from: 0, to: length, by: 8) {
      var chunk: UInt64 = 0
      for index in start..<min(length, start + 8) {
        let folded = word[index] < 0x80 ? word[index] | 0x20 : word[index]
        chunk |= UInt64(folded) << UInt64(8 * (index - start))
      }
      hash = Self.plainMix(hash ^ chunk, WordHash.chunkMultiplier)
    }
    #expect(WordHash.hash(word: word) == hash)
    for padding in 0...9 {
      let text = [UInt8](repeating: 0xFF, count: padding) + word + [UInt8](repeating: 0xFF, count: padding)
      let found = WordScanner.hash(text.span, padding..<(padding + length))
      #expect(found == hash)
    }
  }

  @Test func lettersAreFoldedAndOrderMatters() {
    func hash(_ word: String) -> UInt64 { WordHash.hash(word: word.utf8) }
    #expect(hash("HeLLo") == hash("hello"))
    #expect(hash("É") != hash("é"))
    #expect(hash("12345678") != hash("1234567"))
    #expect(WordHash.pair(hash("a"), hash("b")) != WordHash.pair(hash("b"), hash("a")))
    #expect(hash("") == WordHash.wordSeed)
  }

  @Test func everyBitOfAContentCounts() {
    let content = Array("Some content, longer than a chunk".utf8)
    let hash = Self.contentHash(content)
    for bit in 0..<(content.count * 8) {
      var other = content
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(Self.contentHash(other) != hash)
    }
    #expect(Self.contentHash(content + [0]) != hash)
    #expect(Self.contentHash(Array(content.dropLast())) != hash)
  }

  private static func contentHash(_ content: [UInt8]) -> UInt64 {
    let bytes = content
    return WordHash.absorb(content: bytes.span, into: 1)
  }
}
