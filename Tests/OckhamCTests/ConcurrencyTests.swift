import COckham
import Ockham
import Testing

/// One router, a scratch per task: the same requests give the same bits whatever the others do.
struct ConcurrencyTests {
  @Test func tasksThatShareARouterAgree() async throws {
    let router = try CRouter(Files.bytes(Files.models[2]))
    let alone = Self.run(router, from: 0)
    let together = await withTaskGroup(of: [UInt32].self) { group in
      for index in 0..<16 { group.addTask { Self.run(router, from: index) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.count == 16 && together.allSatisfy { $0 == alone })
  }

  /// The bits of every request's probabilities and gain, in the order of the requests; scored from `start` on and around.
  private static func run(_ router: CRouter, from start: Int) -> [UInt32] {
    let scratch = router.makeScratch()
    let requests = MadeUpRequests.all
    var bits = [[UInt32]](repeating: [], count: requests.count)
    for round in 0..<3 * requests.count {
      let index = (start + round) % requests.count
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
      let gain = CRequest(requests[index]).withRequest { scratch.route($0, tiers: &tiers).1.gain }
      bits[index] = tiers.map(\.probability.bitPattern) + [gain.bitPattern]
    }
    return bits.flatMap { $0 }
  }
}
