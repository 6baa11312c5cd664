package import Ockham

/// What a log contains about one request beside its scores: which tiers answered it, why, and what that gave.
package struct ReplayRecord: Sendable, Hashable {
  /// What one tier gave.
  package struct Outcome: Sendable, Hashable {
    /// The quality by a label, 0…1; `nil` where unknown, also where only the client's user rated the answer.
    package var quality: Double?
    /// What people made of the answer beside the label, 0…1, and the probability with which the request was picked for them
    /// among the labelled; `nil` where they were not asked, or where that is unknown.
    package var gold: Double?
    package var goldInclusion: Double?
    /// The probability with which the request was picked to be rated under this tier; `nil` where the log does not say.
    package var inclusion: Double?
    /// In USD; `nil` where unknown.
    package var costUSD: Double?
    /// From request to last byte; `nil` where unknown.
    package var latencyMilliseconds: Double?

    /// Creates an outcome; nothing is known of it by default.
    package init(
      quality: Double? = nil, inclusion: Double? = nil, costUSD: Double? = nil, latencyMilliseconds: Double? = nil
    ) {
      self.quality = quality
      self.inclusion = inclusion
      self.costUSD = costUSD
      self.latencyMilliseconds = latencyMilliseconds
    }

    func value(_ quantity: ReplayQuantity) -> Double? {
      switch quantity {
      case .quality: quality
      case .costUSD: costUSD
      case .latencyMilliseconds: latencyMilliseconds
      case .failures: nil
      }
    }
  }

  /// By tier [T].
  package var outcomes: [Outcome]
  /// Whether a policy could have sent the request elsewhere: not where the client or a rule named where it goes, nor in a turn
  /// that keeps its conversation's tier. A log that does not say leaves it to policies.
  package var isEligible: Bool
  /// When it was made, in seconds since 1970; `nil` where unknown.
  package var time: Double?
  /// Whether the candidate was not made from this request's labels: see ``ReplayReport/decides``.
  package var decides: Bool

  /// The rates of labels and of audits that were in force when the request was drawn; `nil` where unknown.
  package var labelRate: Double?
  package var auditRate: Double?
  /// The tiers that the candidate's own rules leave, where no rule holds that the log cannot cover, and where
  /// all of those do.
  package var allowed = TierSet.all
  package var allowedInDoubt = TierSet.all
  /// The rules that the log cannot cover, by name.
  package var doubtfulRules: [String] = []

  /// Creates a record.
  package init(outcomes: [Outcome], isEligible: Bool = true, time: Double? = nil, decides: Bool = false) {
    self.outcomes = outcomes
    self.isEligible = isEligible
    self.time = time
    self.decides = decides
  }
}
