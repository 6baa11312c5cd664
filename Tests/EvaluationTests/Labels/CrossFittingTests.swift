import Statistics
import Testing

@testable import Evaluation

@Suite struct CrossFittingTests {
  /// Differences that go against what is predicted, in conversations of two.
  private func sample(_ count: Int) -> LabelSample {
    var generator = SplitMix64(seed: 2)
    let pairs = (0..<count).map { index in
      let prediction = Double(generator.nextUnit()) - 0.5
      let isDrawn = generator.nextUnit() < 0.5
      let difference: Double = Double(generator.nextUnit()) < 0.5 - prediction ? 0.5 : -0.5
      return LabelledPair(
        conversation: index / 2, inclusion: 0.5, isDrawn: isDrawn, difference: isDrawn ? difference : nil,
        prediction: prediction)
    }
    return LabelSample(pairs: pairs, requests: [Double](repeating: 4, count: count / 2))
  }

  @Test func findsTheLine() {
    let before = sample(4_000)
    for (pair, fitted) in zip(before.pairs, before.crossFitted().pairs) {
      #expect(abs(fitted.prediction + pair.prediction) < 0.1)
    }
    #expect(before.crossFitted().requests == before.requests)
  }

  @Test func noLabelHasAPartInItsOwnPrediction() throws {
    var changed = sample(100)
    let place = try #require(changed.pairs.firstIndex { $0.difference != nil })
    let before = changed.crossFitted().pairs
    var pairs = changed.pairs
    pairs[place].difference = -1
    changed = LabelSample(pairs: pairs, requests: changed.requests)
    let after = changed.crossFitted().pairs
    let partner = place ^ 1
    #expect(
      after[place].prediction == before[place].prediction && after[partner].prediction == before[partner].prediction)
    #expect(zip(before, after).contains { $0.prediction != $1.prediction })
  }

  @Test func withoutLabelsNothingIsPredicted() {
    let pairs = (0..<10).map { LabelledPair(conversation: $0, inclusion: 0.5, prediction: 0.25) }
    let fitted = LabelSample(pairs: pairs, requests: [Double](repeating: 1, count: 10)).crossFitted()
    #expect(fitted.pairs.allSatisfy { $0.prediction == 0 })
  }

  /// Predictions that are wrong widen the interval; fitted ones do not.
  @Test func narrowsWhatWrongPredictionsWiden() throws {
    let wrong = sample(2_000)
    let (wide, narrow) = (
      try #require(LabelEstimate(wrong).interval), try #require(LabelEstimate(wrong.crossFitted()).interval)
    )
    #expect(narrow.high - narrow.low < 0.9 * (wide.high - wide.low))
  }
}
