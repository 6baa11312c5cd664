/// Numbers that look random and are the same on every run: a linear congruential generator, of which the upper half is taken.
struct Draws {
  var state: UInt64

  /// A number from 0 to below the limit.
  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
