import Foundation
import Synchronization
import Testing

@testable import OckhamTraining

/// Processes of a team, played by threads that wait for each other.
private final class Meeting: Sendable {
  private struct State {
    var sum: [Double] = []
    var arrived = 0
    var round = 0
    var result: [Double] = []
  }

  private let state = Mutex(State())
  private let changed = NSCondition()
  let count: Int

  init(count: Int) { self.count = count }

  func sum(_ values: inout [Double]) {
    changed.lock()
    defer { changed.unlock() }
    let part = values
    let round = state.withLock { state in
      state.sum = state.arrived == 0 ? part : zip(state.sum, part).map(+)
      state.arrived += 1
      let round = state.round
      if state.arrived == count { (state.result, state.arrived, state.round) = (state.sum, 0, state.round + 1) }
      return round
    }
    changed.broadcast()
    while state.withLock({ $0.round }) == round { changed.wait() }
    values = state.withLock { $0.result }
  }
}

private struct Member: ProcessGroup {
  let rank: Int
  let meeting: Meeting
  var count: Int { meeting.count }
  func sum(_ values: inout [Double]) { meeting.sum(&values) }
  func leave(status: Int32) {}
}

@Suite struct ProcessGroupTests {
  private func onEachMember<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Member) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(count: count)
    let results = Mutex([Int: Swift.Result<Result, any Error>]())
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      Thread.detachNewThread {
        let result = Swift.Result { try body(Member(rank: rank, meeting: meeting)) }
        results.withLock { $0[rank] = result }
        group.leave()
      }
    }
    group.wait()
    let found = results.withLock { $0 }
    return try (0..<count).compactMap { try found[$0]?.get() }
  }

  @Test(arguments: [2, 3]) func partsAddUpToTheWhole(count: Int) throws {
    let problem = try Fixture.problem(rows: 1_500, columns: 40, denseColumns: 3, heads: 2)
    let parameters = LogisticParameters(l2Sparse: 0.03, l2Dense: 0.07)
    let solution = try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 1)).solve(problem)
    let shared = try onEachMember(count) { member in
      try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 1), team: member).solve(problem)
    }
    #expect(shared.count == count)
    for other in shared {
      // Every process ends with the same bits; a single one differs by the order of sums.
      #expect(other.model == shared[0].model)
      #expect(Fixture.distance(other.model.sparse, solution.model.sparse.map(Double.init)) < 1e-5)
      #expect(abs(other.loss - solution.loss) < 1e-9)
    }
  }

  @Test func rowsAreDealtOutOnce() throws {
    for rows in [0, 1, 256, 257, 5_000] {
      let design = try Fixture.problem(rows: max(2, rows), columns: 3, denseColumns: 1, heads: 1).design
      let meeting = Meeting(count: 3)
      let chunks = (0..<3).flatMap { design.rowChunks(most: 4, team: Member(rank: $0, meeting: meeting)) }
      #expect(chunks.flatMap(Array.init) == Array(0..<max(2, rows)))
    }
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func aTeamTrainsOneRouter(kind: Recipe.Architecture) throws {
    let dataset = try Training.madeUp(90)
    let recipe = Training.recipe(kind)
    let single = try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 1)).run()
    let routers = try onEachMember(2) { member in
      try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 1), team: member).run()
    }
    #expect(routers.count == 2)
    #expect(routers[0].weights.tensorFile().encoded() == routers[1].weights.tensorFile().encoded())
    for router in routers {
      for (a, b) in zip(router.outOfFold.logits, single.outOfFold.logits) { #expect(abs(a - b) < 1e-3) }
    }
  }
}
