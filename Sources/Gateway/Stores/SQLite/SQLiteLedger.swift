import ChatProtocols
import Dispatch
import GRDB
import GatewayCore
import Logging
import RequestLog
import Synchronization

/// A ledger that outlives its process: answers from memory as ``GatewayCore/MemoryLedger`` does, and writes what is
/// settled behind the request path, many settlements in one transaction.
///
/// A program that is killed loses what it settled in the last ``pauseSeconds``, and what was reserved returns. Limits per
/// minute are not kept: they are full again by the time a restart is over.
final class SQLiteLedger: Ledger {
  /// What waits to be written, by key and day.
  private struct Pending {
    var entries: [KeySpending.Key: LedgerEntry] = [:]
    /// Whether the writer is called already.
    var isCalled = false

    mutating func add(_ entry: LedgerEntry) {
      let row = KeySpending.Key(key: entry.key, day: entry.day)
      entries[row, default: LedgerEntry(key: entry.key, day: entry.day, costUSD: 0, unpricedRequests: 0)].add(entry)
    }

    /// - Returns: whether the writer must be called.
    mutating func call() -> Bool {
      defer { isCalled = true }
      return !isCalled
    }

    mutating func take() -> [LedgerEntry] {
      defer { self = Pending() }
      return entries.values.sorted { ($0.day, $0.key) < ($1.day, $1.key) }
    }
  }

  private let file: SQLiteFile
  private let books: Mutex<LedgerBooks>
  private let pending = Mutex(Pending())
  private let isFailing = Mutex(false)
  private let isClosed = Mutex(false)
  private let pauseSeconds: Double
  private let logger: Logger
  private let writing = DispatchQueue(label: "ockham.ledger")

  /// Takes over what the file says of the present day and month.
  ///
  /// - Parameters:
  ///   - time: now, in seconds since 1970.
  ///   - pauseSeconds: how long a settlement may wait for others to be written with.
  /// - Throws: ``LogError`` where the file cannot be read.
  init(
    _ file: SQLiteFile, at time: Double, leaseSeconds: Double = LedgerBooks.leaseSeconds, pauseSeconds: Double = 0.2,
    logger: Logger
  ) throws(LogError) {
    var books = LedgerBooks(leaseSeconds: leaseSeconds)
    do {
      books.restore(try file.pool.read { try Self.entries(sinceDay: UTCDay(time: time).day - 31, in: $0) }, at: time)
    } catch { throw LogError(error, path: file.path) }
    self.file = file
    self.books = Mutex(books)
    self.pauseSeconds = pauseSeconds
    self.logger = logger
    file.open()
  }

  func reserve(_ claim: Claim, at time: Double) async throws(GatewayError) -> Reservation {
    try books.withLock { (books) throws(GatewayError) in try books.reserve(claim, at: time) }
  }

  func settle(_ reservation: Reservation, _ settlement: Settlement, at time: Double) {
    guard let entry = books.withLock({ $0.settle(reservation, settlement, at: time) }) else { return }
    guard entry.costUSD > 0 || entry.unpricedRequests > 0 else { return }
    let mustCall = pending.withLock { pending in
      pending.add(entry)
      return pending.call()
    }
    if mustCall { callWriter(afterSeconds: pauseSeconds) }
  }

  func draw(_ key: KeyConfiguration, at time: Double) async throws(GatewayError) -> RateLimitStatus {
    try books.withLock { (books) throws(GatewayError) in try books.draw(key, at: time) }
  }

  func standing(of key: KeyConfiguration, at time: Double) async -> Standing {
    books.withLock { $0.standing(of: key, at: time) }
  }

  /// Writes what was settled so far.
  func flush() async {
    await withCheckedContinuation { continuation in
      writing.async {
        self.drain()
        continuation.resume()
      }
    }
  }

  func close() async {
    await flush()
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { file.close() }
  }
}

// On the writing queue.
extension SQLiteLedger {
  private func callWriter(afterSeconds seconds: Double) {
    writing.asyncAfter(deadline: .now() + seconds) { [weak self] in self?.drain() }
  }

  private func drain() {
    let entries = pending.withLock { $0.take() }
    guard !entries.isEmpty else { return }
    do {
      try file.pool.write { try Self.add(entries, to: $0) }
    } catch { return keep(entries, error) }
    if noteFailing(false) { logger.notice("the ledger is written again") }
  }

  /// What cannot be written waits: it is one entry per key and day, however long it takes.
  private func keep(_ entries: [LedgerEntry], _ error: any Error) {
    let mustCall = pending.withLock { pending in
      for entry in entries { pending.add(entry) }
      return pending.call()
    }
    if mustCall, !isClosed.withLock({ $0 }) { callWriter(afterSeconds: max(1, pauseSeconds)) }
    guard !noteFailing(true) else { return }
    logger.warning(
      "the ledger cannot be written; budgets hold, but a restart forgets what is not written by then",
      metadata: ["error": "\(LogError(error, path: file.path))"])
  }

  /// - Returns: whether the last attempt failed.
  private func noteFailing(_ isFailing: Bool) -> Bool {
    self.isFailing.withLock { was in
      defer { was = isFailing }
      return was
    }
  }

  private static func entries(sinceDay day: Int, in database: Database) throws -> [LedgerEntry] {
    try Row.fetchAll(database, sql: "SELECT * FROM ledger WHERE day >= ? ORDER BY day, key_name", arguments: [day]).map
    {
      LedgerEntry(
        key: $0["key_name"], day: $0["day"], costUSD: $0["cost_usd"], unpricedRequests: $0["unpriced_requests"])
    }
  }

  private static func add(_ entries: [LedgerEntry], to database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO ledger (key_name, day, cost_usd, unpriced_requests) VALUES (?, ?, ?, ?)
        ON CONFLICT (key_name, day) DO UPDATE SET cost_usd = cost_usd + excluded.cost_usd,
          unpriced_requests = unpriced_requests + excluded.unpriced_requests
        """)
    for entry in entries {
      try statement.execute(arguments: [entry.key, entry.day, entry.costUSD, entry.unpricedRequests])
    }
  }
}
