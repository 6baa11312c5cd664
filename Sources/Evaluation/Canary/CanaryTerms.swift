/// What a candidate is held to, and what errors may be made about it.
package struct CanaryTerms: Sendable, Hashable {
  /// The candidate's share of the conversations, above 0 and below 1.
  package var share: Double
  /// How much lower its quality may be.
  package var qualityMargin = 0.01
  /// How many more of its requests may fail.
  package var failureMargin = 0.005
  /// How much slower it may be, as a share of the incumbent's mean.
  package var latencyMargin = 0.1
  /// How much more expensive, likewise.
  package var dollarMargin = 0.0
  /// The probability that a candidate within the margins is aborted, a quarter for each quantity.
  package var abortLevel = 0.05
  /// α_k: the probability that one which is worse by the margin, or more expensive, is promoted.
  package var promotionLevel = 0.05 * 6 / (Double.pi * Double.pi)
  /// The conversations at which the contrasts of the arms are to be sharpest.
  package var plannedConversations = 2_000.0

  package init(share: Double) { self.share = share }
}

/// What a canary has come to.
package enum CanaryVerdict: Sendable, Hashable {
  /// Nothing can be decided yet.
  case undecided
  /// It is as good by the margin, and cheaper.
  case promote
  /// It is worse in a quantity than the margin allows.
  case abort(ReplayQuantity)
}
