/// A logarithm that every language computes to the same bits: log₂(1 + count), linear between powers of two.
///
/// For 1 + count = 2^e · m with 1 ≤ m < 2 the value is e + (m − 1), read off the bits of the 32-bit float 1 + count and
/// rounded to single precision. It is monotone, 0 at 0, the exponent itself at 1 + count = 2^e, and within 0.09 of the
/// true logarithm everywhere.
///
/// This is the definition; features go through the form for eight counts, which must agree.
///
/// - Parameter count: at least 0.
@inline(__always) func logScale(_ count: Int) -> Float {
  let bits = (Float(count) + 1).bitPattern
  return Float(bits &- 0x3F80_0000) * 0x1p-23
}

/// ``logScale(_:)`` of eight counts at once, each given as 1 + count.
@inline(__always) func logScale(successors: SIMD8<Float>) -> SIMD8<Float> {
  let bits = unsafe unsafeBitCast(successors, to: SIMD8<Int32>.self) &- SIMD8(repeating: 0x3F80_0000)
  return SIMD8<Float>(bits) * 0x1p-23
}

/// `part / whole`, and 0 for an empty whole.
@inline(__always) func ratio(_ part: Int, _ whole: Int) -> Float {
  whole == 0 ? 0 : Float(part) / Float(whole)
}
