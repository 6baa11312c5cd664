package import ChatProtocols

/// The books of a ledger as a plain value: what the kinds share. Who keeps it locks it.
package struct LedgerBooks: Sendable {
  /// Far longer than requests take.
  package static let leaseSeconds = 3600.0

  /// One key's money and limits.
  private struct Key {
    var account: SpendingAccount
    /// `nil` for a key without limits.
    var limits: KeyLimits?
  }

  private var keys: [String: Key] = [:]
  private var leases: Leases

  package init(leaseSeconds: Double = leaseSeconds) { leases = Leases(seconds: leaseSeconds) }

  /// See ``Ledger/reserve(_:at:)``.
  package mutating func reserve(_ claim: Claim, at time: Double) throws(GatewayError) -> Reservation {
    takeBackExpired(at: time)
    let estimate = Self.money(claim.estimateUSD)
    var own = key(claim.key, at: time)
    defer { keys[claim.key.name] = own }
    let drawn = try own.limits?.draw(tokens: max(0, claim.tokens))
    let tokens = drawn ?? 0
    if let excess = own.account.exceeded(by: estimate ?? 0, claim.key) {
      own.limits?.giveBack(tokens: tokens)
      throw excess.error(at: time)
    }
    let held = max(estimate ?? 0, Self.money(claim.mostUSD) ?? 0)
    own.account.hold(held, for: own.account.period)
    let lease = Leases.Lease(
      key: claim.key.name, period: own.account.period, estimateUSD: estimate, heldUSD: held, tokens: tokens)
    return Reservation(id: leases.open(lease, at: time), limits: own.limits?.status ?? RateLimitStatus())
  }

  /// See ``Ledger/draw(_:at:)``.
  package mutating func draw(_ key: KeyConfiguration, at time: Double) throws(GatewayError) -> RateLimitStatus {
    takeBackExpired(at: time)
    var own = self.key(key, at: time)
    defer { keys[key.name] = own }
    _ = try own.limits?.draw(tokens: 0)
    return own.limits?.status ?? RateLimitStatus()
  }

  /// See ``Ledger/settle(_:_:at:)``.
  /// - Returns: what is booked for good; `nil` for a reservation that is settled already.
  package mutating func settle(
    _ reservation: Reservation, _ settlement: Settlement, at time: Double
  ) -> LedgerEntry? {
    guard let lease = leases.close(reservation.id), var own = keys[lease.key] else { return nil }
    if let used = settlement.tokens {
      own.limits?.settle(estimated: lease.tokens, used: max(0, used), at: time)
    }
    let cost = Self.money(settlement.costUSD) ?? lease.estimateUSD
    own.account.advance(to: UTCDay(time: time))
    if !lease.isReturned { own.account.hold(-lease.heldUSD, for: lease.period) }
    own.account.add(cost ?? 0, unpriced: cost == nil ? 1 : 0, for: lease.period)
    keys[lease.key] = own
    return LedgerEntry(
      key: lease.key, day: lease.period.day, costUSD: cost ?? 0, unpricedRequests: cost == nil ? 1 : 0)
  }

  /// See ``Ledger/standing(of:at:)``.
  package mutating func standing(of key: KeyConfiguration, at time: Double) -> Standing {
    takeBackExpired(at: time)
    let own = self.key(key, at: time)
    return Standing(spend: own.account.spend, limits: own.limits?.status ?? RateLimitStatus())
  }

  /// Takes over what was booked before the process began; only what was booked in the present day and month counts.
  package mutating func restore(_ entries: some Sequence<LedgerEntry>, at time: Double) {
    let now = UTCDay(time: time)
    for entry in entries {
      let period = UTCDay(time: Double(entry.day) * 86_400)
      keys[entry.key, default: Key(account: SpendingAccount(period: now))].account.add(
        entry.costUSD, unpriced: entry.unpricedRequests, for: period)
    }
  }

  /// What is known of a key, brought to the present time and the present limits.
  private func key(_ configuration: KeyConfiguration, at time: Double) -> Key {
    let now = UTCDay(time: time)
    var own = keys[configuration.name] ?? Key(account: SpendingAccount(period: now))
    own.account.advance(to: now)
    own.limits = KeyLimits.fitting(configuration, known: own.limits, at: time)
    own.limits?.advance(to: time)
    return own
  }

  private mutating func takeBackExpired(at time: Double) {
    for lease in leases.takeExpired(at: time) {
      keys[lease.key]?.account.hold(-lease.heldUSD, for: lease.period)
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

  /// Requests whose cost no one knows.
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
