import GatewayCore
package import Logging
import Synchronization
import TextKit

/// Watches each key's share of the most expensive tier: a metric, one warning when it jumps and one notice when it is back.
///
/// Only decisions by the model count: a tier that the client or a rule names steers nothing, and a conversation that stays
/// where it is says the same thing once more. Of a request that is only watched the decision that is not followed counts. Another model or another set of tiers begins a new past for every key.
package final class TopTierShareWatch: TraceSink {
  /// Keys that are watched at the most; those of a configuration are fewer, and memory is bounded all the same.
  static let maximumKeys = 512

  fileprivate struct State {
    var modelIdentifier: UInt64?
    var tierNames: [String] = []
    var shares: [String: TopTierShare] = [:]
  }

  private let metrics: GatewayMetrics
  private let logger: Logger
  private let state = Mutex(State())

  package init(metrics: GatewayMetrics, logger: Logger) {
    self.metrics = metrics
    self.logger = logger
  }

  package func record(_ trace: RequestTrace) {
    let (decision, observed) = (trace.decision, trace.decision.observed)
    guard case .policy = observed?.reason ?? decision.reason, trace.tierNames.count > 1,
      let tier = observed?.tier ?? decision.tier
    else { return }
    let key = trace.key ?? ""
    let isMostExpensive = tier == trace.tierNames.count - 1
    let found = state.withLock { state -> (TopTierShare, TopTierShare.Change?)? in
      state.begin(trace)
      guard state.shares[key] != nil || state.shares.count < Self.maximumKeys else { return nil }
      let change = state.shares[key, default: TopTierShare()].add(isMostExpensive: isMostExpensive)
      return state.shares[key].flatMap { $0.isAtEndOfBlock ? ($0, change) : nil }
    }
    guard let (share, change) = found else { return }
    if let value = share.share { metrics.dearestShare[key].set(value) }
    metrics.dearestAlarm[key].set(share.isAlarmed ? 1 : 0)
    if let change { notify(change, key) }
  }

  private func notify(_ change: TopTierShare.Change, _ key: String) {
    switch change {
    case .raised(let share, let usual):
      logger.warning(
        "a key's share of the most expensive tier has jumped; limit it with a budget or at_most where that is not wanted",
        metadata: Self.facts(key, share, usual))
    case .ended(let share, let usual):
      logger.notice(
        "a key's share of the most expensive tier is its usual one again", metadata: Self.facts(key, share, usual))
    }
  }

  private static func facts(_ key: String, _ share: Double, _ usual: Double) -> Logger.Metadata {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    return [
      "key": "\(SafeText.label(key))", "share": "\(percent(share))", "usual": "\(percent(usual))",
      "decisions": "\(TopTierShare.blockSize)",
    ]
  }
}

extension TopTierShareWatch.State {
  /// Forgets all pasts where others decide than before.
  fileprivate mutating func begin(_ trace: RequestTrace) {
    guard modelIdentifier != trace.decision.modelIdentifier || tierNames != trace.tierNames else { return }
    self = Self(modelIdentifier: trace.decision.modelIdentifier, tierNames: trace.tierNames)
  }
}
