package import ChatProtocols

/// Who may spend how much: money per UTC day and month, requests and tokens per minute. One place for all that asks
/// providers on a key's account.
///
/// A request reserves before it is sent and settles when it is over, whatever came of it:
///
///     let reservation = try await ledger.reserve(Claim(key: key, tokens: 900, estimateUSD: 0.002), at: now())
///     …
///     ledger.settle(reservation, Settlement(costUSD: 0.0013, tokens: 700), at: now())
///
/// What every kind guarantees, and one body of tests holds each to:
/// - A request passes where what is spent, what others set aside, and what it is itself expected to cost fit into the budget;
///   then the most that it may cost is set aside, and counts as spent until it settles. So many requests at a time cannot all
///   pass on the same last cent, and spending passes a budget by no more than what one request costs above its estimate.
/// - Settling twice counts once.
/// - A reservation is a lease: one that no one settles in time returns, and settled after all it counts in full. What
///   was open when a program was killed returns as well.
/// - Money belongs to the day and month in which it was reserved. A clock that goes back opens no earlier period.
/// - A refusal draws nothing but, where only the money is missing, the request of the minute.
///
/// Reserving may wait, settling never does: a kind that several gateways share answers from a slice of the budget that
/// it leased ahead, and only where the slice is used up must it ask; who settles has nothing to wait for. The kinds of
/// one process answer without being suspended and touch no disk.
package protocol Ledger: Sendable {
  /// Draws a request and its tokens from the key's limits, and sets its estimated cost aside.
  ///
  /// - Parameter time: now, in seconds since 1970.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded`` or ``GatewayError/Code/budgetExceeded``, both with status 429 and
  ///   Retry-After; a budget that is spent refuses also what costs nothing.
  func reserve(_ claim: Claim, at time: Double) async throws(GatewayError) -> Reservation

  /// Puts what a request used in the place of what was reserved for it. Never waits.
  func settle(_ reservation: Reservation, _ settlement: Settlement, at time: Double)

  /// Draws one request of a key's minute, for what costs no money.
  ///
  /// - Returns: what is left of the key's limits.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded``, with status 429 and Retry-After.
  func draw(_ key: KeyConfiguration, at time: Double) async throws(GatewayError) -> RateLimitStatus

  /// Where a key stands now.
  func standing(of key: KeyConfiguration, at time: Double) async -> Standing

  /// Brings what was settled to where it outlasts the process.
  func close() async
}

/// What a request is about to use.
package struct Claim: Sendable {
  package var key: KeyConfiguration

  /// An estimate of prompt and answer together; more than the limit needs a full minute's worth.
  package var tokens: Int

  /// What the key must have left; `nil` where the price is unknown.
  package var estimateUSD: Double?

  /// What is set aside; at least the estimate.
  package var mostUSD: Double?

  /// - Parameter mostUSD: `nil` for as much as the estimate.
  package init(key: KeyConfiguration, tokens: Int, estimateUSD: Double?, mostUSD: Double? = nil) {
    self.key = key
    self.tokens = tokens
    self.estimateUSD = estimateUSD
    self.mostUSD = mostUSD
  }
}

/// What is set aside for one request.
package struct Reservation: Sendable, Hashable {
  /// Names it within its ledger.
  package let id: UInt64

  /// The key's limits after the draw.
  package let limits: RateLimitStatus

  package init(id: UInt64, limits: RateLimitStatus) {
    self.id = id
    self.limits = limits
  }
}

/// What a request used.
package struct Settlement: Sendable, Hashable {
  /// `nil` where it is unknown: then the estimate stands, and where there is none the request counts as unpriced.
  package var costUSD: Double?

  /// `nil` where no one told: then the estimate stands.
  package var tokens: Int?

  package init(costUSD: Double?, tokens: Int?) {
    self.costUSD = costUSD
    self.tokens = tokens
  }

  /// Of a request that was never answered.
  package static let nothing = Settlement(costUSD: 0, tokens: 0)
}

/// Where a key stands.
package struct Standing: Sendable, Hashable {
  package var spend: Spend
  package var limits: RateLimitStatus
}
