import Synchronization

/// Which tier each conversation is in. Bounded and with an end to each entry; lost when the gateway stops.
package final class SessionTable: Sendable {
  /// Where a conversation is.
  package struct Place: Sendable, Hashable {
    package var tier: Int
    /// The probability with which the conversation was put there: that of the draw, not of the turns that it stayed for.
    package var propensity: Double
    /// Turns in a row up to the latest that a cheaper tier would have done for.
    package var lowerTurns = 0

    package init(tier: Int, propensity: Double, lowerTurns: Int = 0) {
      self.tier = tier
      self.propensity = propensity
      self.lowerTurns = lowerTurns
    }

    /// Where a decision puts its conversation, or would put it; `nil` for one that the client or a rule made.
    init?(_ decision: RoutingDecision) {
      guard let tier = decision.observed?.tier ?? (decision.isPinned ? nil : decision.tier) else { return nil }
      self.init(
        tier: tier, propensity: decision.observed?.propensity ?? decision.propensity, lowerTurns: decision.lowerTurns)
    }
  }

  private struct Entry: Sendable {
    var place: Place
    /// In seconds since 1970.
    var end: Double
  }

  private let timeToLive: Double
  private let entries: Mutex<BoundedCache<UInt64, Entry>>

  package init(_ configuration: SessionConfiguration) {
    timeToLive = configuration.timeToLiveSeconds
    entries = Mutex(BoundedCache(capacity: configuration.capacity))
  }

  /// Where a conversation is; `nil` for one that is unknown or was forgotten.
  package func place(of conversation: UInt64, at time: Double) -> Place? {
    entries.withLock { entries in
      guard let entry = entries.value(for: conversation) else { return nil }
      if time < entry.end { return entry.place }
      entries.remove(conversation)
      return nil
    }
  }

  /// Notes where a conversation's latest request went.
  package func set(_ place: Place, for conversation: UInt64, at time: Double) {
    let entry = Entry(place: place, end: time + timeToLive)
    entries.withLock { $0.set(entry, for: conversation) }
  }

  /// Conversations that are remembered.
  package var count: Int { entries.withLock { $0.count } }
}
