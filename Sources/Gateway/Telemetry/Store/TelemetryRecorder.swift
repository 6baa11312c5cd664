import Dispatch
import Foundation
import Logging
import Synchronization

/// Records what happened to requests in a store: takes traces and feedback, forms batches, retries, deletes what has
/// expired. The same for every kind of store.
///
/// ``record(_:)`` takes a lock for a moment and never waits. One serial queue writes, in transactions of up to
/// ``batchRows``, as soon as there are so many or ``pauseSeconds`` after the first; readers go on meanwhile. What finds no
/// room, and what the store refuses, is counted; the gateway goes on without it. A program that is killed loses what
/// waited: in steady state at most one batch.
package final class TelemetryRecorder: TraceSink {
  /// Entries per transaction, and the number of waiting entries that calls the writer at once.
  package static let batchRows = 256

  /// Requests that one transaction of retention deletes.
  static let deletedRows = 256

  let store: any TelemetryStore
  let queue: Mutex<TelemetryQueue>
  let settings: Mutex<TelemetrySettings>
  private let maker = Mutex(TelemetryRecordMaker())
  private let deletedCount = Mutex(0)
  private let isFailing = Mutex(false)
  private let isDetached = Mutex(false)
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let pauseSeconds: Double
  /// Everything that writes runs here.
  let writing = DispatchQueue(label: "ockham.telemetry")

  /// - Parameters:
  ///   - queueRecords: entries that may wait; more are dropped and counted.
  ///   - pauseSeconds: how long an entry may wait for others to be written with.
  ///   - now: seconds since 1970, for retention.
  init(
    _ store: any TelemetryStore, settings: TelemetrySettings, queueRecords: Int = 8192, pauseSeconds: Double = 0.2,
    logger: Logger, now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.store = store
    self.settings = Mutex(settings)
    queue = Mutex(TelemetryQueue(capacity: queueRecords, batchRows: Self.batchRows))
    self.pauseSeconds = pauseSeconds
    self.logger = logger
    self.now = now
    scheduleDeletion(afterSeconds: pauseSeconds)
  }

  /// Takes a request that is over. Never waits.
  package func record(_ trace: RequestTrace) { call(queue.withLock { $0.add(trace) }) }

  /// Changes what is kept, from the next batch on.
  package func use(_ settings: TelemetrySettings) { self.settings.withLock { $0 = settings } }

  /// How the store fares.
  package var counters: TelemetryCounters {
    var counters = queue.withLock { queue in
      var counters = queue.counters
      counters.queued = queue.count
      return counters
    }
    counters.deleted = deletedCount.withLock { $0 }
    counters.isDetached = isDetached.withLock { $0 }
    return counters
  }

  /// Writes what has come so far and closes the store; what comes later is dropped and counted.
  package func close() async {
    queue.withLock { $0.close() }
    await onWriter { recorder in
      recorder.drain()
      recorder.store.close()
    }
  }

  func onWriter(_ body: @escaping @Sendable (TelemetryRecorder) -> Void) async {
    await withCheckedContinuation { continuation in
      writing.async {
        body(self)
        continuation.resume()
      }
    }
  }

  func call(_ call: TelemetryQueue.Call) {
    switch call {
    case .none: break
    case .now: writing.async { [weak self] in self?.drain() }
    case .later: writing.asyncAfter(deadline: .now() + pauseSeconds) { [weak self] in self?.drain() }
    }
  }
}

// On the writing queue.
extension TelemetryRecorder {
  /// Writes batches until nothing waits or the store refuses.
  func drain() {
    queue.withLock { $0.noteWriter() }
    while true {
      let batch = queue.withLock { $0.takeBatch() }
      if batch.isEmpty || !write(batch) { return }
    }
  }

  /// Writes a batch in one transaction; `false` where the store refused.
  private func write(_ batch: TelemetryQueue.Batch) -> Bool {
    do throws(TelemetryStoreError) { try store.write(rows(of: batch)) } catch {
      record(error, batch)
      return false
    }
    queue.withLock { $0.finish(batch) }
    noteSuccess()
    return true
  }

  private func rows(of batch: TelemetryQueue.Batch) -> TelemetryBatch {
    let settings = settings.withLock { $0 }
    return maker.withLock { maker in
      let entries = batch.entries.map { entry -> TelemetryBatch.Entry in
        switch entry {
        case .trace(let trace): .request(maker.record(of: trace, settings))
        case .feedback(let feedback): .feedback(feedback)
        case .rating(let rating): .rating(rating)
        case .label(let label): .label(settings.prompts == .full ? label : label.withoutTexts)
        }
      }
      return TelemetryBatch(entries: entries, spending: batch.spending)
    }
  }

  /// A store that is busy is tried again with the same batch; all other errors cost it.
  private func record(_ error: TelemetryStoreError, _ batch: TelemetryQueue.Batch) {
    if case .busy = error {
      queue.withLock { $0.putBack(batch) }
    } else {
      queue.withLock { $0.fail(batch) }
    }
    if queue.withLock({ $0.count }) > 0 {
      writing.asyncAfter(deadline: .now() + max(1, pauseSeconds)) { [weak self] in self?.drain() }
    }
    warn(error)
  }

  /// One warning until writing works again.
  private func warn(_ error: TelemetryStoreError) {
    let isNew = isFailing.withLock { isFailing in
      defer { isFailing = true }
      return !isFailing
    }
    guard isNew else { return }
    logger.warning(
      "telemetry cannot be written; requests go on without it",
      metadata: ["error": "\(error)", "queued": "\(counters.queued)"])
  }

  private func noteSuccess() {
    let wasFailing = isFailing.withLock { isFailing in
      defer { isFailing = false }
      return isFailing
    }
    guard wasFailing else { return }
    logger.notice("telemetry is written again", metadata: ["failed": "\(counters.failed)"])
  }
}

// Retention, on the writing queue.
extension TelemetryRecorder {
  /// Once a minute, and at once again while there is more to delete.
  private static let deletionSeconds = 60.0

  private func scheduleDeletion(afterSeconds seconds: Double) {
    writing.asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      checkPlace()
      scheduleDeletion(afterSeconds: deleteBatch() ? 0.01 : Self.deletionSeconds)
    }
  }

  /// Looks whether what is written can still be found; one warning until it can.
  func checkPlace() {
    let isAway = !queue.withLock({ $0.isClosed }) && !store.isInPlace
    let was = isDetached.withLock { isDetached in
      defer { isDetached = isAway }
      return isDetached
    }
    if isAway, !was {
      logger.error(
        "telemetry's file was deleted or replaced; what is written, budgets too, ends with the process",
        metadata: ["remedy": "put the file back, or restart the gateway"])
    } else if was, !isAway {
      logger.notice("the file of telemetry.path is back")
    }
  }

  /// Deletes the oldest expired requests; `false` when there are no more.
  func deleteBatch() -> Bool {
    guard let days = settings.withLock({ $0.retentionDays }), !queue.withLock({ $0.isClosed }) else { return false }
    let end = now() - days * 86_400
    do throws(TelemetryStoreError) {
      let count = try store.deleteRequests(before: end, limit: Self.deletedRows)
      deletedCount.withLock { $0 += count }
      return count == Self.deletedRows
    } catch {
      warn(error)
      return false
    }
  }
}
