import Statistics
import Testing

@testable import Evaluation

@Suite struct LabelEstimateTests {
  /// Conversations of three requests, the first of which is a disagreement.
  private func sample(
    _ pairs: [(inclusion: Double, difference: Double?, prediction: Double)], drawn: [Bool]? = nil
  ) -> LabelSample {
    LabelSample(
      pairs: pairs.enumerated().map { index, pair in
        LabelledPair(
          conversation: index, inclusion: pair.inclusion, isDrawn: drawn?[index] ?? (pair.difference != nil),
          difference: pair.difference, prediction: pair.prediction)
      }, requests: [Double](repeating: 3, count: pairs.count))
  }

  @Test func theFormula() throws {
    let estimate = LabelEstimate(sample([(0.5, 1, 0.25), (0.25, -1, 0), (0.1, nil, 0.5), (1, 0, -0.5)]))
    let expected = (0.25 + 0.75 / 0.5) + (-1 / 0.25) + 0.5 + (-0.5 + 0.5)
    #expect(agree(estimate.value, expected / 12))
    #expect(estimate.refusal == .fewConversations(labelled: 3) && estimate.interval == nil)
    #expect(estimate.counts.disagreements == 4 && estimate.counts.rated == 3)
    #expect(agree(estimate.counts.effectiveSampleSize, 49 / 21) && agree(estimate.counts.greatestShare, 4.0 / 7))
  }

  @Test func noRequests() {
    let estimate = LabelEstimate(LabelSample(pairs: [], requests: []))
    #expect(estimate.value == nil && estimate.refusal == .noRequests)
  }

  @Test func requestsCountByWeight() {
    let pairs = [
      LabelledPair(conversation: 0, inclusion: 0.5, isDrawn: true, difference: 1, weight: 2),
      LabelledPair(conversation: 1, inclusion: 1, isDrawn: true, difference: -1, weight: 3),
    ]
    #expect(agree(LabelEstimate(LabelSample(pairs: pairs, requests: [2, 8])).value, (2 * 2 - 3) / 10.0))
    #expect(LabelSample(pairs: pairs, requests: [2, 8]).disagreement == 0.5)
  }

  /// What was drawn and has no label widens the interval by all that it could have been.
  @Test func missingLabelsAreTheWorst() throws {
    let known = sample((0..<200).map { (0.5, $0 % 3 == 0 ? 1 : 0, 0.2) })
    var pairs = known.pairs
    for index in 0..<8 { pairs[index].difference = nil }
    let whole = try #require(LabelEstimate(known).interval)
    let missing = LabelEstimate(LabelSample(pairs: pairs, requests: known.requests))
    let found = try #require(missing.interval)
    #expect(missing.counts.missing == 8 && missing.refusal == nil)
    let mass = 8 / 0.5 / 600
    #expect(found.high - found.low > (whole.high - whole.low) * 0.8 + 2 * mass)
    pairs = known.pairs
    for index in 0..<11 { pairs[index].difference = nil }
    #expect(
      LabelEstimate(LabelSample(pairs: pairs, requests: known.requests)).refusal == .missing(share: 11.0 / 200))
  }

  /// Labels without any difference do not show that there is none.
  @Test func whatWasNotSeenIsPossible() throws {
    let found = try #require(LabelEstimate(sample((0..<100).map { _ in (0.5, 0, 0) })).interval)
    #expect(found.value == 0 && agree(found.high, -found.low))
    #expect(found.high > 1.9 * 2.squareRoot() * 2 / 300 && found.high < 2.1 * 2.squareRoot() * 2 / 300)
  }

  @Test func oneLabelMayNotDecide() {
    let sample = sample((0..<100).map { ($0 == 0 ? 0.01 : 1, 0.5, 0) })
    #expect(LabelEstimate(sample).refusal == .heavyWeight(share: 100.0 / 199))
  }

  /// A judge that always sides with the candidate is found out by fifty ratings of people.
  @Test func goldCorrectsTheJudge() throws {
    let trueValue = sample((0..<400).map { (0.5, $0 % 4 == 0 ? 1 : -0.25, 0) })
    var pairs = trueValue.pairs
    for index in pairs.indices {
      let honest = pairs[index].difference
      pairs[index].difference = 1
      if index % 4 < 2 { (pairs[index].gold, pairs[index].goldInclusion) = (honest, 0.5) }
    }
    let corrected = LabelEstimate(LabelSample(pairs: pairs, requests: trueValue.requests))
    #expect(corrected.isGoldCorrected && corrected.counts.gold == 200)
    // The judge counts for nothing but a constant: what remains is the mean gold rating, 0.375, of every third request.
    #expect(agree(corrected.value, 2 * 0.375 * 400 / 1_200))
    for index in 100..<400 { pairs[index].gold = nil }
    let few = LabelEstimate(LabelSample(pairs: pairs, requests: trueValue.requests))
    #expect(few.isGoldCorrected && few.counts.gold == 50)
    for index in 0..<4 { pairs[index].gold = nil }
    let judged = LabelEstimate(LabelSample(pairs: pairs, requests: trueValue.requests))
    #expect(!judged.isGoldCorrected && agree(judged.value, 2.0 / 3))
  }

  /// Draws with known probabilities: the interval contains the true value about as often as it says, whatever is predicted.
  @Test(arguments: [0.0, 0.5]) func coverage(prediction: Double) throws {
    var generator = SplitMix64(seed: 3)
    var (held, given) = (0, 0)
    for _ in 0..<100 {
      var pairs: [LabelledPair] = []
      for conversation in 0..<600 {
        // The harder half of the conversations loses, and is rated less often.
        let isHard = generator.nextUnit() < 0.5
        let inclusion = isHard ? 0.2 : 0.5
        let unit = generator.nextUnit()
        let difference: Double = isHard ? (unit < 0.4 ? -1 : 0) : (unit < 0.3 ? 1 : 0)
        let isDrawn = Double(generator.nextUnit()) < inclusion
        pairs.append(
          LabelledPair(
            conversation: conversation, inclusion: inclusion, isDrawn: isDrawn, difference: isDrawn ? difference : nil,
            prediction: isHard ? -prediction : prediction))
      }
      let sample = LabelSample(pairs: pairs, requests: [Double](repeating: 2, count: 600))
      guard
        let found = LabelEstimate(sample, parameters: BootstrapParameters(resamples: 200), threads: 1).interval
      else { continue }
      given += 1
      if found.low <= -0.025, -0.025 <= found.high { held += 1 }
    }
    #expect(given == 100 && held >= 87, "\(held)")
  }
}
