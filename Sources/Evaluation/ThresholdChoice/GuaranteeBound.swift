import Statistics

/// What one policy, taken by itself, can be shown to keep.
struct GuaranteeBound {
  let sample: GoalSample
  let test: GuaranteeTest
  /// What the rows say about the policy for the goal, or the same one with another number.
  let evidence: (ThresholdGoal) -> GuaranteeEvidence

  /// The greatest fraction of the strongest tier's quality, the least mean cost in USD, or the least share of the goal's tier.
  var value: Double {
    switch sample.goal {
    case .targetQuality(let fraction):
      tightest(asked: fraction, passing: 0, failing: 1) { .targetQuality(fraction: $0) }
    case .maximumCostPer1000(let usd):
      tightest(asked: usd / 1_000, passing: sample.largestCostUSD, failing: 0) {
        .maximumCostPer1000(usd: $0 * 1_000)
      }
    case .maximumShare(let tier, let share):
      tightest(asked: share, passing: 1, failing: 0) { .maximumShare(tier: tier, share: $0) }
    }
  }

  /// The number next to the border between those that pass and those that do not, on the passing side; no worse than what was
  /// asked for, where that passes.
  private func tightest(
    asked: Double, passing: Double, failing: Double, goal: (Double) -> ThresholdGoal
  ) -> Double {
    if passes(goal(failing)) { return failing }
    var (passing, failing) = passes(goal(asked)) ? (asked, failing) : (passing, asked)
    for _ in 0..<14 {
      let middle = (passing + failing) / 2
      if passes(goal(middle)) { passing = middle } else { failing = middle }
    }
    return passing
  }

  private func passes(_ goal: ThresholdGoal) -> Bool {
    test.passes(evidence(goal))
  }
}

extension FixedSequence {
  /// What one policy, taken by itself, can be shown to keep; see ``GuaranteeBound``.
  func bound(_ tiers: [Int]) -> Double {
    GuaranteeBound(sample: sample, test: test) { sample.evidence(tiers, goal: $0) }.value
  }
}
