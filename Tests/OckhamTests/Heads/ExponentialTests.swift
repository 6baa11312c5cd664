import Foundation
import Testing

@testable import Ockham

/// e^x in plain arithmetic against the system's.
struct ExponentialTests {
  private static let points: [Double] = {
    var draws = SplitMix64(seed: 6)
    var points = (0..<4000).map { _ in Double(Int64(bitPattern: draws.next()) >> 20) / 0x1p43 * 700 }
    // Around 0, around whole and half multiples of ln 2, and at the ends.
    for multiple in -1009...1009 {
      for part in [0, 0.5] {
        let x = (Double(multiple) + part) * 0.6931471805599453
        points += [x.nextDown, x, x.nextUp].filter { abs($0) <= 700 }
      }
    }
    return points + [0, -0.0, 1e-300, -1e-300, 1e-17, -1e-17, 700, -700]
  }()

  @Test func theErrorIsSmall() {
    for x in Self.points {
      let (found, expected) = (exponential(x), exp(x))
      // Both may be off: the system's by one unit in the last place.
      #expect(abs(found - expected) <= 7e-16 * expected, "\(x)")
    }
    #expect(exponential(0) == 1 && exponential(-0.0) == 1)
  }

  /// Two at once are the same bits as one by one, beside any neighbour.
  @Test func pairsAgreeBitForBit() {
    let edges = [Double.nan, .infinity, -.infinity, 701, -701, 1e300, .greatestFiniteMagnitude, 0]
    for (index, x) in (Self.points + edges).enumerated() {
      let other = index % 3 == 0 ? edges[index % edges.count] : Self.points[index % Self.points.count]
      for (one, two) in [(x, other), (other, x)] {
        let pair = exponential(SIMD2(one, two))
        #expect(pair[0].bitPattern == exponential(one).bitPattern && pair[1].bitPattern == exponential(two).bitPattern)
      }
    }
  }

  /// Beyond ±700 nothing is added, and a number that is none stays so.
  @Test func theEndsHold() {
    for x in [(700.0).nextUp, 1e4, 1e300, .greatestFiniteMagnitude, .infinity] {
      #expect(exponential(x) == exponential(700) && exponential(-x) == exponential(-700))
    }
    #expect(exponential(700).isFinite && exponential(-700) > 0 && exponential(.nan).isNaN)
  }

  /// The logistic function is a probability, rises, and has its two sides add up to 1.
  @Test func theLogisticIsAProbability() {
    var last: Float = 0
    for x in Self.points.sorted() {
      let value = logistic(x)
      #expect((0...1).contains(value) && value >= last.nextDown)
      #expect(abs(value + logistic(-x) - 1) <= 1.2e-7)
      last = value
    }
    #expect(logistic(0) == 0.5 && logistic(.infinity) == 1 && logistic(-.infinity) < 1e-30 && logistic(.nan).isNaN)
  }

  /// A softmax of ten: the same as term by term in the order of the terms, whatever is added to all logits.
  @Test func theSoftmaxIsThatOfItsTerms() {
    var draws = SplitMix64(seed: 12)
    for scale in [0.1, 3, 80, 1e4] as [Float] {
      let logits = (0..<10).map { _ in Float.random(in: -scale...scale, using: &draws) }
      var found = logits
      TaskHead.softmax(&found)
      let largest = logits.max() ?? 0
      let terms = logits.map { exp(Double($0 - largest)) }
      let total = terms.reduce(0, +)
      for (index, term) in terms.enumerated() { #expect(abs(Double(found[index]) - term / total) < 1e-6) }
      #expect(abs(found.reduce(0, +) - 1) < 1e-5)
      #expect(found.firstIndex(of: found.max() ?? 0) == logits.firstIndex(of: largest))
    }
    var equal = [Float](repeating: -.greatestFiniteMagnitude, count: 10)
    TaskHead.softmax(&equal)
    #expect(equal.allSatisfy { abs($0 - 0.1) < 1e-7 })
  }
}
