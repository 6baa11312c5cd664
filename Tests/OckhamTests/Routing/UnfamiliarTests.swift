import Testing

@testable import Ockham

/// Going up where a request is unfamiliar.
struct UnfamiliarTests {
  /// The article's words, term by term.
  private func plain(
    _ tier: Int, _ p: [Float], _ below: [Float], _ above: [Float], _ steps: [Float], _ scales: [Float],
    _ allowed: TierSet
  ) -> Int {
    var candidates: [(tier: Int, net: Float)] = []
    for upper in p.indices where upper > tier && allowed.contains(upper) {
      let needed = (tier..<upper).reduce(Float.zero) { $0 + (steps[$1] > 0 ? steps[$1] * scales[$1] : steps[$1]) }
      let net = ((p[upper] + above[upper]) - (p[tier] - below[tier])) - needed
      if net >= 0 { candidates.append((upper, net)) }
    }
    return candidates.max { ($0.net, $0.tier) < ($1.net, $1.tier) }?.tier ?? tier
  }

  @Test func everySmallCaseAgreesWithThePlainForm() {
    let (levels, steps): ([Float], [Float]) = ([0.25, 0.5, 0.75], [0.125, 0.25])
    let scales: [Float] = [1, 0.5]
    var raised = 0
    for case0 in levels {
      for case1 in levels {
        for case2 in levels {
          for doubt in [[0, 0, 0], [0.25, 0.25, 0.25], [0, 0.25, 0.5]] as [[Float]] {
            for allowed in (1..<8).map(TierSet.init(rawValue:)) {
              var policy = Policy(thresholds: Thresholds(increments: steps))
              policy.usedTiers = allowed
              let p = [case0, case1, case2]
              var decision = policy.decide(
                p.span, thresholdScales: scales.span, allowed: allowed, task: nil, model: 1)
              let chosen = decision.tier
              policy.raise(
                &decision, p.span, doubts: (doubt.span, doubt.span), thresholdScales: scales.span, allowed: allowed)
              #expect(decision.tier == plain(chosen, p, doubt, doubt, steps, scales, allowed))
              #expect(decision.isUnfamiliar && (decision.reason == .unfamiliar) == (decision.tier > chosen))
              #expect(allowed.contains(decision.tier))
              raised += decision.tier > chosen ? 1 : 0
            }
          }
        }
      }
    }
    #expect(raised > 50)
  }

  @Test func aFamiliarRequestStays() {
    let policy = Policy(thresholds: Thresholds(increments: [0.5]))
    let p: [Float] = [0.5, 0.75]
    var decision = policy.decide(p.span, allowed: [0, 1], task: nil, model: 1)
    policy.raise(&decision, p.span, doubts: (Span(), Span()), thresholdScales: Span(), allowed: [0, 1])
    #expect(decision.tier == 0 && !decision.isUnfamiliar && decision.reason == .gainBelowThreshold)
  }
}
