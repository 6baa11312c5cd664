/// The splitmix64 generator (Steele, Lea & Flood, 2014): one 64-bit word of state, every seed a good one, the same
/// sequence on every platform.
///
/// Everything random is drawn from it, each use from a seed of its own, so that a run can be taken up again at any point
/// without replaying what came before.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  /// Creates the generator for a seed.
  package init(seed: UInt64) { state = seed }

  /// Creates the generator for one purpose of a seed, such as the shuffle of one epoch: different words give unrelated
  /// sequences.
  package init(seed: UInt64, _ words: UInt64...) {
    state = seed
    for word in words { state = next() ^ (word &* 0xd6e8_feb8_6659_fd93) }
  }

  /// The next 64 random bits.
  @inlinable
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  /// Spreads a number over all 64 bits, one to one: the finaliser of the generator.
  @inlinable
  package static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in `0 ..< 1`, a multiple of 2⁻²⁴, exact in single precision.
  @inlinable
  package mutating func nextUnit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number in `0 ..< bound`, all equally likely: the upper half of a 128-bit product, drawn again in the rare case
  /// that would favour small numbers (Lemire 2019).
  @inlinable
  package mutating func next(below bound: Int) -> Int {
    let bound = UInt64(bound)
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= bound || product.low >= (0 &- bound) % bound { return Int(product.high) }
    }
  }

  /// The numbers `0 ..< count` in random order (Fisher–Yates).
  package mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for end in stride(from: count, to: 1, by: -1) { order.swapAt(end - 1, next(below: end)) }
    return order
  }
}
