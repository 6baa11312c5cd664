extension Policy {
  /// The tiers that a request may use: those whose context window, capabilities, price and latency
  /// fit, cut to ``usedTiers`` and the task's pin. May be none. What is unknown excludes nothing.
  ///
  /// - Complexity: O(tiers), no allocation.
  public func allowedTiers(for needs: RequestNeeds, task: TaskKind?) -> TierSet {
    var allowed = TierSet()
    for index in tiers.indices where allows(tiers[index], needs) { allowed.insert(index) }
    allowed.formIntersection(usedTiers)
    guard let task, let pin = taskPins[task] else { return allowed }
    return allowed.intersection(pin)
  }

  private func allows(_ tier: TierLimits, _ needs: RequestNeeds) -> Bool {
    if let context = tier.contextTokens {
      let (tokens, overflow) = needs.inputTokens.addingReportingOverflow(needs.outputTokens)
      if overflow || tokens > context { return false }
    }
    guard tier.capabilities.isSuperset(of: needs.capabilities) else { return false }
    if let maximumCostUSD, let cost = needs.costUSD(in: tier), cost > maximumCostUSD { return false }
    if let maximumLatencyMilliseconds, let latency = tier.latencyMilliseconds, latency > maximumLatencyMilliseconds {
      return false
    }
    return true
  }

  /// Chooses a tier.
  ///
  /// - Parameters:
  ///   - probabilities: P(good) per tier.
  ///   - thresholdScales: what each step is multiplied with; empty for the steps as they are. See ``ThresholdScaling``.
  ///   - allowed: see ``allowedTiers(for:task:)``; tiers that the policy does not have are ignored.
  ///   - task: the kind of task, carried into the decision.
  ///   - model: ``Model/identifier``, carried into the decision.
  /// - Precondition: `probabilities` has as many elements as there are tiers.
  /// - Complexity: O(tiers), no allocation.
  public func decide(
    _ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet, task: TaskKind?,
    model: UInt64
  ) -> Decision {
    let choice = thresholds.choose(probabilities, thresholdScales: thresholdScales, allowed: allowed)
    return decide(
      choice, movesUp: choice.tier == choice.candidate, probabilities, allowed: allowed, task: task, model: model)
  }

  /// Chooses the tier to ask first where responses are weighed by a cascade before they are taken: it stands in the place of the
  /// thresholds, all else holds. See ``CascadePolicy/weighStart(_:thresholdScales:allowed:)``.
  ///
  /// The parameters are those of ``decide(_:thresholdScales:allowed:task:model:)``.
  /// - Precondition: the cascade has as many tiers as the policy.
  /// - Complexity: O(tiers), no allocation.
  public func decide(
    by cascade: CascadePolicy, _ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet,
    task: TaskKind?, model: UInt64
  ) -> Decision {
    let choice = cascade.weighStart(probabilities, thresholdScales: thresholdScales, allowed: allowed)
    // Where it may start at one tier alone, nothing was weighed against it.
    let isWeighed =
      allowed.intersection(cascade.startTiers).intersection(TierSet(below: thresholds.tierCount)).count > 1
    return decide(
      choice, movesUp: isWeighed && choice.tier == choice.candidate, probabilities, allowed: allowed, task: task,
      model: model)
  }

  private func decide(
    _ choice: TierChoice, movesUp: Bool, _ probabilities: Span<Float>, allowed: TierSet, task: TaskKind?, model: UInt64
  ) -> Decision {
    let known = allowed.intersection(TierSet(below: thresholds.tierCount))
    let reason: Decision.Reason =
      known.isEmpty
      ? .noTierAllowed
      : known.count == 1
        ? .onlyAllowedTier
        : movesUp ? .gainReachesThreshold : .gainBelowThreshold
    var decision = Decision(
      tier: choice.tier, gain: choice.gain, threshold: choice.threshold, reason: reason, propensity: 1, task: task,
      modelIdentifier: model)
    if let minimumQuality { raise(&decision, to: minimumQuality, probabilities, allowed: known) }
    return decision
  }

  /// Moves a decision that falls short of the minimum quality.
  private func raise(_ decision: inout Decision, to minimum: Float, _ probabilities: Span<Float>, allowed: TierSet) {
    guard probabilities[decision.tier] < minimum, allowed.count > 1 else { return }
    var best = decision.tier
    for tier in probabilities.indices where allowed.contains(tier) {
      if probabilities[tier] >= minimum {
        decision.tier = tier
        decision.reason = .minimumQuality
        return
      }
      if probabilities[tier] > probabilities[best] { best = tier }
    }
    decision.tier = best
    decision.reason = .bestEffort
  }
}
