import Dispatch
import Synchronization

/// Runs the chunks of one computation on a stated number of threads.
///
/// The chunks, not the threads, carry the arithmetic: callers cut the work at places that depend on the data alone and
/// combine what the chunks give in chunk order. Which thread runs which chunk then has no influence on any bit of the
/// result.
package struct WorkerPool: Sendable {
  /// The most threads that work at a time, at least 1.
  package let threads: Int

  /// Creates a pool; a count below 1 is taken as 1.
  package init(threads: Int) { self.threads = max(1, threads) }

  /// Calls `body` once for each chunk in `0 ..< chunks`, in any order, and returns when all are done.
  package func forEach(_ chunks: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, chunks)
    guard workers > 1 else {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        body(chunk)
      }
    }
  }
}

/// Cuts `0 ..< count` into ranges of `size`, the last one shorter.
func fixedChunks(of count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
