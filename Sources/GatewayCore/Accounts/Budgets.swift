package import ChatProtocols
import Synchronization

/// What each key has spent in the present UTC day and month, and what requests under way may still spend.
///
/// An estimate is reserved before a request is sent and replaced by its cost afterwards, so that many requests at a time
/// cannot all pass on the same last cent. A cost that is unknown counts as its estimate, and where that is unknown too,
/// it counts in ``Spend/unpricedRequests`` and not as money.
package final class Budgets: Sendable {
  /// What a key spent.
  package struct Spend: Sendable, Hashable {
    package var dayUSD = 0.0
    package var monthUSD = 0.0
    /// Requests of the month whose cost nobody knows.
    package var unpricedRequests = 0

    package init() {}
  }

  /// Money set aside for one request. Settle each one exactly once.
  package struct Reservation: Sendable {
    fileprivate let key: String
    fileprivate let period: UTCDay
    /// `nil` where no estimate could be made.
    package let estimateUSD: Double?
  }

  private struct Account {
    var period: UTCDay
    var spend = Spend()

    /// Begins a new day or month where one has begun. A clock that goes back changes nothing.
    mutating func advance(to now: UTCDay) {
      guard now.day > period.day else { return }
      spend.dayUSD = 0
      if now.month > period.month { spend = Spend() }
      period = now
    }

    /// Adds money to what of the period has not ended yet; never below 0.
    mutating func add(_ usd: Double, for period: UTCDay) {
      if period.day == self.period.day { spend.dayUSD = max(0, spend.dayUSD + usd) }
      if period.month == self.period.month { spend.monthUSD = max(0, spend.monthUSD + usd) }
    }
  }

  private let accounts = Mutex<[String: Account]>([:])

  package init() {}

  /// Sets aside the estimated cost of a request.
  ///
  /// - Parameters:
  ///   - estimateUSD: what the request may cost; `nil` where the price is unknown.
  ///   - time: now, in seconds since 1970.
  /// - Throws: ``GatewayError/Code/budgetExceeded`` with status 429 where the budget is spent, or the estimate is more
  ///   than is left; Retry-After leads to the next day or month.
  package func reserve(
    _ estimateUSD: Double?, for key: KeyConfiguration, at time: Double
  ) throws(GatewayError) -> Reservation {
    let now = UTCDay(time: time)
    let estimate = Self.money(estimateUSD)
    let exceeded: Period? = accounts.withLock { accounts in
      var account = accounts[key.name] ?? Account(period: now)
      account.advance(to: now)
      let exceeded = Self.exceeded(by: estimate ?? 0, account.spend, key)
      if exceeded == nil { account.add(estimate ?? 0, for: account.period) }
      accounts[key.name] = account
      return exceeded
    }
    if let exceeded { throw Self.error(exceeded, at: time) }
    return Reservation(key: key.name, period: now, estimateUSD: estimate)
  }

  /// Puts what a request cost in the place of what was set aside for it.
  ///
  /// - Parameter costUSD: `nil` where it is unknown; 0 for a request that was never sent.
  package func settle(_ reservation: Reservation, costUSD: Double?, at time: Double) {
    let cost = Self.money(costUSD)
    accounts.withLock { accounts in
      guard var account = accounts[reservation.key] else { return }
      account.advance(to: UTCDay(time: time))
      if let cost { account.add(cost - (reservation.estimateUSD ?? 0), for: reservation.period) }
      if cost == nil, reservation.estimateUSD == nil { account.spend.unpricedRequests += 1 }
      accounts[reservation.key] = account
    }
  }

  /// Takes over what a key spent before the gateway started.
  package func restore(_ spend: Spend, for key: String, at time: Double) {
    accounts.withLock {
      var account = Account(period: UTCDay(time: time))
      account.spend = spend
      $0[key] = account
    }
  }

  /// What a key has spent and set aside by now.
  package func spend(of key: String, at time: Double) -> Spend {
    accounts.withLock { accounts in
      guard var account = accounts[key] else { return Spend() }
      account.advance(to: UTCDay(time: time))
      return account.spend
    }
  }

  private enum Period { case day, month }

  private static func exceeded(by estimate: Double, _ spend: Spend, _ key: KeyConfiguration) -> Period? {
    func isOver(_ spent: Double, _ budget: Double?) -> Bool {
      guard let budget else { return false }
      return spent >= budget || spent + estimate > budget
    }
    if isOver(spend.monthUSD, key.monthlyBudgetUSD) { return .month }
    return isOver(spend.dayUSD, key.dailyBudgetUSD) ? .day : nil
  }

  private static func error(_ period: Period, at time: Double) -> GatewayError {
    let (name, seconds) =
      period == .day
      ? ("day", UTCDay.secondsToNextDay(from: time)) : ("month", UTCDay.secondsToNextMonth(from: time))
    return GatewayError(
      .budgetExceeded, status: 429,
      message: "The key's budget for this UTC \(name) does not cover the request. Wait for the next \(name), "
        + "or ask for a larger budget.",
      retryAfterSeconds: seconds)
  }

  /// An amount that can be added up: finite and not negative.
  private static func money(_ usd: Double?) -> Double? {
    guard let usd, usd.isFinite else { return nil }
    return max(0, usd)
  }
}
