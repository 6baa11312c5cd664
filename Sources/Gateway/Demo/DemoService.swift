import Dispatch
import Logging
import ServiceLifecycle

/// Fills the demo's log with made-up traffic while the gateway serves already.
struct DemoService: Service {
  let recorder: TelemetryRecorder
  let terms: DemoTerms
  let logger: Logger
  private static let queue = DispatchQueue(label: "ockham.demo", qos: .utility)

  func run() async throws {
    await cancelWhenGracefulShutdown { await fill() }
    try? await gracefulShutdown()
  }

  /// Writes all of it, in batches between those of the gateway's own requests.
  func fill() async {
    var writing = DemoWriting(terms)
    while !Task.isCancelled {
      let (next, batch) = await Self.batch(of: writing)
      guard let batch else { break }
      writing = next
      guard await write(batch) else { return }
    }
    logger.info("the made-up traffic is there", metadata: ["requests": "\(writing.requests)"])
  }

  private static func batch(of writing: DemoWriting) async -> (DemoWriting, TelemetryBatch?) {
    await withCheckedContinuation { continuation in
      queue.async {
        var next = writing
        let batch = next.next()
        continuation.resume(returning: (next, batch))
      }
    }
  }

  private func write(_ batch: TelemetryBatch) async -> Bool {
    await withCheckedContinuation { continuation in
      recorder.writing.async {
        do throws(TelemetryStoreError) {
          try recorder.store.write(batch)
          continuation.resume(returning: true)
        } catch {
          logger.warning("the made-up traffic ends early", metadata: ["error": "\(error)"])
          continuation.resume(returning: false)
        }
      }
    }
  }
}
