import Glibc
import Ockham

/// Many threads score and route through one router, with scratches of its pool and of their own, under the thread sanitizer:
/// Threads [--race]
///
/// Every thread must come to the bits that one thread alone came to. With --race all threads share one scratch, which the
/// documentation forbids: the sanitizer must then report a race, or it would not see one elsewhere either. Plain POSIX
/// threads, because the sanitizer misses races between tasks.
@main enum Threads {
  static let threadCount = 4
  static let rounds = 60

  static func main() {
    let sharesScratch = CommandLine.arguments.contains("--race")
    for name in ["logistic.safetensors", "joint.safetensors", "mlp.safetensors"] {
      guard let model = try? Model(goldenBytes(name)) else { fatalError("\(name) does not load") }
      let work = Work(Router(model: model), sharesScratch: sharesScratch)
      let threads = (0..<threadCount).map { _ in start(work) }
      for thread in threads { pthread_join(thread, nil) }
    }
    print("threads: \(threadCount) threads of \(rounds) rounds agree")
  }

  private static func start(_ work: Work) -> pthread_t {
    var thread = pthread_t()
    let created = pthread_create(
      &thread, nil,
      { pointer in
        Unmanaged<Work>.fromOpaque(pointer!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    guard created == 0 else { fatalError("no thread") }
    return thread
  }
}

/// What every thread does.
final class Work: @unchecked Sendable {
  private let router: Router
  private let requests: [Request]
  private let expected: [[UInt32]]
  private let sharesScratch: Bool
  private var shared: Scratch

  init(_ router: Router, sharesScratch: Bool) {
    (self.router, self.sharesScratch) = (router, sharesScratch)
    requests = (0..<8).map(Self.request)
    var scratch = router.model.makeScratch()
    expected = requests.map { Self.bits(router, $0, &scratch) }
    shared = scratch
  }

  func run() {
    var scratch = router.model.makeScratch()
    for round in 0..<Threads.rounds {
      for (index, request) in requests.enumerated() {
        if sharesScratch {
          router.model.score(request, into: &shared)
        } else {
          guard Self.bits(router, request, &scratch) == expected[index] else { fatalError("round \(round) differs") }
          let lent = router.scorer.withScratch { Self.bits(router, request, &$0) }
          guard lent == expected[index] else { fatalError("round \(round) differs with the pool") }
        }
      }
    }
  }

  private static func request(_ index: Int) -> Request {
    let text = String(repeating: "What is the sum of 3.5 and \(index), naïve 日本語 reader?\nA. x\n", count: 1 + 5 * index)
    return Request(
      segments: [Segment(role: .system, text: "Answer in JSON."), Segment(role: .user, text: text)],
      attributes: RequestAttributes(toolNames: ["search_\(index)"], toolSchemaBytes: index))
  }

  private static func bits(_ router: Router, _ request: Request, _ scratch: inout Scratch) -> [UInt32] {
    let decision = router.route(request, using: &scratch)
    return (scratch.logits + scratch.probabilities + [decision.gain]).map(\.bitPattern) + [UInt32(decision.tier)]
  }
}
