package import ChatProtocols

/// The books of a ledger as a plain value: what the kinds share. Who keeps it locks it.
package struct LedgerBooks: Sendable {
  /// Far longer than requests take.
  package static let leaseSeconds = 3600.0

  private var accounts: [String: SpendingAccount] = [:]
  private var limits: [String: KeyLimits] = [:]
  private var leases: Leases

  package init(leaseSeconds: Double = leaseSeconds) { leases = Leases(seconds: leaseSeconds) }

  /// See ``Ledger/reserve(_:at:)``.
  package mutating func reserve(_ claim: Claim, at time: Double) throws(GatewayError) -> Reservation {
    takeBackExpired(at: time)
    let tokens = max(0, claim.tokens)
    let status = try draw(tokens, claim.key, at: time)
    let estimate = Self.money(claim.estimateUSD)
    var account = accounts[claim.key.name] ?? SpendingAccount(period: UTCDay(time: time))
    account.advance(to: UTCDay(time: time))
    if let period = account.exceeded(by: estimate ?? 0, claim.key) {
      accounts[claim.key.name] = account
      limits[claim.key.name]?.giveBack(tokens: tokens)
      throw period.error(at: time)
    }
    account.add(estimate ?? 0, for: account.period)
    accounts[claim.key.name] = account
    let lease = Leases.Lease(key: claim.key.name, period: account.period, estimateUSD: estimate, tokens: tokens)
    return Reservation(id: leases.open(lease, at: time), limits: status)
  }

  /// See ``Ledger/settle(_:_:at:)``.
  /// - Returns: what is booked for good; `nil` for a reservation that is settled already.
  package mutating func settle(
    _ reservation: Reservation, _ settlement: Settlement, at time: Double
  ) -> LedgerEntry? {
    guard let lease = leases.close(reservation.id) else { return nil }
    if let used = settlement.tokens {
      limits[lease.key]?.settle(estimated: lease.tokens, used: max(0, used), at: time)
    }
    let cost = Self.money(settlement.costUSD) ?? lease.estimateUSD
    let setAside = lease.isReturned ? 0 : lease.estimateUSD ?? 0
    accounts[lease.key]?.advance(to: UTCDay(time: time))
    accounts[lease.key]?.add((cost ?? 0) - setAside, unpriced: cost == nil ? 1 : 0, for: lease.period)
    return LedgerEntry(
      key: lease.key, day: lease.period.day, costUSD: cost ?? 0, unpricedRequests: cost == nil ? 1 : 0)
  }

  /// See ``Ledger/standing(of:at:)``.
  package mutating func standing(of key: KeyConfiguration, at time: Double) -> Standing {
    takeBackExpired(at: time)
    var account = accounts[key.name] ?? SpendingAccount(period: UTCDay(time: time))
    account.advance(to: UTCDay(time: time))
    var limits = KeyLimits.fitting(key, known: limits[key.name], at: time)
    limits.advance(to: time)
    return Standing(spend: account.spend, limits: limits.status)
  }

  /// Takes over what was booked before the process began; only what was booked in the present day and month counts.
  package mutating func restore(_ entries: some Sequence<LedgerEntry>, at time: Double) {
    let now = UTCDay(time: time)
    for entry in entries {
      let period = UTCDay(time: Double(entry.day) * 86_400)
      accounts[entry.key, default: SpendingAccount(period: now)].add(
        entry.costUSD, unpriced: entry.unpricedRequests, for: period)
    }
  }

  /// Draws from the key's limits, all or nothing.
  private mutating func draw(_ tokens: Int, _ key: KeyConfiguration, at time: Double) throws(GatewayError)
    -> RateLimitStatus
  {
    guard key.requestsPerMinute != nil || key.tokensPerMinute != nil else { return RateLimitStatus() }
    var own = KeyLimits.fitting(key, known: limits[key.name], at: time)
    own.advance(to: time)
    defer { limits[key.name] = own }
    try own.draw(tokens: tokens)
    return own.status
  }

  private mutating func takeBackExpired(at time: Double) {
    for lease in leases.takeExpired(at: time) {
      accounts[lease.key]?.add(-(lease.estimateUSD ?? 0), for: lease.period)
    }
  }

  /// An amount that can be added up: finite and not negative.
  private static func money(_ usd: Double?) -> Double? {
    guard let usd, usd.isFinite else { return nil }
    return max(0, usd)
  }
}

/// What is booked for good: of one request, or of many of one key and day together.
package struct LedgerEntry: Sendable, Hashable {
  package var key: String

  /// The UTC day, counted from 1970-01-01.
  package var day: Int
  package var costUSD: Double

  /// Requests whose cost nobody knows.
  package var unpricedRequests: Int

  package init(key: String, day: Int, costUSD: Double, unpricedRequests: Int) {
    self.key = key
    self.day = day
    self.costUSD = costUSD
    self.unpricedRequests = unpricedRequests
  }

  /// Adds what the same key booked on the same day.
  package mutating func add(_ other: LedgerEntry) {
    costUSD += other.costUSD
    unpricedRequests += other.unpricedRequests
  }
}
