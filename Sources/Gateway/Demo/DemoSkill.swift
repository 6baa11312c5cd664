import Foundation
import Ockham

/// How good made-up tiers are at something, and what a policy makes of that.
struct DemoSkill: Sendable {
  let tiers: Int

  /// The worth of one step up from the cheapest tier to the most expensive, by policy.
  static let steps = ["default": 0.12, "careful": 0.05, "thrifty": 0.2]

  /// P(good) per tier, as the made-up model predicts it: easy things go well everywhere, hard ones in the upper tiers.
  func probabilities(difficulty: Double) -> [Double] {
    (0..<tiers).map { tier in
      let rank = rank(tier)
      return 1 / (1 + exp((5.5 - 3.6 * rank) * difficulty - 2.9 - rank))
    }
  }

  /// What really holds: in the last days the cheapest tier is worse at extraction than it was, and no model knows.
  func found(_ predicted: [Double], of subject: DemoSubject, isLate: Bool) -> [Double] {
    guard isLate, subject.task == .extraction, tiers > 1 else { return predicted }
    return [max(0.05, predicted[0] - 0.25)] + predicted.dropFirst()
  }

  /// The tier with the most quality over what its steps must bring, and the best of the upper ones beside the cheapest.
  func choice(_ probabilities: [Double], policy: String) -> (tier: Int, gain: Double, threshold: Double) {
    let surplus = (0..<tiers).map { probabilities[$0] - threshold(of: $0, policy: policy) }
    guard let upper = (1..<tiers).max(by: { surplus[$0] < surplus[$1] }) else { return (0, 0, 0) }
    return (
      surplus[upper] >= surplus[0] ? upper : 0, probabilities[upper] - probabilities[0],
      threshold(of: upper, policy: policy)
    )
  }

  private func threshold(of tier: Int, policy: String) -> Double { 2 * (Self.steps[policy] ?? 0.12) * rank(tier) }

  /// From 0 for the cheapest to 1 for the most expensive.
  func rank(_ tier: Int) -> Double { tiers > 1 ? Double(tier) / Double(tiers - 1) : 1 }
}
