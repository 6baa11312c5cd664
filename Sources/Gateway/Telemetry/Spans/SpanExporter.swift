import Synchronization

/// How the exporter of spans fares.
package struct SpanCounters: Sendable, Hashable {
  package var sent = 0
  /// Found no room in the queue.
  package var dropped = 0
  /// The collector did not take them.
  package var failed = 0
}

/// Gathers spans and hands them to a collector in batches. Spans are for looking at: what finds no room or no collector
/// is counted and forgotten.
package final class SpanExporter: TraceSink {
  /// Sends a body to `/v1/traces`; throws where the collector did not take it.
  package typealias Send = @Sendable ([UInt8]) async throws -> Void

  private struct State {
    var encoder: SpanEncoder
    var waiting: [RequestTrace] = []
    var counters = SpanCounters()
  }

  /// Spans that may wait, and that one body holds at most.
  package static let capacity = 2048
  package static let batchSpans = 512

  private let state: Mutex<State>
  private let send: Send

  package init(_ encoder: SpanEncoder, send: @escaping Send) {
    state = Mutex(State(encoder: encoder))
    self.send = send
  }

  package var counters: SpanCounters { state.withLock { $0.counters } }

  /// Takes the names of another configuration.
  package func use(_ encoder: SpanEncoder) { state.withLock { $0.encoder = encoder } }

  /// Takes a request that is over, without its text. One that its client does not trace is skipped.
  package func record(_ trace: RequestTrace) {
    guard trace.traceParent?.isSampled ?? true else { return }
    var trace = trace
    trace.request.segments = []
    state.withLock { state in
      if state.waiting.count < Self.capacity {
        state.waiting.append(trace)
      } else {
        state.counters.dropped += 1
      }
    }
  }

  /// Sends what waits, every `interval`, until the task is cancelled. What is left then goes with a last call of
  /// ``export()``, from a task that may still send.
  package func run(every interval: Duration = .seconds(2), clock: some Clock<Duration> = ContinuousClock()) async {
    while (try? await clock.sleep(for: interval)) != nil { await export() }
  }

  /// Sends what waits now, batch by batch.
  package func export() async {
    while true {
      let (batch, encoder) = take()
      if batch.isEmpty { return }
      let isSent = (try? await send(encoder.body(for: batch))) != nil
      state.withLock { state in
        if isSent { state.counters.sent += batch.count } else { state.counters.failed += batch.count }
      }
      // A collector that is away gets its next chance at the next interval.
      if !isSent { return }
    }
  }

  private func take() -> ([RequestTrace], SpanEncoder) {
    state.withLock { state in
      let batch = Array(state.waiting.prefix(Self.batchSpans))
      state.waiting.removeFirst(batch.count)
      return (batch, state.encoder)
    }
  }
}
