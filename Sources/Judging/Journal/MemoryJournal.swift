import Synchronization

/// A journal that lasts as long as its process, and keeps the latest verdicts.
package final class MemoryJournal: JudgeJournal {
  private struct State {
    var entries: [String: JournalEntry] = [:]
    /// The keys in the order they came; a ring once it is full.
    var keys: [String] = []
    var oldest = 0
    var totalCostUSD = 0.0

    mutating func keep(_ entry: JournalEntry, for key: String, capacity: Int) {
      totalCostUSD += entry.costUSD
      guard entries.updateValue(entry, forKey: key) == nil else { return }
      if keys.count < capacity { return keys.append(key) }
      entries[keys[oldest]] = nil
      keys[oldest] = key
      oldest = (oldest + 1) % capacity
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: verdicts that are kept, at least 1; the oldest gives way.
  package init(capacity: Int = 10_000) { self.capacity = max(1, capacity) }

  package var totalCostUSD: Double { state.withLock(\.totalCostUSD) }

  package func entry(for key: String) -> JournalEntry? { state.withLock { $0.entries[key] } }

  package func add(_ entry: JournalEntry, for key: String) {
    state.withLock { $0.keep(entry, for: key, capacity: capacity) }
  }

  package func add(costUSD: Double) { state.withLock { $0.totalCostUSD += max(0, costUSD) } }
}
