/// Counts the bits of eight masks at a time. A plain x86-64 has no instruction for that: here the eight share the work, and
/// sums stay in their bytes until these could overflow.
struct MaskCounts {
  private var bytes = SIMD8<UInt64>()
  private var flushed = SIMD8<UInt64>()
  private var rounds = 0

  /// Adds the bits of each mask to its count.
  @inline(__always) mutating func add(_ masks: SIMD8<UInt64>) {
    let pairs = masks &- (masks &>> 1 & SIMD8(repeating: 0x5555_5555_5555_5555))
    let threes = SIMD8<UInt64>(repeating: 0x3333_3333_3333_3333)
    let fours = (pairs & threes) &+ (pairs &>> 2 & threes)
    bytes &+= (fours &+ fours &>> 4) & SIMD8(repeating: 0x0F0F_0F0F_0F0F_0F0F)
    rounds &+= 1
    // A round adds at most 8 to a byte.
    if rounds == 31 { flush() }
  }

  private mutating func flush() {
    let halves = SIMD8<UInt64>(repeating: 0x00FF_00FF_00FF_00FF)
    let sums = (bytes & halves) &+ (bytes &>> 8 & halves)
    for lane in 0..<8 { flushed[lane] &+= (sums[lane] &* 0x0001_0001_0001_0001) &>> 48 }
    (bytes, rounds) = (SIMD8(), 0)
  }

  /// The counts so far.
  mutating func counts() -> SIMD8<UInt64> {
    flush()
    return flushed
  }
}
