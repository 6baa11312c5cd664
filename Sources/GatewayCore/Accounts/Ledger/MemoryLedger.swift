package import ChatProtocols
import Synchronization

/// A ledger in memory: exact for one process, forgotten with it.
package final class MemoryLedger: Ledger {
  private let books: Mutex<LedgerBooks>

  /// - Parameter leaseSeconds: when a reservation returns that no one settled.
  package init(leaseSeconds: Double = LedgerBooks.leaseSeconds) {
    books = Mutex(LedgerBooks(leaseSeconds: leaseSeconds))
  }

  package func reserve(_ claim: Claim, at time: Double) async throws(GatewayError) -> Reservation {
    try books.withLock { (books) throws(GatewayError) in try books.reserve(claim, at: time) }
  }

  package func settle(_ reservation: Reservation, _ settlement: Settlement, at time: Double) {
    _ = books.withLock { $0.settle(reservation, settlement, at: time) }
  }

  package func draw(_ key: KeyConfiguration, at time: Double) async throws(GatewayError) -> RateLimitStatus {
    try books.withLock { (books) throws(GatewayError) in try books.draw(key, at: time) }
  }

  package func standing(of key: KeyConfiguration, at time: Double) async -> Standing {
    books.withLock { $0.standing(of: key, at: time) }
  }

  package func close() async {}
}
