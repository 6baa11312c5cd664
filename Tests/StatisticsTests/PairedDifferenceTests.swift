import Foundation
import Testing

@testable import Statistics

@Suite struct PairedDifferenceTests {
  @Test func agreesWithTheDefinition() {
    let (differences, weights) = ([0.5, -0.25, 1, 0], [1.0, 2, 0.5, 3])
    let found = PairedDifference(differences, weights: weights)
    let mean = (0.5 - 0.5 + 0.5) / 6.5
    #expect(abs(found.mean - mean) < 1e-15)
    let squares = zip(differences, weights).map { pow($1 * ($0 - mean), 2) }.reduce(0, +)
    #expect(abs(found.standardError - squares.squareRoot() / 6.5) < 1e-15)
  }

  /// The standard error is the spread of the mean over draws: 2,000 samples of 100 pairs.
  @Test func theStandardErrorIsThatOfTheMean() {
    var generator = SplitMix64(seed: 4)
    let samples = (0..<2_000).map { _ in
      let differences = (0..<100).map { _ in Double(generator.nextUnit()) - 0.5 }
      return PairedDifference(differences, weights: (0..<100).map { Double(1 + $0 % 3) })
    }
    let spread = (samples.reduce(0) { $0 + $1.mean * $1.mean } / 2_000).squareRoot()
    let stated = samples.reduce(0) { $0 + $1.standardError } / 2_000
    #expect(abs(spread / stated - 1) < 0.06)
  }
}
