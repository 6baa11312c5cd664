import Foundation
import Testing

@testable import Ockham

struct CalibrationTests {
  @Test func exponentialIsPrecise() {
    var draws = SplitMix64(seed: 3)
    var worst = 0.0
    for _ in 0..<100_000 {
      let x = Double.random(in: -700...700, using: &draws)
      worst = max(worst, abs(exponential(x) / exp(x) - 1))
    }
    #expect(worst < 4e-16)
  }

  @Test func exponentialHandlesTheEdges() {
    #expect(exponential(0) == 1)
    #expect(exponential(-0.0) == 1)
    #expect(exponential(.nan).isNaN)
    #expect(exponential(.infinity) == exponential(700))
    #expect(exponential(-.infinity) == exponential(-700))
    #expect(exponential(-700) > 0)
    #expect(logistic(0) == 0.5)
    #expect(logistic(.infinity) == 1)
    #expect(logistic(-.infinity) == 0)
  }

  @Test func plattAgreesWithItsFormula() {
    var draws = SplitMix64(seed: 4)
    for _ in 0..<2_000 {
      let slope = Float.random(in: -3...3, using: &draws)
      let intercept = Float.random(in: -3...3, using: &draws)
      let logit = Float.random(in: -20...20, using: &draws)
      let expected = 1 / (1 + exp(-(Double(slope) * Double(logit) + Double(intercept))))
      let found = Calibration.platt(slope: slope, intercept: intercept).probability(logit)
      #expect(abs(Double(found) - expected) <= 1e-7)
    }
  }

  @Test(arguments: 1...12) func isotonicAgreesWithAPlainSearch(knots: Int) {
    var draws = SplitMix64(seed: UInt64(knots))
    let x = (0..<knots).map { Float($0) + Float.random(in: 0...0.9, using: &draws) }
    let y = (0..<knots).map { _ in Float.random(in: 0...1, using: &draws) }.sorted()
    let calibration = Calibration.isotonic(x: x, y: y)
    let between = (0..<200).map { _ in Float.random(in: -2...Float(knots + 2), using: &draws) }
    for logit in x + between + [-.infinity, .infinity] {
      #expect(calibration.probability(logit).bitPattern == Self.plainIsotonic(logit, x, y).bitPattern)
    }
  }

  private static func plainIsotonic(_ logit: Float, _ x: [Float], _ y: [Float]) -> Float {
    if logit < x[0] { return y[0] }
    for knot in 0..<(x.count - 1) where logit < x[knot + 1] {
      return y[knot] + (logit - x[knot]) / (x[knot + 1] - x[knot]) * (y[knot + 1] - y[knot])
    }
    return y[y.count - 1]
  }

  @Test func isotonicNeverFalls() {
    let calibration = Calibration.isotonic(x: [-1, 0, 0.5, 3], y: [0, 0.2, 0.2, 1])
    let values = stride(from: Float(-2), through: 4, by: 0.01).map(calibration.probability)
    #expect(values == values.sorted())
    #expect(values.first == 0 && values.last == 1)
  }

  @Test func softmaxSumsToOne() {
    for first: [Float] in [
      [0, 0, 0], [1, 2, 3], [-1_000, 0, 1_000], [88, 89], [5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ] {
      let logits = first + [Float](repeating: -1_000, count: TaskKind.allCases.count - first.count)
      var probabilities = logits
      TaskHead.softmax(&probabilities)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6)
      let total = logits.reduce(0.0) { $0 + exp(Double($1 - logits.max()!)) }
      for (logit, probability) in zip(logits, probabilities) {
        #expect(abs(Double(probability) - exp(Double(logit - logits.max()!)) / total) < 1e-7)
      }
    }
  }
}
