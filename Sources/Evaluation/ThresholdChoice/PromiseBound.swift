import Statistics

/// What one policy, taken by itself, can be shown to keep.
struct PromiseBound {
  let sequence: FixedSequence
  /// The tier of each of the sample's rows [m].
  let tiers: [Int]

  /// The greatest fraction of the strongest tier's quality, the least mean cost in USD, or the least share of the goal's tier.
  var value: Double {
    switch sequence.sample.goal {
    case .targetQuality(let fraction):
      tightest(asked: fraction, passing: 0, failing: 1) { .targetQuality(fraction: $0) }
    case .maximumCostPer1000(let usd):
      tightest(asked: usd / 1_000, passing: sequence.sample.largestCostUSD, failing: 0) {
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
    sequence.test.passes(sequence.sample.evidence(tiers, goal: goal))
  }
}

extension FixedSequence {
  /// What one policy, taken by itself, can be shown to keep; see ``PromiseBound``.
  func bound(_ tiers: [Int]) -> Double { PromiseBound(sequence: self, tiers: tiers).value }
}
