package import Statistics

/// What a policy would have given on logged requests, by four estimators, and how far they can be trusted.
///
/// With π the policy, p the logged propensity of the served tier, W = π(served) / p and m the prediction, over N requests of equal
/// weight that were drawn one by one:
///
/// - inverse propensity (IPS): Σ W·r / N
/// - self-normalised (SNIPS): Σ W·r / Σ W (Swaminathan & Joachims 2015)
/// - direct method: Σ Σ_a π(a)·m(x, a) / N
/// - doubly robust (AIPW): Σ [Σ_a π(a)·m(x, a) + W·(r − m(x, served))] / N (Dudík, Langford & Li 2011), right on average
///   where either the propensities or the predictions are
///
/// Conversations and requests without a choice enter as ``OffPolicyStatistics`` says.
package struct OffPolicyEstimate: Sendable, Equatable {
  /// By inverse propensity; `nil` where no draw agrees with the policy.
  package var inversePropensity: Double?
  /// By self-normalised inverse propensity; `nil` where no draw agrees with the policy.
  package var selfNormalised: Double?
  /// By the direct method; `nil` where a prediction is missing.
  package var direct: Double?
  /// Doubly robust, as it comes: it may lie outside the range of rewards; `nil` where a prediction is missing.
  package var doublyRobust: Double?
  /// Doubly robust, inside the range of rewards, with its interval; `nil` where ``refusal`` says why.
  package var robust: IntervalEstimate?
  /// How much of the log speaks about the policy.
  package var support: OffPolicySupport
  /// Why there is no ``robust``; the other estimates stand for comparison only.
  package var refusal: OffPolicyRefusal?

  /// Estimates the mean reward of a policy.
  ///
  /// - Parameters:
  ///   - chances: the policy's probability of each tier for each row [n × T]; rows sum to 1.
  ///   - confidence: of the interval, above 0 and below 1.
  /// - Complexity: O(n · T).
  package init(_ sample: OffPolicySample, chances: Matrix<Double>, confidence: Double = 0.95) {
    let statistics = OffPolicyStatistics(sample, chances: chances)
    let support = OffPolicySupport(sample, statistics)
    let total = statistics.fixed.weight + statistics.weighted.weight
    self.support = support
    refusal = OffPolicyRefusal(sample, statistics: statistics, support: support)
    guard total > 0, refusal != .deterministic else { return }
    if statistics.matchedRows > 0 { inversePropensity = (statistics.weighted.reward + statistics.fixed.reward) / total }
    direct = statistics.lacksPrediction ? nil : statistics.direct / total
    if statistics.weighted.product > 0 {
      let mean = statistics.weighted.reward / statistics.weighted.product
      selfNormalised = (mean * statistics.weighted.weight + statistics.fixed.reward) / total
    }
    let requests = statistics.requests.reduce(0, +)
    doublyRobust = statistics.lacksPrediction || requests <= 0 ? nil : statistics.robust.reduce(0, +) / requests
    guard refusal == nil else { return }
    robust = ConversationMean(statistics, sample).estimate(confidence: confidence, range: sample.range)
  }

  /// The chances of a policy that sends each row to one tier [n × T].
  package static func chances(tiers: [Int], tierCount: Int) -> Matrix<Double> {
    var chances = Matrix(repeating: 0.0, rows: tiers.count, columns: tierCount)
    for (row, tier) in tiers.enumerated() { chances[row, tier] = 1 }
    return chances
  }
}
