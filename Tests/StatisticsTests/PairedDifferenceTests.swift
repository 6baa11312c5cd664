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

  /// Groups of which all pairs are the same are as sure as they would be if each were one pair.
  @Test func pairsOfAGroupCountAsOne() {
    let found = PairedDifference(
      [1, 1, 1, 0, -2, -2], weights: [1, 2, 3, 1, 1, 1], groups: [[0, 1, 2], [3], [4, 5]])
    let expected = PairedDifference([1, 0, -2], weights: [6, 1, 2])
    #expect(abs(found.mean - expected.mean) < 1e-12 && abs(found.standardError - expected.standardError) < 1e-12)
    let alone = PairedDifference([1, 3, 2], weights: [1, 2, 3], groups: [[0], [1], [2]])
    #expect(alone == PairedDifference([1, 3, 2], weights: [1, 2, 3]))
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
