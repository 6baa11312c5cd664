import Dispatch
import Evaluation
import GatewayCore
import Synchronization

/// Traffic of a period, and when it was read.
struct ReadTraffic: Sendable {
  var traffic: Traffic
  /// Seconds since 1970.
  var asOf: Double
}

/// Keeps what takes long to read. What is cheap is read anew whenever it is asked for; what is not is shown as it was and read
/// again in the background, so that a view never waits for it twice.
final class ViewCache: Sendable {
  /// Which traffic: so many hours, up to the present one or to so many before it.
  struct Key: Sendable, Hashable {
    var hours: Int
    var hoursBack = 0
    var tierNames: [String]
  }

  private struct Entry {
    var read: ReadTraffic
    var hours: Range<Int>
    /// What it took, in seconds.
    var cost: Double
    var isUnderWay = false
  }

  /// Reading that takes no longer is done while somebody waits.
  private static let cheapSeconds = 0.2
  /// Cheap reading is not repeated within this.
  private static let freshSeconds = 0.5
  /// What was expensive to read is kept for so many times as long as that took, and at least this; older than an hour it is shown to
  /// no one.
  private static let (expensiveFactor, expensiveSeconds, oldestSeconds) = (20.0, 10.0, 3600.0)
  /// Views that are kept at most.
  private static let capacity = 16

  private let entries = Mutex<[Key: Entry]>([:])
  private let clock: GatewayClock
  private let queue = DispatchQueue(label: "ockham.page", attributes: .concurrent)

  init(clock: GatewayClock) { self.clock = clock }

  /// Traffic as it is, or as it was a moment ago.
  func traffic(_ key: Key, from store: any AuditStore) async throws(TelemetryStoreError) -> ReadTraffic {
    let hours = self.hours(of: key)
    let now = clock.unixSeconds()
    let known = entries.withLock { entries -> (ReadTraffic, isRefreshed: Bool)? in
      guard var entry = entries[key] else { return nil }
      let age = now - entry.read.asOf
      if entry.cost < Self.cheapSeconds {
        return entry.hours == hours && age < Self.freshSeconds ? (entry.read, false) : nil
      }
      guard age < Self.oldestSeconds else { return nil }
      let isStale =
        entry.hours != hours || age > max(Self.expensiveSeconds, Self.expensiveFactor * entry.cost)
      guard isStale, !entry.isUnderWay else { return (entry.read, false) }
      entry.isUnderWay = true
      entries[key] = entry
      return (entry.read, true)
    }
    guard let known else { return try await read(key, hours, from: store) }
    if known.isRefreshed { Task { _ = try? await self.read(key, hours, from: store) } }
    return known.0
  }

  private func hours(of key: Key) -> Range<Int> {
    let end = TrafficKey.hour(of: clock.unixSeconds()) + 1 - key.hoursBack
    return end - key.hours..<end
  }

  private func read(
    _ key: Key, _ hours: Range<Int>, from store: any AuditStore
  ) async throws(TelemetryStoreError) -> ReadTraffic {
    let (asOf, start) = (clock.unixSeconds(), clock.steadySeconds())
    let result = await onQueue { () throws(TelemetryStoreError) in
      try store.traffic(hours, tierNames: key.tierNames, isByDay: hours.count > 48)
    }
    let cost = clock.steadySeconds() - start
    guard case .success(let traffic) = result else {
      entries.withLock { $0[key]?.isUnderWay = false }
      return ReadTraffic(traffic: try result.get(), asOf: asOf)
    }
    let read = ReadTraffic(traffic: traffic, asOf: asOf)
    entries.withLock { entries in
      if entries.count >= Self.capacity, entries[key] == nil,
        let oldest = entries.min(by: { $0.value.read.asOf < $1.value.read.asOf })
      {
        entries[oldest.key] = nil
      }
      entries[key] = Entry(read: read, hours: hours, cost: cost)
    }
    return read
  }

  /// Reads where no one else waits.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable () throws(TelemetryStoreError) -> Value
  ) async throws(TelemetryStoreError) -> Value {
    try await onQueue(body).get()
  }

  private func onQueue<Value: Sendable>(
    _ body: @escaping @Sendable () throws(TelemetryStoreError) -> Value
  ) async -> Result<Value, TelemetryStoreError> {
    await withCheckedContinuation { continuation in
      queue.async {
        do throws(TelemetryStoreError) { continuation.resume(returning: .success(try body())) } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
  }
}
