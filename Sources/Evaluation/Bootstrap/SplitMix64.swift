/// The splitmix64 generator (Steele, Lea & Flood 2014): 64 bits of state, the same sequence on every platform.
struct SplitMix64: Sendable {
  private var state: UInt64

  /// Creates the generator for a seed; every seed is a good one.
  init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A whole number in `0 ..< bound`, all equally likely: the upper half of a 128-bit product, drawn again in the rare
  /// case that would favour small numbers (Lemire 2019).
  mutating func next(below bound: Int) -> Int {
    let bound = UInt64(bound)
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= bound || product.low >= (0 &- bound) % bound { return Int(product.high) }
    }
  }

  /// The numbers `0 ..< count` in random order (Fisher–Yates).
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for end in stride(from: count, to: 1, by: -1) { order.swapAt(end - 1, next(below: end)) }
    return order
  }
}
