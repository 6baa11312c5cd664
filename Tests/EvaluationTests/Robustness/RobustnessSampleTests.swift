import Foundation
import Ockham
import Testing

@testable import Evaluation

@Suite struct TierScorerTests {
  /// The lead is at least 0 exactly where the thresholds choose the last tier.
  @Test func theLeadTellsTheChoice() {
    var made = MadeUpLog(seed: 3)
    for _ in 0..<2_000 {
      let thresholds = Thresholds(increments: (0..<2).map { _ in Float(made.unit() - 0.3) })
      let score = TierScore((0..<3).map { _ in Float(made.unit()) }, thresholds: thresholds)
      #expect(score.isStrongest == (score.tier == 2))
      if abs(score.lead) > 1e-6 { #expect(score.isStrongest == (score.lead > 0)) }
    }
    let score = TierScore([0.2, 0.9], thresholds: Thresholds(increments: [0.3]))
    #expect(abs(score.gain - 0.7) < 1e-6)
    #expect(abs(score.lead - 0.4) < 1e-6)
  }

  /// The golden model predicts costs: its scorer must weigh them as routing does.
  @Test func theDecisionIsTheRouters() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appending(path: "Golden/runtime/mlp.safetensors")
    let router = Router(model: try Model([UInt8](Data(contentsOf: file))))
    let scorer = TierScorer(router.model)
    var scratch = router.model.makeScratch()
    var differences = 0
    for length in 0..<60 {
      let request = Request(prompt: String(repeating: "lu ", count: length) + "What is \(length)?")
      let decision = router.route(request, using: &scratch)
      #expect(scorer.score(request).tier == decision.tier)
      let plain = router.policy.thresholds.choose(scratch.probabilities.span)
      differences += plain.threshold == decision.threshold ? 0 : 1
    }
    #expect(differences > 20)
  }

  @Test func theCeilingIsWhatCalibrationsAllow() {
    let flat = Calibration.isotonic(x: [-1, 1], y: [0.3, 0.8])
    #expect(TierScorer.gainCeiling([flat, flat]) == Float(0.8) - 0.3)
    #expect(TierScorer.gainCeiling([.platt(slope: 1, intercept: 0), flat]) == 0.8)
    #expect(TierScorer.gainCeiling([flat, .platt(slope: -2, intercept: 5)]) == 0.7)
    #expect(TierScorer.gainCeiling([.platt(slope: 0, intercept: 0), .platt(slope: 0, intercept: 0)]) == 0)
  }
}

@Suite struct RequestSampleTests {
  private func sample(_ count: Int, limit: Int, seed: UInt64 = 1) -> [Int] {
    var sample = RequestSample(limit: limit, seed: seed)
    for row in 0..<count { sample.offer(Request(prompt: "\(row)")) }
    #expect(sample.offered == count)
    #expect(sample.rows.allSatisfy { $0.request.question == "\($0.index)" })
    return sample.rows.map(\.index)
  }

  @Test func aSmallLogIsTakenWhole() { #expect(sample(5, limit: 5) == [0, 1, 2, 3, 4]) }

  @Test func rowsAreDifferentAndSeeded() {
    let rows = sample(1_000, limit: 50)
    #expect(rows.count == 50)
    #expect(Set(rows).count == 50)
    #expect(rows == sample(1_000, limit: 50))
    #expect(rows != sample(1_000, limit: 50, seed: 2))
  }

  /// Each of 20 rows is in a sample of 5 a quarter of the time: 500 of 2,000, give or take 19.
  @Test func everyRowIsEquallyLikely() {
    var counts = [Int](repeating: 0, count: 20)
    for seed in 1...2_000 { for row in sample(20, limit: 5, seed: UInt64(seed)) { counts[row] += 1 } }
    #expect(counts.allSatisfy { (410...590).contains($0) })
  }
}
