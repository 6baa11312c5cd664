import ChatProtocols
import Foundation
import GRDB
import Logging
import Testing

@testable import Gateway
@testable import GatewayCore

/// Every kind of ledger, made for a test.
enum LedgerKind: CaseIterable {
  case memory, sqlite

  func open(in folder: TelemetryFolder, leaseSeconds: Double = 3600) throws -> any Ledger {
    switch self {
    case .memory: MemoryLedger(leaseSeconds: leaseSeconds)
    case .sqlite: try folder.ledger(leaseSeconds: leaseSeconds)
    }
  }
}

extension TelemetryFolder {
  /// A ledger that writes when it is told to.
  func ledger(
    at time: Double = LedgerTests.noon, leaseSeconds: Double = 3600, logs: LogLines = LogLines()
  ) throws -> SQLiteLedger {
    try SQLiteLedger(
      SQLiteFile(path: database, lockSeconds: 0), at: time, leaseSeconds: leaseSeconds, pauseSeconds: 3600,
      logger: Logger(label: "test") { _ in logs })
  }
}

/// What every kind of ledger guarantees.
@Suite struct LedgerTests {
  /// 2025-03-31T12:00:00Z; the day and the month end at ``midnight``.
  static let noon = 1_743_422_400.0
  private static let midnight = noon + 43_200
  private static let day = 86_400.0

  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  // MARK: Money

  @Test(arguments: LedgerKind.allCases)
  func estimatesAreSetAsideAndReplaced(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1)
    let first = try await account.reserve(0.6)
    #expect(await account.refusal(0.6)?.code == .budgetExceeded)
    account.settle(first, 0.25)
    #expect(await account.spend == Spend(dayUSD: 0.25, monthUSD: 0.25))
    _ = try await account.reserve(0.75)
    // A budget that is spent refuses also what costs nothing.
    for estimate in [nil, 0, 0.01] { #expect(await account.refusal(estimate)?.status == 429) }
  }

  @Test(arguments: LedgerKind.allCases)
  func settlingTwiceCountsOnce(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, tokens: 1000)
    let first = try await account.reserve(0.5, tokens: 500)
    account.settle(first, 0.25, tokens: 100)
    account.settle(first, 0.25, tokens: 100)
    account.settle(first, nil, tokens: 900)
    #expect(await account.spend == Spend(dayUSD: 0.25, monthUSD: 0.25))
    #expect(await account.standing().limits.tokens?.remaining == 900)
    let unpriced = try await account.reserve(nil)
    account.settle(unpriced, nil)
    account.settle(unpriced, nil)
    #expect(await account.spend.unpricedRequests == 1)
    // A reservation that the ledger never made.
    account.settle(Reservation(id: 99, limits: RateLimitStatus()), 5)
    #expect(await account.spend.dayUSD == 0.25)
  }

  @Test(arguments: LedgerKind.allCases)
  func nothingBeyondTheCap(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, monthlyUSD: 1.5)
    #expect(await account.refusal(1.01)?.code == .budgetExceeded)
    #expect(await account.spend == Spend())
    _ = try await account.reserve(1)
    #expect(await account.refusal(0.01) != nil)
  }

  /// What a request may cost at most is set aside, and others wait for it, not for another day.
  @Test(arguments: LedgerKind.allCases)
  func mostIsSetAside(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, monthlyUSD: 3)
    let first = try await account.reserve(0.25, most: 5)
    #expect(await account.spend == Spend(dayUSD: 5, monthUSD: 5))
    let waiting = await account.refusal(0.25)
    #expect(waiting?.code == .budgetExceeded && waiting?.retryAfterSeconds == 2)
    #expect(waiting?.message.contains("in progress") == true)
    account.settle(first, 0.5)
    #expect(await account.spend == Spend(dayUSD: 0.5, monthUSD: 0.5))
    // At most one passes the budget, by no more than it may cost above its estimate.
    account.settle(try await account.reserve(0.5, most: 4), 4)
    #expect(await account.spend.dayUSD == 4.5)
    #expect(await account.refusal(0)?.retryAfterSeconds == 43_200)
    // Where no one told, the estimate stands.
    let other = try Account(kind.open(in: folder), name: "other", dailyUSD: 1)
    other.settle(try await other.reserve(0.25, most: 0.5), nil)
    #expect(await other.spend.dayUSD == 0.25)
  }

  @Test(arguments: LedgerKind.allCases)
  func whatIsSetAsideReturnsWithItsLease(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder, leaseSeconds: 60), dailyUSD: 1)
    let lost = try await account.reserve(0.25, most: 8)
    #expect(await account.standing(at: Self.noon + 61).spend == Spend())
    account.settle(lost, 0.5, at: Self.noon + 61)
    #expect(await account.standing(at: Self.noon + 61).spend.dayUSD == 0.5)
  }

  /// What costs no money takes a request of the minute, whatever was spent.
  @Test(arguments: LedgerKind.allCases)
  func drawing(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 0, requests: 2, tokens: 5)
    for left in [1, 0] {
      #expect(try await account.ledger.draw(account.key, at: Self.noon).requests?.remaining == left)
    }
    let refused = await gatewayError { _ = try await account.ledger.draw(account.key, at: Self.noon) }
    #expect(refused?.code == .rateLimitExceeded && refused?.retryAfterSeconds == 30)
    #expect(await account.standing().limits.tokens?.remaining == 5)
  }

  /// One count that is far off locks a key for minutes, not for years.
  @Test(arguments: LedgerKind.allCases, [1 << 48, Int.max])
  func debtsAreBounded(kind: LedgerKind, count: Int) async throws {
    let account = try Account(kind.open(in: folder), tokens: 600)
    account.settle(try await account.reserve(nil, tokens: 1), nil, tokens: count)
    #expect(await account.refusal(nil, tokens: 1)?.retryAfterSeconds == 601)
    #expect(await account.refusal(nil, tokens: 1, at: Self.noon + 602) == nil)
    // What is reserved in excess gives back no more than it drew.
    let other = try Account(kind.open(in: folder), name: "other", tokens: 600)
    let large = try await other.reserve(nil, tokens: count)
    other.settle(large, nil, tokens: 200)
    #expect(await other.standing().limits.tokens?.remaining == 400)
  }

  /// One that turned out more expensive than its estimate passes the budget by that much, and nothing passes after it.
  @Test(arguments: LedgerKind.allCases)
  func dearerThanEstimated(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1)
    account.settle(try await account.reserve(0.5), 1.25)
    #expect(await account.spend.dayUSD == 1.25)
    #expect(await account.refusal(0)?.code == .budgetExceeded)
  }

  @Test(arguments: LedgerKind.allCases)
  func retryAfterLeadsToTheNextPeriod(kind: LedgerKind) async throws {
    let ledger = try kind.open(in: folder)
    let early = Self.noon - Self.day
    #expect(await Account(ledger, dailyUSD: 1).refusal(2, at: early)?.retryAfterSeconds == 43_200)
    let month = await Account(ledger, monthlyUSD: 1).refusal(2, at: early)
    #expect(month?.retryAfterSeconds == 129_600 && month?.type == "insufficient_quota")
  }

  @Test(arguments: LedgerKind.allCases)
  func daysAndMonthsBeginAnew(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, monthlyUSD: 1.5)
    account.settle(try await account.reserve(1, at: Self.noon - Self.day), 1, at: Self.noon - Self.day)
    #expect(await account.spend == Spend(monthUSD: 1))
    #expect(await account.refusal(0.6)?.message.contains("month") == true)
    _ = try await account.reserve(0.6, at: Self.midnight)
    #expect(await account.standing(at: Self.midnight).spend == Spend(dayUSD: 0.6, monthUSD: 0.6))
  }

  @Test(arguments: LedgerKind.allCases)
  func costsBelongToThePeriodOfTheirRequest(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1)
    let late = try await account.reserve(0.5)
    account.settle(late, 0.9, at: Self.midnight + 1)
    #expect(await account.standing(at: Self.midnight + 1).spend == Spend())
    let unpriced = try await account.reserve(nil, at: Self.midnight + 1)
    account.settle(unpriced, nil, at: Self.midnight + 31 * Self.day)
    #expect(await account.standing(at: Self.midnight + 31 * Self.day).spend == Spend())
  }

  /// What was reserved before and after the clock went back is settled all the same, and yesterday does not begin again.
  @Test(arguments: LedgerKind.allCases)
  func clocksThatGoBack(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, requests: 2)
    let before = try await account.reserve(0.5)
    let after = try await account.reserve(0.375, at: Self.noon - Self.day)
    #expect(await account.refusal(0.25, at: Self.noon - Self.day) != nil)
    account.settle(before, 0.25, at: Self.noon - 2 * Self.day)
    account.settle(after, 0.125, at: Self.noon - 2 * Self.day)
    #expect(await account.spend == Spend(dayUSD: 0.375, monthUSD: 0.375))
    #expect(await account.refusal(0.25, at: Self.noon - Self.day)?.code == .rateLimitExceeded)
    #expect(await account.refusal(0.25, at: .nan)?.code == .rateLimitExceeded)
    #expect(await account.refusal(0.25, at: Self.noon + 60) == nil)
  }

  @Test(arguments: LedgerKind.allCases)
  func unknownCostsAreCountedAndNotMoney(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1)
    account.settle(try await account.reserve(nil), nil)
    #expect(await account.spend == Spend(unpricedRequests: 1))
    // Where there was an estimate, it stands.
    account.settle(try await account.reserve(0.25), nil)
    #expect(await account.spend == Spend(dayUSD: 0.25, monthUSD: 0.25, unpricedRequests: 1))
    // A request that had no estimate may still turn out to have a cost.
    account.settle(try await account.reserve(nil), 0.5)
    #expect(await account.spend.dayUSD == 0.75)
  }

  @Test(arguments: LedgerKind.allCases, [Double.nan, -5, .infinity, -.infinity])
  func hostileAmountsDoNoHarm(kind: LedgerKind, amount: Double) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, tokens: 10)
    account.settle(try await account.reserve(amount, tokens: -5, at: amount), amount, tokens: -5, at: amount)
    let standing = await account.standing()
    #expect(standing.spend.monthUSD >= 0 && standing.spend.monthUSD.isFinite)
    #expect(standing.limits.tokens?.remaining == 10)
  }

  // MARK: Leases

  @Test(arguments: LedgerKind.allCases)
  func leasesReturnAndCountWhenSettledLate(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder, leaseSeconds: 60), dailyUSD: 1)
    let lost = try await account.reserve(0.75)
    #expect(await account.refusal(0.75, at: Self.noon + 59) != nil)
    let next = try await account.reserve(0.75, at: Self.noon + 60)
    #expect(await account.standing(at: Self.noon + 61).spend.dayUSD == 0.75)
    // Late, but the money is gone: it counts in full, and once.
    account.settle(lost, 0.5, at: Self.noon + 61)
    account.settle(lost, 0.5, at: Self.noon + 61)
    account.settle(next, 0.25, at: Self.noon + 61)
    #expect(await account.standing(at: Self.noon + 61).spend.dayUSD == 0.75)
  }

  /// More leases than are looked at in one call end at once: all return, and none twice.
  @Test(arguments: LedgerKind.allCases)
  func manyLeasesReturn(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder, leaseSeconds: 60), dailyUSD: 1000)
    var open: [Reservation] = []
    for index in 0..<200 { open.append(try await account.reserve(1, at: Self.noon + Double(index) / 100)) }
    for index in stride(from: 0, to: 200, by: 3) { account.settle(open[index], 0.5) }
    var spend = Spend()
    for _ in 0..<20 { spend = await account.standing(at: Self.noon + 100).spend }
    #expect(spend.dayUSD == 0.5 * 67)
    for reservation in open { account.settle(reservation, 0.25, at: Self.noon + 100) }
    #expect(await account.standing(at: Self.noon + 100).spend.dayUSD == 0.5 * 67 + 0.25 * 133)
  }

  // MARK: Limits

  @Test(arguments: LedgerKind.allCases)
  func requestsRunOutAndComeBack(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), requests: 2)
    #expect(try await account.reserve(nil).limits.requests?.remaining == 1)
    _ = try await account.reserve(nil)
    let refused = await account.refusal(nil)
    #expect(refused?.code == .rateLimitExceeded && refused?.retryAfterSeconds == 30)
    #expect(await account.refusal(nil, at: Self.noon + 29.9) != nil)
    #expect(await account.refusal(nil, at: Self.noon + 30.1) == nil)
  }

  @Test(arguments: LedgerKind.allCases)
  func tokensAreSettled(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), tokens: 600)
    let first = try await account.reserve(nil, tokens: 500)
    #expect(await account.refusal(nil, tokens: 200)?.retryAfterSeconds == 10)
    account.settle(first, nil, tokens: 100)
    let second = try await account.reserve(nil, tokens: 200)
    #expect(second.limits.tokens?.remaining == 300)
    // An answer that was longer than estimated leaves a debt.
    account.settle(second, nil, tokens: 1100)
    #expect(await account.standing().limits.tokens?.remaining == 0)
    #expect(await account.refusal(nil, tokens: 1, at: Self.noon + 59) != nil)
    let third = try await account.reserve(nil, tokens: 1, at: Self.noon + 61)
    // Where no one told, the estimate stands.
    let remaining = await account.standing(at: Self.noon + 61).limits.tokens?.remaining
    account.settle(third, nil, tokens: nil, at: Self.noon + 61)
    #expect(await account.standing(at: Self.noon + 61).limits.tokens?.remaining == remaining)
  }

  @Test(arguments: LedgerKind.allCases)
  func largeRequestsNeedAFullMinute(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), tokens: 600)
    _ = try await account.reserve(nil, tokens: .max)
    #expect(await account.refusal(nil, tokens: 1, at: Self.noon + 1) != nil)
  }

  /// Where only the money is missing, the tokens go back and the request of the minute does not.
  @Test(arguments: LedgerKind.allCases)
  func refusalsDrawNoTokens(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1, requests: 3, tokens: 100)
    #expect(await account.refusal(2, tokens: 60)?.code == .budgetExceeded)
    #expect(await account.standing().limits.tokens?.remaining == 100)
    #expect(await account.standing().limits.requests?.remaining == 2)
    #expect(await account.refusal(0.1, tokens: 101) == nil, "a full bucket takes more than it holds")
    #expect(await account.refusal(0.1, tokens: 1)?.code == .rateLimitExceeded)
    #expect(await account.spend.dayUSD == 0.1)
    #expect(await account.standing().limits.requests?.remaining == 1)
  }

  @Test(arguments: LedgerKind.allCases)
  func changedLimitsHoldAtOnce(kind: LedgerKind) async throws {
    let ledger = try kind.open(in: folder)
    _ = try await Account(ledger, requests: 1).reserve(nil)
    #expect(await Account(ledger, requests: 1).refusal(nil) != nil)
    #expect(await Account(ledger, requests: 5).refusal(nil) == nil)
    #expect(try await Account(ledger).reserve(nil).limits.headers.isEmpty)
  }

  @Test(arguments: LedgerKind.allCases)
  func keysDoNotShare(kind: LedgerKind) async throws {
    let ledger = try kind.open(in: folder)
    let (first, second) = (
      Account(ledger, dailyUSD: 1, requests: 1), Account(ledger, name: "b", dailyUSD: 1, requests: 1)
    )
    _ = try await first.reserve(1)
    _ = try await second.reserve(1)
    #expect(await first.refusal(0) != nil)
    #expect(await second.refusal(0) != nil)
  }

  // MARK: Many at a time

  @Test(arguments: LedgerKind.allCases)
  func theLastCentIsSpentOnce(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1)
    let granted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<500 { group.addTask { (try? await account.reserve(0.125)) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 8)
    #expect(await account.spend.dayUSD == 1)
  }

  /// Tasks reserve and settle, each several times and some twice: the sum is exact.
  @Test(arguments: LedgerKind.allCases)
  func manyRequestsAtATime(kind: LedgerKind) async throws {
    let account = try Account(kind.open(in: folder), dailyUSD: 1e6, tokens: 1_000_000)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for index in 0..<250 {
            guard let reservation = try? await account.reserve(0.5, tokens: 10) else { continue }
            account.settle(reservation, 0.25, tokens: 4)
            if index % 2 == 0 { account.settle(reservation, 0.25, tokens: 4) }
          }
        }
      }
    }
    #expect(await account.spend == Spend(dayUSD: 500, monthUSD: 500))
    #expect(await account.standing().limits.tokens?.remaining == 1_000_000 - 8000)
  }
}

// What outlives the program, by the kinds that do.
extension LedgerTests {
  @Test func restart() async throws {
    let ledger = try folder.ledger(at: Self.noon - Self.day)
    let account = Account(ledger, dailyUSD: 1, monthlyUSD: 2)
    account.settle(try await account.reserve(0.5, at: Self.noon - Self.day), 0.75, at: Self.noon - Self.day)
    account.settle(try await account.reserve(0.5), 0.25)
    account.settle(try await account.reserve(0.125), nil)
    account.settle(try await account.reserve(nil), nil)
    account.settle(try await account.reserve(nil), 0)
    // What is open when the program ends returns.
    _ = try await account.reserve(0.25)
    await ledger.close()
    await ledger.close()
    for _ in 0..<2 {
      let next = try folder.ledger()
      let account = Account(next, dailyUSD: 1, monthlyUSD: 2)
      #expect(await account.spend == Spend(dayUSD: 0.375, monthUSD: 1.125, unpricedRequests: 1))
      #expect(await account.refusal(0.75)?.code == .budgetExceeded)
      await next.close()
    }
    // Another day, another month, and a clock that is far off.
    let days = [(Self.midnight - 1, 0.375), (Self.midnight, 0), (Self.noon - Self.day, 0.75), (0, 0)]
    for (time, spent) in days {
      let later = try folder.ledger(at: time)
      #expect(await Account(later).standing(at: time).spend.dayUSD == spent)
      await later.close()
    }
  }

  /// A program that is killed loses what it had not written yet, and nothing of what it had.
  @Test func killed() async throws {
    let first = try folder.ledger()
    let account = Account(first)
    account.settle(try await account.reserve(0.5), 0.5)
    await first.flush()
    account.settle(try await account.reserve(0.25), 0.25)
    let next = try folder.ledger()
    #expect(await Account(next).spend.dayUSD == 0.5)
    // Both go on, as one does while the other drains: the file has the sum.
    let other = Account(next)
    other.settle(try await other.reserve(1), 1)
    await next.close()
    await first.close()
    let third = try folder.ledger()
    #expect(await Account(third).spend.dayUSD == 1.75)
    await third.close()
  }

  /// A disk that refuses costs no request and no money: what is not written waits.
  @Test func refusedWrites() async throws {
    let logs = LogLines()
    let ledger = try folder.ledger(logs: logs)
    let account = Account(ledger, dailyUSD: 1)
    let other = try DatabaseQueue(path: folder.database, configuration: .unsafe)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    for _ in 0..<3 {
      account.settle(try await account.reserve(0.25), 0.25)
      await ledger.flush()
    }
    #expect(logs.all.count == 1 && logs.all[0].hasPrefix("warning the ledger cannot be written"))
    #expect(await account.refusal(0.5)?.code == .budgetExceeded)
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    await ledger.close()
    #expect(logs.all.count == 2 && logs.all[1].hasPrefix("notice the ledger is written again"))
    let next = try folder.ledger()
    #expect(await Account(next).spend.dayUSD == 0.75)
    await next.close()
  }

  /// A file of an earlier gateway: what its keys spent this month counts on.
  @Test func filesFromBeforeTheLedger() async throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: "gateway: decisions, attempts, feedback, spend")
    try await queue.write { database in
      for (key, day, cost) in [("k", 20_178, 0.5), ("k", 20_177, 0.25), ("k", 20_100, 8), ("", 20_178, 4)] {
        try database.execute(
          sql: "INSERT INTO spend VALUES (?, ?, 3, 1, 10, 20, ?)", arguments: [key, day, cost])
      }
    }
    try queue.close()
    for _ in 0..<2 {
      let ledger = try folder.ledger()
      #expect(await Account(ledger).spend == Spend(dayUSD: 0.5, monthUSD: 0.75, unpricedRequests: 2))
      #expect(await Account(ledger, name: "").spend == Spend())
      await ledger.close()
    }
  }

  /// Telemetry and ledger stand on one file, and the last closes it.
  @Test func sharesItsFile() async throws {
    let file = try SQLiteFile(path: folder.database, lockSeconds: 0)
    let store = SQLiteTelemetry(file)
    let ledger = try SQLiteLedger(file, at: Self.noon, pauseSeconds: 3600, logger: Logger(label: "test"))
    let account = Account(ledger)
    account.settle(try await account.reserve(0.5), 0.5)
    store.close()
    await ledger.close()
    #expect(throws: DatabaseError.self) { try file.pool.read { try Int.fetchOne($0, sql: "SELECT 1") } }
    let next = try folder.ledger()
    #expect(await Account(next).spend.dayUSD == 0.5)
    await next.close()
  }
}

/// One key's dealings with a ledger.
private struct Account: Sendable {
  let ledger: any Ledger
  let key: KeyConfiguration

  init(
    _ ledger: any Ledger, name: String = "k", dailyUSD: Double? = nil, monthlyUSD: Double? = nil, requests: Int? = nil,
    tokens: Int? = nil
  ) {
    self.ledger = ledger
    var key = KeyConfiguration(name: name, sha256: "")
    (key.dailyBudgetUSD, key.monthlyBudgetUSD) = (dailyUSD, monthlyUSD)
    (key.requestsPerMinute, key.tokensPerMinute) = (requests, tokens)
    self.key = key
  }

  func reserve(
    _ estimateUSD: Double?, most: Double? = nil, tokens: Int = 0, at time: Double = LedgerTests.noon
  ) async throws -> Reservation {
    try await ledger.reserve(Claim(key: key, tokens: tokens, estimateUSD: estimateUSD, mostUSD: most), at: time)
  }

  /// The error where a claim is refused.
  func refusal(_ estimateUSD: Double?, tokens: Int = 0, at time: Double = LedgerTests.noon) async -> GatewayError? {
    await gatewayError { _ = try await reserve(estimateUSD, tokens: tokens, at: time) }
  }

  func settle(
    _ reservation: Reservation, _ costUSD: Double?, tokens: Int? = 0, at time: Double = LedgerTests.noon
  ) {
    ledger.settle(reservation, Settlement(costUSD: costUSD, tokens: tokens), at: time)
  }

  func standing(at time: Double = LedgerTests.noon) async -> Standing { await ledger.standing(of: key, at: time) }

  var spend: Spend { get async { await standing().spend } }
}

extension Configuration {
  /// For a transaction that a test leaves open.
  fileprivate static var unsafe: Configuration {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return configuration
  }
}
