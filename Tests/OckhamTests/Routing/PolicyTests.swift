import Testing

@testable import Ockham

struct PolicyTests {
  private func decide(
    _ probabilities: [Float], allowed: TierSet = .all, minimum: Float? = nil, steps: [Float] = [0.1, 0.1]
  ) -> Decision {
    var policy = Policy(thresholds: Thresholds(increments: steps))
    policy.minimumQuality = minimum
    let values = probabilities
    return policy.decide(values.span, allowed: allowed, task: .math, model: 7)
  }

  @Test func everyReasonIsReached() {
    let table: [(Decision, Int, Decision.Reason)] = [
      (decide([0.5, 0.55, 0.6]), 0, .gainBelowThreshold),
      (decide([0.5, 0.6, 0.9]), 2, .gainReachesThreshold),
      (decide([0.5, 0.625, 0.6], steps: [0.125, 0.5]), 1, .gainReachesThreshold),
      (decide([0.5, 0.55, 0.6], minimum: 0.55), 1, .minimumQuality),
      (decide([0.5, 0.55, 0.6], minimum: 0.56), 2, .minimumQuality),
      (decide([0.5, 0.55, 0.6], minimum: 0.5), 0, .gainBelowThreshold),
      (decide([0.5, 0.55, 0.52], minimum: 0.9), 1, .bestEffort),
      (decide([0.5, 0.4, 0.3], minimum: 0.9), 0, .bestEffort),
      (decide([0.5, 0.9, 0.95], allowed: [0]), 0, .onlyAllowedTier),
      (decide([0.5, 0.9, 0.95], allowed: [2], minimum: 0.99), 2, .onlyAllowedTier),
      (decide([0.5, 0.9, 0.95], allowed: []), 1, .noTierAllowed),
      (decide([0.5, 0.9, 0.95], allowed: [3], minimum: 0.99), 1, .noTierAllowed),
      (decide([0.9, 0.5, 0.95], allowed: [1, 2], minimum: 0.9), 2, .gainReachesThreshold),
      (decide([0.9, 0.5, 0.55], allowed: [1, 2], minimum: 0.6), 2, .bestEffort),
    ]
    for (decision, tier, reason) in table { #expect(decision.tier == tier && decision.reason == reason, "\(decision)") }
    #expect(Set(table.map(\.2)) == Set(Decision.Reason.allCases).subtracting([.unfamiliar]))
  }

  @Test func decisionsCarryTheirContext() {
    let decision = decide([0.5, 0.55, 0.6])
    #expect(decision.task == .math && decision.modelIdentifier == 7 && decision.propensity == 1)
    #expect(decision.gain == (0.55 as Float) - 0.5 && decision.threshold == 0.1)
  }

  private static let limitedTiers: [TierLimits] = {
    var (small, large) = (TierLimits(), TierLimits())
    small.contextTokens = 1_000
    small.capabilities = [.tools]
    (small.inputUSDPerMillionTokens, small.outputUSDPerMillionTokens, small.latencyMilliseconds) = (1, 2, 100)
    (large.inputUSDPerMillionTokens, large.outputUSDPerMillionTokens, large.latencyMilliseconds) = (10, 20, 900)
    return [small, large]
  }()

  private func allowed(
    _ change: (inout Policy) -> Void = { _ in }, tokens: (Int, Int) = (400, 600), needs: Capabilities = [],
    task: TaskKind? = nil
  ) -> TierSet {
    var policy = Policy(thresholds: Thresholds(increments: [0.1]))
    policy.tiers = Self.limitedTiers
    change(&policy)
    var request = RequestNeeds(Request(prompt: ""))
    (request.inputTokens, request.outputTokens, request.capabilities) = (tokens.0, tokens.1, needs)
    return policy.allowedTiers(for: request, task: task)
  }

  @Test func constraintsExcludeTiers() {
    #expect(allowed() == [0, 1])
    #expect(allowed(tokens: (400, 601)) == [1])
    #expect(allowed(tokens: (.max, .max)) == [1])
    #expect(allowed(needs: [.tools]) == [0, 1])
    #expect(allowed(needs: [.tools, .images]) == [1])
    #expect(allowed({ $0.maximumCostUSD = 0.0016 }) == [0])
    #expect(allowed({ $0.maximumCostUSD = 0.0015 }) == [])
    #expect(
      allowed({
        $0.maximumCostUSD = 0.0015; $0.tiers[1].inputUSDPerMillionTokens = nil
      }) == [1])
    #expect(allowed({ $0.maximumLatencyMilliseconds = 100 }) == [0])
    #expect(
      allowed({
        $0.maximumLatencyMilliseconds = 100; $0.tiers[1].latencyMilliseconds = nil
      }) == [0, 1])
    #expect(allowed({ $0.taskPins = [.math: [1]] }, task: .math) == [1])
    #expect(allowed({ $0.taskPins = [.math: [1]] }, task: .code) == [0, 1])
    #expect(allowed({ $0.taskPins = [.math: [1]] }) == [0, 1])
    #expect(allowed({ $0.taskPins = [.math: [0]] }, tokens: (999, 999), task: .math) == [])
  }
}
