import Foundation
import Statistics
import Testing

@Suite struct SplitMix64Tests {
  /// The inverse of x ↦ x ^ (x >> shift).
  private func unshifted(_ word: UInt64, _ shift: UInt64) -> UInt64 {
    var result = word
    for _ in 0..<(64 / shift + 1) { result = word ^ (result >> shift) }
    return result
  }

  /// The inverse of an odd factor modulo 2⁶⁴, by Newton's method.
  private func inverse(_ factor: UInt64) -> UInt64 {
    (0..<6).reduce(factor) { found, _ in found &* (2 &- factor &* found) }
  }

  @Test func mixingLosesNothing() {
    var generator = SplitMix64(seed: 1)
    for word in [0, 1, UInt64.max, 1 << 63] + (0..<200).map({ _ in generator.next() }) {
      var back = unshifted(SplitMix64.mixed(word), 31) &* inverse(0x94d0_49bb_1331_11eb)
      back = unshifted(back, 27) &* inverse(0xbf58_476d_1ce4_e5b9)
      #expect(unshifted(back, 30) == word)
    }
  }

  /// Below a power of two the number is the top bits of a word; none is drawn again.
  @Test(arguments: 0...62) func powersOfTwoTakeTheTopBits(bits: Int) {
    var (drawn, words) = (SplitMix64(seed: 7), SplitMix64(seed: 7))
    for _ in 0..<20 {
      let top = bits == 0 ? 0 : Int(words.next() >> UInt64(64 - bits))
      if bits == 0 { _ = words.next() }
      #expect(drawn.next(below: 1 << bits) == top)
    }
  }

  /// 2⁶⁴ words are 8 of 3 parts: without a second draw the remainders of 3 would be as 3 : 3 : 2.
  @Test func wordsThatFavourSomeNumbersAreDrawnAgain() {
    let bound = 3 << 61
    var generator = SplitMix64(seed: 11)
    var counts = [0, 0, 0]
    for _ in 0..<6_000 {
      let draw = generator.next(below: bound)
      #expect((0..<bound).contains(draw))
      counts[draw % 3] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 2_000) < 180 }, "\(counts)")
  }

  @Test(arguments: [2, 3, 4]) func everyOrderIsAsProbable(count: Int) {
    var generator = SplitMix64(seed: 3)
    var seen: [[Int]: Int] = [:]
    let orders = (1...count).reduce(1, *)
    for _ in 0..<1_000 * orders { seen[generator.permutation(of: count), default: 0] += 1 }
    #expect(seen.count == orders)
    // Five standard deviations of a count.
    #expect(seen.values.allSatisfy { abs($0 - 1_000) < 160 }, "\(seen)")
  }

  @Test func unitsAreEvenMultiplesBelowOne() {
    var generator = SplitMix64(seed: 5)
    var counts = [Int](repeating: 0, count: 8)
    for _ in 0..<8_000 {
      let unit = generator.nextUnit()
      #expect(unit >= 0 && unit < 1 && (unit * 0x1p24).rounded() == unit * 0x1p24)
      counts[Int(unit * 8)] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 1_000) < 150 }, "\(counts)")
  }

  /// Purposes of one seed, and seeds of one purpose, share no words; not even those whose words are 0 or are swapped.
  @Test func purposesHaveSequencesOfTheirOwn() {
    var generators = [
      SplitMix64(seed: 1), SplitMix64(seed: 1, 0), SplitMix64(seed: 1, 1), SplitMix64(seed: 0, 1),
      SplitMix64(seed: 1, 0, 1), SplitMix64(seed: 1, 1, 0), SplitMix64(seed: 1, 0, 0), SplitMix64(seed: 2, 0),
    ]
    var words: Set<UInt64> = []
    for index in generators.indices { for _ in 0..<200 { words.insert(generators[index].next()) } }
    #expect(words.count == 200 * generators.count)
  }
}
