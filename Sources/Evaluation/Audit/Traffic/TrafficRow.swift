/// One request as an audit sees it. What a source does not know is `nil`, which is never taken for 0.
package struct TrafficRow: Sendable, Equatable {
  /// The request's name in its log.
  package var id: String
  /// When it came, in seconds since 1970; 0 where the log does not say.
  package var time: Double
  package var conversation: String?
  /// The virtual key, or the dataset of a log that has no keys.
  package var key: String?
  /// The kind of task.
  package var task: String?
  package var policy: String?
  /// Why it went where it went, by the name that the log has for it.
  package var reason: String?
  /// Rules that held, in order.
  package var rules: [String]
  package var requestedModel: String?
  /// The tier that was decided for, and the one that answered.
  package var tier: String?
  package var answeredTier: String?
  /// The deployable model that answered.
  package var target: String?
  /// The HTTP status that the client got.
  package var status: Int?
  /// Whether the client got an error that another way of serving might have spared it.
  package var isFailure: Bool
  package var latencyMilliseconds: Double?
  package var firstTokenMilliseconds: Double?
  /// What the decision took.
  package var decisionNanoseconds: Int?
  /// Of all attempts together.
  package var inputTokens: Int?
  package var outputTokens: Int?
  /// US dollars of all attempts together.
  package var costUSD: Double?
  /// What the strongest tier would have taken: its price for these tokens. Of a request that it answered at once, ``costUSD``.
  package var strongestUSD: Double?
  /// The same of the cheapest tier.
  package var cheapestUSD: Double?
  /// The same by tier, as far as known.
  package var tierUSD: [String: Double]
  /// Calls of providers that it took; 0 where the log does not say.
  package var attempts: Int
  /// Dollars of answers that were not good enough and thrown away; part of ``costUSD``.
  package var rejectedUSD: Double
  /// Whether it moved up because an answer was not good enough.
  package var isEscalated: Bool
  /// Whether it moved on because a target failed.
  package var isFallback: Bool
  /// Whether decisions were only watched: what would have been decided is ``observedTier``.
  package var observedTier: String?
  /// Whether it is the first of its conversation; `false` where the log does not say.
  package var beginsConversation: Bool
  /// Whether another way of routing could have sent it elsewhere.
  package var isEligible: Bool?
  package var gain: Double?
  package var threshold: Double?
  /// P(good) by tier.
  package var probabilities: [String: Double]
  /// What is known of how good answers are, at most one per tier.
  package var labels: [TrafficLabel]
  /// How the client's user rated the answer: shown, never part of an estimate.
  package var feedback: Double?
  /// Whether it was drawn to be rated, and whether that came to nothing.
  package var isDrawn: Bool
  package var isLabelMissing: Bool
  /// US dollars that other tiers' answers and the judge took.
  package var labelUSD: Double
  package var judgeUSD: Double
  /// Whether the log holds the request's text.
  package var hasText: Bool

  package init(
    id: String, time: Double = 0, conversation: String? = nil, key: String? = nil, task: String? = nil,
    policy: String? = nil, reason: String? = nil, rules: [String] = [], requestedModel: String? = nil,
    tier: String? = nil, answeredTier: String? = nil, target: String? = nil, status: Int? = nil,
    isFailure: Bool = false, latencyMilliseconds: Double? = nil, firstTokenMilliseconds: Double? = nil,
    decisionNanoseconds: Int? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil,
    strongestUSD: Double? = nil, cheapestUSD: Double? = nil, tierUSD: [String: Double] = [:], attempts: Int = 0,
    rejectedUSD: Double = 0, isEscalated: Bool = false, isFallback: Bool = false, observedTier: String? = nil,
    beginsConversation: Bool = false, isEligible: Bool? = nil, gain: Double? = nil, threshold: Double? = nil,
    probabilities: [String: Double] = [:], labels: [TrafficLabel] = [], feedback: Double? = nil,
    isDrawn: Bool = false, isLabelMissing: Bool = false, labelUSD: Double = 0, judgeUSD: Double = 0,
    hasText: Bool = false
  ) {
    (self.id, self.time, self.conversation, self.key, self.task) = (id, time, conversation, key, task)
    (self.policy, self.reason, self.rules, self.requestedModel) = (policy, reason, rules, requestedModel)
    (self.tier, self.answeredTier, self.target, self.status) = (tier, answeredTier, target, status)
    (self.isFailure, self.latencyMilliseconds) = (isFailure, latencyMilliseconds)
    (self.firstTokenMilliseconds, self.decisionNanoseconds) = (firstTokenMilliseconds, decisionNanoseconds)
    (self.inputTokens, self.outputTokens, self.costUSD) = (inputTokens, outputTokens, costUSD)
    (self.strongestUSD, self.cheapestUSD, self.tierUSD) = (strongestUSD, cheapestUSD, tierUSD)
    (self.attempts, self.rejectedUSD, self.isEscalated, self.isFallback) =
      (attempts, rejectedUSD, isEscalated, isFallback)
    (self.observedTier, self.beginsConversation, self.isEligible) = (observedTier, beginsConversation, isEligible)
    (self.gain, self.threshold, self.probabilities) = (gain, threshold, probabilities)
    (self.labels, self.feedback, self.isDrawn, self.isLabelMissing) = (labels, feedback, isDrawn, isLabelMissing)
    (self.labelUSD, self.judgeUSD, self.hasText) = (labelUSD, judgeUSD, hasText)
  }
}

/// How good a tier's answer to a request was found to be, or only what it cost, where a rating is missing.
package struct TrafficLabel: Sendable, Equatable {
  package var tier: String
  /// From 0 to 1; `nil` where the draw came to no rating.
  package var quality: Double?
  /// The probability with which the request was drawn to be rated under this tier, above 0 and at most 1.
  package var inclusion: Double
  /// Whether the draw was the same for all requests: an audit, or a log in which everything is rated.
  package var isUniform: Bool
  /// What the tier's answer cost off the client's path; `nil` of the answer that was served.
  package var costUSD: Double?

  package init(
    tier: String, quality: Double?, inclusion: Double = 1, isUniform: Bool = true, costUSD: Double? = nil
  ) {
    (self.tier, self.quality, self.inclusion) = (tier, quality, inclusion)
    (self.isUniform, self.costUSD) = (isUniform, costUSD)
  }
}
