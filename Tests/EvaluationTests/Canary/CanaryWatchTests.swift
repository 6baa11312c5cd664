import Foundation
import Statistics
import Testing

@testable import Evaluation

/// A canary that is looked at after every conversation. `Tests/Canary/simulate` has the shares of errors over many.
@Suite struct CanaryWatchTests {
  /// Conversations of two requests, one of them a labelled disagreement; dollars, latency and failures by arm.
  private func watch(
    _ count: Int, seed: UInt64 = 3, quality: Double = 0, dollars: Double = 0.8, latency: Double = 1,
    failures: Double = 0
  ) -> (watch: CanaryWatch, decidedAfter: Int?) {
    var generator = SplitMix64(seed: seed)
    func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    var watch = CanaryWatch(CanaryTerms(share: 0.3))
    for number in 1...count {
      let isCandidate = unit() < 0.3
      let draw = unit()
      let difference = draw < (0.2 - quality) / 2 ? -1.0 : draw < 0.2 ? 1 : 0
      let size = 0.5 + unit()
      watch.close(
        .init(
          isCandidate: isCandidate, turns: [.agreement, .disagreement(.init(difference: difference, weight: 1))],
          scale: 0.5,
          dollars: size * (isCandidate ? dollars : 1), latencyMilliseconds: 100 * size * (isCandidate ? latency : 1),
          failures: unit() < 0.01 + (isCandidate ? failures : 0) ? 1 : 0))
      if watch.verdict != .undecided { return (watch, number) }
    }
    return (watch, nil)
  }

  @Test func aGoodAndCheaperCandidateIsPromoted() {
    let (found, after) = watch(20_000, quality: 0.05)
    #expect(found.verdict == .promote && (after ?? 0) > 2 * ArmContrast.leastConversations)
    #expect((found.difference(.costUSD)?.high ?? 1) < 0)
  }

  @Test(
    arguments: [
      (0.15, 0.8, 1.0, 0.0, ReplayQuantity.quality), (0, 1.5, 1, 0, .costUSD), (0, 0.8, 1.6, 0, .latencyMilliseconds),
      (0, 0.8, 1, 0.2, .failures),
    ])
  func whatIsWorseIsAborted(worse: Double, dollars: Double, latency: Double, failures: Double, cause: ReplayQuantity) {
    let (found, _) = watch(8_000, quality: -worse, dollars: dollars, latency: latency, failures: failures)
    #expect(found.verdict == .abort(cause))
  }

  /// As good, as expensive: nothing is decided, however long one looks; the draws are the same on every run.
  @Test(arguments: [1, 2, 3] as [UInt64]) func nothingIsDecidedOfTheSame(seed: UInt64) {
    #expect(watch(1_500, seed: seed, dollars: 1).watch.verdict == .undecided)
  }

  /// The contrast is the plain difference of means but for what centring takes away, and centring takes noise.
  @Test func contrastsAreDifferencesOfMeans() throws {
    var contrast = ArmContrast(share: 0.4, level: 0.05, sharpestAt: 1_000)
    var generator = SplitMix64(seed: 9)
    var (sums, counts) = ([0.0, 0.0], [0.0, 0.0])
    for _ in 0..<4_000 {
      let arm = Double(generator.next() >> 11) * 0x1p-53 < 0.4 ? 1 : 0
      let value = 10 + Double(generator.next() >> 11) * 0x1p-53 + 0.3 * Double(arm)
      contrast.add(value, isCandidate: arm == 1)
      (sums[arm], counts[arm]) = (sums[arm] + value, counts[arm] + 1)
    }
    let found = try #require(contrast.difference)
    let plain = sums[1] / counts[1] - sums[0] / counts[0]
    #expect(abs(found.value - plain) < 0.01 && found.low < 0.3 && 0.3 < found.high && found.high - found.low < 0.1)
    #expect(contrast.incumbentMean == sums[0] / counts[0])
  }

  /// 300 sequences of skewed draws, each looked at after every draw behind the fiftieth: about one in twenty may leave the true value out.
  @Test func sequencesHoldHoweverOftenOneLooks() {
    var outside = 0
    for seed in 0..<300 {
      var generator = SplitMix64(seed: UInt64(seed))
      var sequence = AsymptoticSequence(level: 0.05, sharpestAt: 400)
      var isOutside = false
      for count in 1...1_000 {
        sequence.add(-log((Double(generator.next() >> 11) + 0.5) * 0x1p-53))
        guard count >= 50, let interval = sequence.interval else { continue }
        if !interval.contains(1) { isOutside = true }
      }
      outside += isOutside ? 1 : 0
    }
    // Were it 5 %, 29 or more of 300 would come once in a thousand.
    #expect(outside < 29, "\(outside) of 300")
  }
}
