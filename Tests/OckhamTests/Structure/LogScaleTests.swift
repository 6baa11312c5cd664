import Foundation
import Testing

@testable import Ockham

struct LogScaleTests {
  @Test func isTheExponentAtPowersOfTwo() {
    for exponent in 0...40 { #expect(logScale((1 << exponent) - 1) == Float(exponent) || exponent > 24) }
    #expect(logScale(0) == 0)
    #expect(logScale(2) == 1.5)
    #expect(logScale(5) == 2.5)
  }

  @Test func staysNearTheLogarithmAndRises() {
    var previous: Float = -1
    for count in Array(0...5_000) + stride(from: 6_000, to: 50_000_000, by: 77_777) {
      let value = logScale(count)
      #expect(value >= previous)
      #expect(abs(Double(value) - log2(Double(count) + 1)) < 0.09)
      previous = value
    }
    #expect(logScale(.max) == 63)
  }

  @Test func eightAtOnceAgree() {
    var draws = SplitMix64(seed: 8)
    for shift in 0..<63 {
      let counts = (0..<8).map { _ in Int(draws.next() >> UInt64(shift + 1)) }
      var successors = SIMD8<Float>()
      for lane in 0..<8 { successors[lane] = Float(counts[lane]) + 1 }
      let scaled = logScale(successors: successors)
      for lane in 0..<8 { #expect(scaled[lane].bitPattern == logScale(counts[lane]).bitPattern) }
    }
  }

  @Test func ratioOfNothingIsZero() {
    #expect(ratio(3, 0) == 0)
    #expect(ratio(1, 3) == Float(1) / 3)
    #expect(ratio(0, 5) == 0)
  }
}
