import Synchronization

/// The responses that clients may go on from, ask for again and delete: in memory alone, bounded in number, bytes and time.
///
/// Each belongs to the key that asked for it; another key does not learn that it exists. Without keys all clients are one.
package final class ResponseStore: Sendable {
  /// What is kept of a response.
  package struct Entry: Sendable {
    /// The JSON that the client got.
    package let body: [UInt8]
    /// The conversation up to its answer.
    package let turn: ResponseTurn
    /// In seconds since 1970.
    fileprivate let end: Double
  }

  fileprivate struct Name: Hashable {
    let owner: String?
    let id: String
  }

  fileprivate struct State {
    var configuration: StoredResponsesConfiguration
    /// In the order in which they were kept: looking at one is no use of it.
    var entries: BoundedCache<Name, Entry>
    /// Of the bodies.
    var bodyBytes = 0
  }

  private let meter = ByteMeter()
  private let state = Mutex<State?>(nil)

  /// A store that keeps nothing until ``use(_:)`` says so.
  package init() {}

  /// Sets the bounds; `nil` forgets everything and keeps nothing from now on.
  package func use(_ configuration: StoredResponsesConfiguration?) {
    let old: State? = state.withLock { state in
      guard state?.configuration != configuration else { return nil }
      defer {
        state = configuration.map { State(configuration: $0, entries: BoundedCache(capacity: $0.entries)) }
      }
      return state
    }
    // Long chains are let go of here, outside the lock.
    _ = old
  }

  /// Whether responses are kept.
  package var isOn: Bool { state.withLock { $0 != nil } }

  /// A response of a key; `nil` where there is none, or no longer.
  package func entry(_ id: String, of owner: String?, at time: Double) -> Entry? {
    state.withLock { state in
      guard let entry = state?.entries.peek(Name(owner: owner, id: id)), time < entry.end else { return nil }
      return entry
    }
  }

  /// Keeps a response. What is larger than all bounds is not kept.
  ///
  /// - Parameters:
  ///   - body: the JSON that the client gets.
  ///   - items: what its turn adds: items with commas between.
  ///   - previous: the turn that it goes on from.
  package func keep(
    _ id: String, of owner: String?, body: [UInt8], items: [UInt8], after previous: ResponseTurn?, at time: Double
  ) {
    let bytes = body.count + items.count + (previous?.totalBytes ?? 0)
    // What is not kept does not even count for a moment: it would push others out.
    guard bytes <= state.withLock({ $0?.configuration.bytes ?? -1 }) else { return }
    let turn = ResponseTurn(items: items, after: previous, meter: meter)
    let released: [Entry] = state.withLock { state in
      guard var next = state else { return [] }
      // One copy at a time, so that nothing is copied on write.
      state = nil
      defer { state = next }
      var released: [Entry] = []
      let name = Name(owner: owner, id: id)
      if let old = next.remove(name) { released.append(old) }
      while next.entries.count >= next.configuration.entries, let old = next.removeOldest() { released.append(old) }
      let end = time + next.configuration.timeToLiveSeconds
      next.entries.set(Entry(body: body, turn: turn, end: end), for: name)
      next.bodyBytes += body.count
      return released
    }
    _ = released
    trim()
  }

  /// Deletes a response of a key; whether it was there.
  package func remove(_ id: String, of owner: String?, at time: Double) -> Bool {
    let entry = state.withLock { $0?.remove(Name(owner: owner, id: id)) }
    return entry.map { time < $0.end } ?? false
  }

  /// Forgets what has been kept for long enough.
  package func expire(at time: Double) {
    while state.withLock({ state -> Entry? in
      guard let key = state?.entries.oldestKey, let entry = state?.entries.peek(key), entry.end <= time else {
        return nil
      }
      return state?.remove(key)
    }) != nil {}
  }

  /// Responses, and the bytes of all that is kept for them.
  package var standing: (entries: Int, bytes: Int) {
    state.withLock { (($0?.entries.count ?? 0), ($0?.bodyBytes ?? 0) + meter.count) }
  }

  /// Forgets the oldest until the rest is within its bytes. A turn that a later response goes on from lives on, so that one
  /// entry may free nothing.
  private func trim() {
    while state.withLock({ state -> Entry? in
      let (bytes, bound) = ((state?.bodyBytes ?? 0) + meter.count, state?.configuration.bytes ?? .max)
      return bytes > bound ? state?.removeOldest() : nil
    }) != nil {}
  }
}

extension ResponseStore.State {
  fileprivate mutating func remove(_ name: ResponseStore.Name) -> ResponseStore.Entry? {
    guard let entry = entries.peek(name) else { return nil }
    entries.remove(name)
    bodyBytes -= entry.body.count
    return entry
  }

  fileprivate mutating func removeOldest() -> ResponseStore.Entry? { entries.oldestKey.flatMap { remove($0) } }
}
