import Testing

@testable import Ockham

/// A pool that many tasks share gives what a scratch of one's own gives.
struct ScorerTests {
  private let model: Model
  private let requests = (0..<12).map { index in
    Request(
      segments: [
        Segment(role: .system, text: "Answer in JSON."),
        Segment(
          role: .user, text: String(repeating: "Which of \(index) is prime, naïve 日本語 reader? ", count: 1 + 9 * index)),
      ], attributes: RequestAttributes(toolNames: ["search_\(index)"]))
  }

  init() throws { model = try Model(GoldenFiles.bytes("responses.safetensors")) }

  @Test func decisionsAreThoseOfAScratch() async throws {
    let router = Router(model: model)
    var scratch = model.makeScratch()
    let expected = requests.map { router.route($0, using: &scratch) }
    let requests = requests
    await withTaskGroup(of: [Decision].self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<20).flatMap { _ in requests.map { router.route($0) } } }
      }
      for await found in group {
        for (index, decision) in found.enumerated() { #expect(decision == expected[index % expected.count]) }
      }
    }
  }

  @Test func whatIsLentComesBack() throws {
    let scorer = Scorer(model)
    scorer.withScratches { scratch, responses in
      #expect(responses != nil)
      model.score(requests[0], into: &scratch)
    }
    // The same scratch is lent again, with what was left in it; one lent at the same time is another.
    let left = scorer.withScratch { $0.probabilities }
    #expect(left == scorer.score(requests[0]) { $0.probabilities })
    scorer.withScratch { first in
      model.score(requests[1], into: &first)
      scorer.withScratch { second in #expect(second.probabilities == [Float](repeating: 0, count: 3)) }
    }
  }

  @Test func errorsGoThrough() {
    struct Failed: Error {}
    let scorer = Scorer(model)
    for _ in 0..<100 {
      #expect(throws: Failed.self) { try scorer.score(requests[0]) { _ throws(Failed) in throw Failed() } }
    }
    #expect(scorer.score(requests[0]) { $0.probabilities.count } == 3)
  }

  @Test func aPoolKeepsNoMoreThanItsSlots() {
    let pool = ScratchPool()
    for _ in 0..<ScratchPool.capacity + 3 { pool.putBack(PooledScratch(model)) }
    var taken: [PooledScratch] = []
    while let scratch = pool.take() { taken.append(scratch) }
    #expect(taken.count == ScratchPool.capacity)
    #expect(Set(taken.map(ObjectIdentifier.init)).count == ScratchPool.capacity)
    for scratch in taken.prefix(2) { pool.putBack(scratch) }
    #expect(pool.take() === taken[0] && pool.take() === taken[1] && pool.take() == nil)
  }

  @Test func aPoolLetsGoOfWhatItKeeps() {
    weak var kept: PooledScratch?
    do {
      let pool = ScratchPool()
      let scratch = PooledScratch(model)
      kept = scratch
      pool.putBack(scratch)
    }
    #expect(kept == nil)
  }
}
