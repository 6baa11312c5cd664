import CAffinity
import Glibc
import Ockham

/// What one thread of a batch works on.
private final class Share {
  let model: Model
  let requests: [Input]
  let processor: Int
  /// What the decisions took of the processor, waiting for it not included.
  private(set) var processorTime = 0

  init(_ model: Model, _ requests: [Input], processor: Int) {
    (self.model, self.requests, self.processor) = (model, requests, processor)
  }

  func run() {
    _ = pin_to_processor(Int32(processor))
    let runner = PartRunner(model)
    let start = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    for _ in 0..<40 { for request in requests { runner.run(.route, request) } }
    processorTime = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start
  }
}

/// How a batch gains from a second thread.
struct BatchResult {
  /// Decisions per second of one thread and of two, by the clock on the wall.
  let rates: [Double]
  /// Nanoseconds of processor time per decision with one thread and with two. On a machine that others use too, this is
  /// what shows whether threads are in each other's way.
  let processorTimes: [Double]
  /// The share of twice one thread that two reach.
  var efficiency: Double { rates[1] / (2 * rates[0]) }
  /// The same by processor time.
  var processorEfficiency: Double { processorTimes[0] / processorTimes[1] }
}

/// Decides the same batch with one and with two threads, in turns, and takes the best of each.
func measureBatch(_ model: Model) -> BatchResult {
  var prompts = Prompts(seed: 5)
  let requests = (0..<500).map { _ in Input(prompts.next(.english, byteCount: 1_000), for: .route) }
  var walls = [Double.infinity, .infinity]
  var processors = walls
  for _ in 0..<15 {
    for threads in 1...2 {
      let shares = (0..<threads).map { Share(model, requests, processor: $0) }
      let start = nanoseconds()
      runThreads(shares)
      let count = Double(threads * 40 * requests.count)
      walls[threads - 1] = min(walls[threads - 1], Double(nanoseconds() - start) / count)
      let time = Double(shares.reduce(0) { $0 + $1.processorTime })
      processors[threads - 1] = min(processors[threads - 1], time / count)
    }
  }
  return BatchResult(rates: walls.map { 1e9 / $0 }, processorTimes: processors)
}

private func runThreads(_ shares: [Share]) {
  let threads = shares.map { share in
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Share>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(share).toOpaque())
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}
