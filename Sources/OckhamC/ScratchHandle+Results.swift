internal import COckham
internal import Ockham

extension ScratchHandle {
  /// What the last request was expected to be, as C reads it.
  func scoreResult(structBytes: Int) -> ockham_score_result {
    let probabilities = scratch.probabilities
    let task = scratch.task
    return unsafe ockham_score_result(
      struct_bytes: structBytes, difficulty: scratch.difficulty,
      gain: probabilities[probabilities.count - 1] - probabilities[0], task: code(task),
      task_probability: task.map { scratch.taskProbabilities[Int($0.rawValue)] } ?? 0, task_name: name(task))
  }

  /// A decision as C reads it.
  func describe(_ decision: Decision, structBytes: Int) -> ockham_decision {
    let reason = decision.reason.code
    return unsafe ockham_decision(
      struct_bytes: structBytes, model_id: decision.modelIdentifier,
      expected_cost_usd: decision.expectedCostUSD ?? .nan, tier_name: names.tiers[decision.tier],
      reason_name: names.reasons[reason], task_name: name(decision.task), tier: Int32(decision.tier),
      reason: Int32(reason), task: code(decision.task), gain: decision.gain, threshold: decision.threshold,
      difficulty: scratch.difficulty, propensity: decision.propensity, is_unfamiliar: decision.isUnfamiliar ? 1 : 0)
  }

  /// Writes one element per tier, unless there is nowhere to write.
  func writeTiers(to tiers: UnsafeMutablePointer<ockham_tier_score>?) {
    guard let tiers = unsafe tiers else { return }
    let costs = scratch.expectedCostUSD
    for tier in scratch.probabilities.indices {
      unsafe tiers[tier] = ockham_tier_score(
        probability: scratch.probabilities[tier], logit: scratch.logits[tier],
        expected_cost_usd: costs.isEmpty ? .nan : costs[tier])
    }
  }

  private func code(_ task: TaskKind?) -> Int32 { task.map { Int32($0.rawValue) } ?? -1 }

  private func name(_ task: TaskKind?) -> UnsafePointer<CChar>? {
    guard let task else { return nil }
    return unsafe names.tasks[Int(task.rawValue)]
  }
}

extension Decision.Reason {
  /// The `OCKHAM_REASON_…`, which is the index among all cases.
  fileprivate var code: Int {
    switch self {
    case .gainBelowThreshold: Int(OCKHAM_REASON_GAIN_BELOW_THRESHOLD)
    case .gainReachesThreshold: Int(OCKHAM_REASON_GAIN_REACHES_THRESHOLD)
    case .minimumQuality: Int(OCKHAM_REASON_MINIMUM_QUALITY)
    case .bestEffort: Int(OCKHAM_REASON_BEST_EFFORT)
    case .onlyAllowedTier: Int(OCKHAM_REASON_ONLY_ALLOWED_TIER)
    case .noTierAllowed: Int(OCKHAM_REASON_NO_TIER_ALLOWED)
    case .unfamiliar: Int(OCKHAM_REASON_UNFAMILIAR)
    }
  }
}
