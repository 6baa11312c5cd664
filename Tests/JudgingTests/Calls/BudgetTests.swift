import Synchronization
import Testing

@testable import Judging

struct BudgetTests {
  private static func budget(_ cap: Double?) -> JudgeBudget {
    JudgeBudget(capUSD: cap) { Double($0 + $1) }
  }

  @Test func whatIsReservedCountsUntilItIsSettled() throws {
    let budget = Self.budget(10)
    try budget.reserve(6)
    #expect(throws: JudgeError.budgetSpent(capUSD: 10, spentUSD: 0)) { try budget.reserve(5) }
    budget.settle(reservedUSD: 6, spentUSD: 1)
    try budget.reserve(9)
    budget.settle(reservedUSD: 9, spentUSD: 9)
    #expect(throws: JudgeError.budgetSpent(capUSD: 10, spentUSD: 10)) { try budget.reserve(0.5) }
    try budget.reserve(0)
    #expect(budget.spentUSD == 10 && budget.costUSD(inputTokens: 2, outputTokens: 3) == 5)
  }

  @Test func withoutACapEverythingPasses() throws {
    let budget = Self.budget(nil)
    for _ in 0..<10 { try budget.reserve(1e300) }
  }

  /// How much is set aside or spent at a moment, seen from outside.
  private final class Watch: Sendable {
    private let state = Mutex((held: 0.0, most: 0.0))

    var most: Double { state.withLock(\.most) }

    func add(_ amount: Double) {
      state.withLock { state in
        state.held += amount
        state.most = max(state.most, state.held)
      }
    }
  }

  /// Many tasks that reserve more than they spend: the cap holds at every moment, and what it allows is used.
  @Test func theCapHoldsForManyAtATime() async {
    let budget = Self.budget(1000)
    let watch = Watch()
    let spent = await withTaskGroup(of: Double.self) { group in
      for _ in 0..<64 { group.addTask { await Self.spend(from: budget, watch) } }
      return await group.reduce(0, +)
    }
    #expect(budget.spentUSD == spent)
    #expect(spent <= 1000 && spent > 996)
    #expect(watch.most <= 1000)
  }

  private static func spend(from budget: JudgeBudget, _ watch: Watch) async -> Double {
    var spent = 0.0
    for step in 0..<200 {
      do { try budget.reserve(4) } catch { continue }
      watch.add(4)
      if step % 3 == 0 { await Task.yield() }
      let cost = Double(step % 5)
      spent += cost
      watch.add(cost - 4)
      budget.settle(reservedUSD: 4, spentUSD: cost)
    }
    return spent
  }

  @Test func pausesGrowToALimit() {
    let policy = RetryPolicy()
    for attempt in 1...12 {
      let most = min(60, 0.5 * Double(1 << (attempt - 1)))
      for _ in 0..<20 {
        #expect((most / 2...most).contains(policy.pauseSeconds(attempt: attempt, retryAfterSeconds: nil)))
      }
    }
    #expect(policy.pauseSeconds(attempt: 9, retryAfterSeconds: 3) == 3)
    #expect(policy.pauseSeconds(attempt: 1, retryAfterSeconds: 1e9) == 60)
    #expect(policy.pauseSeconds(attempt: 5000, retryAfterSeconds: nil) <= 60)
  }
}
