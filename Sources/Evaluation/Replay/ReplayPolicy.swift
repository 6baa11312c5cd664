package import Ockham

/// A way of routing that is replayed on a log.
package struct ReplayPolicy: Sendable {
  /// How requests are placed.
  package enum Choice: Sendable, Hashable {
    /// By the scores of a log and these steps.
    case thresholds(Thresholds)
    /// All to one tier.
    case tier(Int)
  }

  /// How reports call it.
  package var name: String
  /// The log by the scores of the policy's model; of a policy without one, by those of the other's.
  package var log: ScoredLog
  package var choice: Choice

  package init(name: String, log: ScoredLog, choice: Choice) {
    self.name = name
    self.log = log
    self.choice = choice
  }

  /// The tier for a row among those that are open to it.
  ///
  /// - Parameter allowed: where the policy's only tier is not among them, the next one below is taken, else the next above.
  func tier(row: Int, allowed: TierSet) -> Int {
    switch choice {
    case .thresholds(let thresholds):
      return thresholds.tier(log, row: row, allowed: allowed)
    case .tier(let tier):
      let open = (0..<log.tierCount).filter(allowed.contains)
      return open.last { $0 <= tier } ?? open.first ?? tier
    }
  }
}
