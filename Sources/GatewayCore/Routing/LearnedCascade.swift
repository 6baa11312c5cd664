package import Ockham

/// What a policy's learned cascade is: the rule of the model, and the response heads that it reads.
///
/// It goes with the decision that it began, so that the model that chose where a request starts is the one that weighs what
/// comes back, whatever is swapped meanwhile.
package struct LearnedCascade: Sendable {
  let scorer: RequestScorer
  let rule: CascadePolicy
  let explorationRate: Double
  let random: @Sendable () -> Double

  /// What becomes of an answer.
  package struct Verdict: Sendable, Hashable {
    /// Whether the answer is good enough.
    package var isAccepted: Bool
    /// The tier that would be worth most above; `nil` where nothing was weighed, and the answer stands.
    package var candidate: Int?
    /// P(good | answer), of the tier that answered and of each above; empty where nothing was weighed.
    package var probabilities: [Float] = []

    package init(isAccepted: Bool) { self.isAccepted = isAccepted }
  }

  /// Weighs the answers that a tier gave to one request: all must be good enough.
  ///
  /// - Parameters:
  ///   - responses: one, or as many as the client asked for.
  ///   - tier: who gave them.
  ///   - request: as it was scored.
  ///   - allowed: the tiers that may be moved on to.
  /// - Complexity: that of scoring the request and each response.
  package func weigh(_ responses: [Response], of tier: Int, to request: Request, allowed: TierSet) -> Verdict {
    var verdict = Verdict(isAccepted: true)
    let scores = scorer.scores(of: responses, by: tier, to: request)
    for probabilities in scores.responses {
      guard
        let escalation = rule.escalation(
          from: tier, probabilities.span, thresholdScales: scores.thresholdScales.span, allowed: allowed)
      else { continue }
      verdict.candidate = escalation.candidate
      verdict.probabilities = probabilities
      guard escalation.isWorthwhile else { continue }
      verdict.isAccepted = false
      return verdict
    }
    return verdict
  }

  /// The probability with which an accepted answer is asked of a higher tier all the same, and whether this one is.
  package func draw() -> (propensity: Double, isDrawn: Bool) {
    (explorationRate, explorationRate > 0 && random() < explorationRate)
  }

  /// Whether a tier's answers are weighed by the log-probabilities of their tokens too.
  package func readsLogprobs(of tier: Int) -> Bool {
    rule.checkedTiers.contains(tier) && scorer.model.readsLogprobs(of: tier)
  }
}

extension LearnedCascade: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    left.scorer === right.scorer && left.rule == right.rule && left.explorationRate == right.explorationRate
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(rule) }
}

extension LearnedCascade {
  /// The learned cascades of a configuration, by policy.
  /// - Throws: ``ConfigurationProblem`` where the model has no response heads, no cascade, or more tiers than are served.
  static func all(
    _ configuration: GatewayConfiguration, _ scorer: RequestScorer?, random: @escaping @Sendable () -> Double
  ) throws(ConfigurationProblem) -> [String: LearnedCascade] {
    var result: [String: LearnedCascade] = [:]
    for (name, policy) in configuration.policies.sorted(by: { $0.key < $1.key }) {
      guard let learned = policy.cascade?.learned else { continue }
      func refusal(expected: String, found: String, remedy: String) -> ConfigurationProblem {
        ConfigurationProblem(path: "policies.\(name).cascade.learned", expected: expected, found: found, remedy: remedy)
      }
      guard let scorer else {
        throw refusal(expected: "a model with response heads", found: "no model", remedy: "name one under model")
      }
      guard !scorer.model.responseTiers.isEmpty else {
        throw refusal(
          expected: "a model with response heads", found: "one without",
          remedy: "train it from a log whose outcomes carry answers, or set learned: false")
      }
      guard let rule = scorer.model.cascade else {
        throw refusal(
          expected: "a model with a cascade", found: "one with response heads alone",
          remedy: "run ockham calibrate with a goal of quality or cost, or set learned: false")
      }
      guard !scorer.tiers.isPartial else {
        throw refusal(
          expected:
            "all tiers that the model's cascade was chosen for: \(scorer.model.tierNames.joined(separator: ", "))",
          found: scorer.tiers.names.joined(separator: ", "), remedy: "serve them all, or train a model for these")
      }
      result[name] = LearnedCascade(
        scorer: scorer, rule: rule, explorationRate: learned.explorationRate, random: random)
    }
    return result
  }
}
