import ChatProtocols
import GatewayCore

/// What targets make of made-up requests: tokens, dollars, times, failures.
extension DemoTraffic {
  mutating func answer(_ trace: inout RequestTrace, _ conversation: DemoConversation, trueOutcomes: TrueOutcomes) {
    var tier = trace.decision.tier ?? 0
    if dice.happens(0.004) { return fail(&trace, tier) }
    if let failed = failure(in: tier, at: trace.time) {
      trace.attempts.append(failed)
      if tier + 1 < terms.tiers.count { tier += 1 }
    }
    if looksAtAnswers(of: trace, conversation), tier + 1 < terms.tiers.count {
      trace.isCascade = true
      if dice.happens(trueOutcomes.isGood[tier] ? 0.05 : 0.7) {
        var rejected = attempt(in: tier, conversation)
        rejected.failure = .rejected
        trace.attempts.append(rejected)
        tier += 1
      }
    }
    let answer = attempt(in: tier, conversation)
    trace.attempts.append(answer)
    (trace.tier, trace.target) = (answer.tier, answer.target)
    trace.finishReason = dice.happens(0.015) ? .length : .stop
    account(&trace)
  }

  /// Only the thrifty look: at what was weighed.
  private func looksAtAnswers(of trace: RequestTrace, _ conversation: DemoConversation) -> Bool {
    conversation.client.policy == "thrifty" && !trace.decision.probabilities.isEmpty
  }

  /// Adds up what attempts took.
  private mutating func account(_ trace: inout RequestTrace) {
    let own = 0.2 + dice.unit()
    let waited = trace.attempts.reduce(0) { $0 + $1.latencyMilliseconds }
    (trace.upstreamMilliseconds, trace.latencyMilliseconds) = (waited, waited + own)
    if trace.isStream, let last = trace.attempts.last, let first = last.firstTokenMilliseconds {
      trace.firstTokenMilliseconds = waited - last.latencyMilliseconds + first + own
    }
    let used = trace.attempts.compactMap(\.usage)
    trace.usage = used.dropFirst().reduce(used.first) { sum, usage in sum.map { $0 + usage } }
    // Now and then a provider does not show, and no one knows.
    if dice.happens(0.005) {
      for place in trace.attempts.indices { trace.attempts[place].costUSD = nil }
      return
    }
    let costs = trace.attempts.filter { $0.usage != nil }.map(\.costUSD)
    if !costs.contains(nil) { trace.costUSD = costs.reduce(0) { $0 + ($1 ?? 0) } }
    trace.bookedUSD = trace.costUSD
  }

  /// No one answered.
  private mutating func fail(_ trace: inout RequestTrace, _ tier: Int) {
    for place in tier..<terms.tiers.count { trace.attempts.append(failure(.serverError, status: 503, in: place)) }
    (trace.status, trace.errorCode) = (502, .allProvidersFailed)
    trace.upstreamMilliseconds = trace.attempts.reduce(0) { $0 + $1.latencyMilliseconds }
    trace.latencyMilliseconds = trace.upstreamMilliseconds + 0.4
  }

  /// What fails before somebody else answers: now and then, and often within the outage.
  private mutating func failure(in tier: Int, at time: Double) -> Attempt? {
    if terms.outage.contains(time), tier == terms.tiers.count / 2 {
      return dice.happens(0.6) ? failure(.serverError, status: 503, in: tier) : nil
    }
    guard dice.happens(0.012) else { return nil }
    return dice.happens(0.5) ? failure(.rateLimited, status: 429, in: tier) : failure(.timeout, status: nil, in: tier)
  }

  private mutating func failure(_ kind: UpstreamFailure.Kind, status: Int?, in tier: Int) -> Attempt {
    Attempt(
      target: terms.tiers[tier].target, tier: terms.tiers[tier].name, failure: kind, status: status,
      latencyMilliseconds: dice.about(kind == .timeout ? 9_000 : 90, spread: 0.4))
  }

  private mutating func attempt(in tier: Int, _ conversation: DemoConversation) -> Attempt {
    let usage = usage(in: tier, conversation)
    let rank = skill.rank(tier)
    let first = dice.about(140 + 420 * rank, spread: 0.4)
    let milliseconds = first + Double(usage.outputTokens) * dice.about(4 + 14 * rank, spread: 0.2)
    return Attempt(
      target: terms.tiers[tier].target, tier: terms.tiers[tier].name, status: 200, latencyMilliseconds: milliseconds,
      firstTokenMilliseconds: first, usage: usage, costUSD: terms.costUSD(usage, tier: tier))
  }

  /// Later turns send what was said before again, and much of that is in the provider's cache.
  mutating func usage(in tier: Int, _ conversation: DemoConversation) -> TokenUsage {
    let input = Int(dice.about(conversation.subject.inputTokens, spread: 0.6))
    let earlier = Int(conversation.subject.inputTokens * 0.6) * (conversation.turns - 1)
    let output = max(1, Int(dice.about(conversation.subject.outputTokens * (1 + 0.3 * skill.rank(tier)), spread: 0.6)))
    return TokenUsage(inputTokens: input + earlier, outputTokens: output, cachedInputTokens: earlier * 3 / 4)
  }
}
