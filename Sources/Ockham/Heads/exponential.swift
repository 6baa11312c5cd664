/// e^x in plain IEEE arithmetic, so that every platform and language gets the same bits.
///
/// x = n·ln 2 + r with |r| ≤ ½ ln 2, n being x / ln 2 ± ½ cut towards zero (Cody–Waite reduction in two steps), then the Taylor polynomial of degree 13 by
/// Horner's rule, without fused operations. Relative error below 4·10⁻¹⁶ for |x| ≤ 700; beyond that x is clamped.
/// A NaN stays a NaN.
func exponential(_ x: Double) -> Double {
  guard !x.isNaN else { return x }
  let clamped = min(max(x, -700), 700)
  let n = Double(Int(clamped * 1.4426950408889634 + (clamped < 0 ? -0.5 : 0.5)))
  let r = (clamped - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33
  var sum = 1.0 / 6_227_020_800
  sum = sum * r + 1.0 / 479_001_600
  sum = sum * r + 1.0 / 39_916_800
  sum = sum * r + 1.0 / 3_628_800
  sum = sum * r + 1.0 / 362_880
  sum = sum * r + 1.0 / 40_320
  sum = sum * r + 1.0 / 5_040
  sum = sum * r + 1.0 / 720
  sum = sum * r + 1.0 / 120
  sum = sum * r + 1.0 / 24
  sum = sum * r + 1.0 / 6
  sum = sum * r + 0.5
  sum = sum * r + 1
  sum = sum * r + 1
  // 2ⁿ by its bits: n is within ±1,010.
  return sum * Double(bitPattern: UInt64(bitPattern: Int64(n) &+ 1_023) << 52)
}

/// ``exponential(_:)`` of two numbers at once, which must agree.
@inline(__always) func exponential(_ x: SIMD2<Double>) -> SIMD2<Double> {
  guard !x[0].isNaN, !x[1].isNaN else { return SIMD2(exponential(x[0]), exponential(x[1])) }
  let clamped = SIMD2(min(max(x[0], -700), 700), min(max(x[1], -700), 700))
  let halves = SIMD2(clamped[0] < 0 ? -0.5 : 0.5, clamped[1] < 0 ? -0.5 : 0.5)
  let scaled = clamped * 1.4426950408889634 + halves
  let n = SIMD2(Int64(scaled[0]), Int64(scaled[1]))
  let whole = SIMD2(Double(n[0]), Double(n[1]))
  let r = (clamped - whole * 0x1.62e42fee00000p-1) - whole * 0x1.a39ef35793c76p-33
  var sum = SIMD2(repeating: 1.0 / 6_227_020_800)
  sum = sum * r + 1.0 / 479_001_600
  sum = sum * r + 1.0 / 39_916_800
  sum = sum * r + 1.0 / 3_628_800
  sum = sum * r + 1.0 / 362_880
  sum = sum * r + 1.0 / 40_320
  sum = sum * r + 1.0 / 5_040
  sum = sum * r + 1.0 / 720
  sum = sum * r + 1.0 / 120
  sum = sum * r + 1.0 / 24
  sum = sum * r + 1.0 / 6
  sum = sum * r + 0.5
  sum = sum * r + 1
  sum = sum * r + 1
  let powers = (n &+ 1_023) &<< 52
  return sum
    * SIMD2(Double(bitPattern: UInt64(bitPattern: powers[0])), Double(bitPattern: UInt64(bitPattern: powers[1])))
}

/// The logistic function 1 / (1 + e^−x), rounded once to single precision.
func logistic(_ x: Double) -> Float { Float(1 / (1 + exponential(-x))) }
