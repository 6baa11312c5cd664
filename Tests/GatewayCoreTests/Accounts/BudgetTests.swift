import Testing

@testable import ChatProtocols
@testable import GatewayCore

struct BudgetTests {
  /// 2025-03-31T12:00:00Z.
  private static let noon = 1_743_422_400.0
  private static let midnight = noon + 43_200

  private static func key(day: Double? = nil, month: Double? = nil) -> KeyConfiguration {
    var key = KeyConfiguration(name: "k", sha256: "")
    (key.dailyBudgetUSD, key.monthlyBudgetUSD) = (day, month)
    return key
  }

  private func error(_ body: () throws -> Void) -> GatewayError? {
    do { try body() } catch { return error as? GatewayError }
    return nil
  }

  @Test func estimatesAreSetAsideAndReplaced() throws {
    let budgets = Budgets()
    let key = Self.key(day: 1)
    let first = try budgets.reserve(0.6, for: key, at: Self.noon)
    #expect(error { _ = try budgets.reserve(0.6, for: key, at: Self.noon) }?.code == .budgetExceeded)
    budgets.settle(first, costUSD: 0.25, at: Self.noon)
    #expect(budgets.spend(of: "k", at: Self.noon).dayUSD == 0.25)
    _ = try budgets.reserve(0.75, for: key, at: Self.noon)
    #expect(error { _ = try budgets.reserve(nil, for: key, at: Self.noon) }?.status == 429)
  }

  @Test func retryAfterLeadsToTheNextPeriod() throws {
    let budgets = Budgets()
    let early = Self.noon - 86_400
    #expect(error { _ = try budgets.reserve(2, for: Self.key(day: 1), at: early) }?.retryAfterSeconds == 43_200)
    let month = error { _ = try budgets.reserve(2, for: Self.key(month: 1), at: early) }
    #expect(month?.retryAfterSeconds == 129_600)
    #expect(month?.type == "insufficient_quota")
  }

  @Test func periodsBeginAnew() throws {
    let budgets = Budgets()
    let key = Self.key(day: 1, month: 1.5)
    budgets.settle(try budgets.reserve(1, for: key, at: Self.noon - 86_400), costUSD: 1, at: Self.noon - 86_400)
    // A new day, the same month.
    #expect(
      budgets.spend(of: "k", at: Self.noon)
        == {
          var s = Budgets.Spend(); s.monthUSD = 1; return s
        }())
    #expect(error { _ = try budgets.reserve(0.6, for: key, at: Self.noon) }?.message.contains("month") == true)
    // A new month.
    _ = try budgets.reserve(0.6, for: key, at: Self.midnight)
    #expect(budgets.spend(of: "k", at: Self.midnight).monthUSD == 0.6)
  }

  @Test func costsBelongToThePeriodOfTheirRequest() throws {
    let budgets = Budgets()
    let late = try budgets.reserve(0.5, for: Self.key(day: 1), at: Self.noon)
    budgets.settle(late, costUSD: 0.9, at: Self.midnight + 1)
    #expect(budgets.spend(of: "k", at: Self.midnight + 1) == Budgets.Spend())
  }

  @Test func unknownCostsAreCountedAndNotMoney() throws {
    let budgets = Budgets()
    let key = Self.key(day: 1)
    budgets.settle(try budgets.reserve(nil, for: key, at: Self.noon), costUSD: nil, at: Self.noon)
    #expect(budgets.spend(of: "k", at: Self.noon).unpricedRequests == 1)
    #expect(budgets.spend(of: "k", at: Self.noon).dayUSD == 0)
    // Where there was an estimate, it stays.
    budgets.settle(try budgets.reserve(0.3, for: key, at: Self.noon), costUSD: nil, at: Self.noon)
    #expect(budgets.spend(of: "k", at: Self.noon).dayUSD == 0.3)
    #expect(budgets.spend(of: "k", at: Self.noon).unpricedRequests == 1)
  }

  @Test func restoredSpendCounts() {
    let budgets = Budgets()
    var spend = Budgets.Spend()
    (spend.dayUSD, spend.monthUSD) = (1, 4)
    budgets.restore(spend, for: "k", at: Self.noon)
    #expect(error { _ = try budgets.reserve(0, for: Self.key(day: 1), at: Self.noon) }?.code == .budgetExceeded)
  }

  @Test(arguments: [Double.nan, -5, .infinity, -.infinity])
  func hostileAmountsDoNoHarm(amount: Double) throws {
    let budgets = Budgets()
    let key = Self.key(day: 1)
    budgets.settle(try budgets.reserve(amount, for: key, at: amount), costUSD: amount, at: amount)
    let spend = budgets.spend(of: "k", at: Self.noon).monthUSD
    #expect(spend >= 0 && spend.isFinite)
  }

  @Test func manyAtATimeDoNotOverspend() async throws {
    let budgets = Budgets()
    let key = Self.key(day: 1)
    let granted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 {
        group.addTask { (try? budgets.reserve(0.125, for: key, at: Self.noon)) != nil }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 8)
  }

  @Test(arguments: [
    (0.0, 0, 0), (86_399.9, 0, 0), (86_400, 1, 0), (951_782_400, 11_016, 361), (951_868_800, 11_017, 362),
    (-1, 0, 0), (1e300, 1_157_407, 38_026), (Double.nan, 0, 0),
  ])
  func days(time: Double, day: Int, month: Int) {
    #expect(UTCDay(time: time).day == day)
    #expect(UTCDay(time: time).month == month)
  }
}
