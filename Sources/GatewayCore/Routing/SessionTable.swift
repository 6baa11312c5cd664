import Synchronization

/// Which tier each conversation is in. Bounded and with an end to each entry; lost when the gateway stops.
package final class SessionTable: Sendable {
  private struct Entry: Sendable {
    var tier: Int
    /// In seconds since 1970.
    var end: Double
  }

  private let timeToLive: Double
  private let entries: Mutex<BoundedCache<UInt64, Entry>>

  package init(_ configuration: SessionConfiguration) {
    timeToLive = configuration.timeToLiveSeconds
    entries = Mutex(BoundedCache(capacity: configuration.capacity))
  }

  /// The tier of a conversation; `nil` for one that is unknown or was forgotten.
  package func tier(of conversation: UInt64, at time: Double) -> Int? {
    entries.withLock { entries in
      guard let entry = entries.value(for: conversation) else { return nil }
      if time < entry.end { return entry.tier }
      entries.remove(conversation)
      return nil
    }
  }

  /// Notes the tier of a conversation's latest request.
  package func set(_ tier: Int, for conversation: UInt64, at time: Double) {
    let entry = Entry(tier: tier, end: time + timeToLive)
    entries.withLock { $0.set(entry, for: conversation) }
  }

  /// Conversations that are remembered.
  package var count: Int { entries.withLock { $0.count } }
}
