/// The splitmix64 generator (Steele, Lea & Flood, 2014): one 64-bit word of state, every seed a good one.
///
/// Training draws everything random from it, each use from a seed of its own, so that a run can be taken up again at
/// any point without replaying what came before.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates the generator for a seed.
  package init(seed: UInt64) { state = seed }

  /// Creates the generator for one purpose of a seed, such as the shuffle of one epoch: different words give unrelated
  /// sequences.
  package init(seed: UInt64, _ words: UInt64...) {
    state = seed
    for word in words { state = next() ^ (word &* 0xd6e8_feb8_6659_fd93) }
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in `0 ..< 1`, a multiple of 2⁻²⁴, exact in single precision.
  mutating func nextUnit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number in `0 ..< bound` without bias (multiply and reject, Lemire 2019).
  mutating func nextIndex(below bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    let reject = (0 &- bound) % bound
    while product.low < reject { product = next().multipliedFullWidth(by: bound) }
    return Int(product.high)
  }

  /// The numbers `0 ..< count` in random order (Fisher–Yates).
  package mutating func permutation(of count: Int) -> [Int] {
    var result = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { result.swapAt(last, nextIndex(below: last + 1)) }
    return result
  }
}
