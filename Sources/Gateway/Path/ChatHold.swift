import ChatProtocols
import GatewayCore

/// Tokens and money that are set aside for a chat request while it is in progress. Of a client without a key nothing is.
///
/// The key must have what the request is expected to cost where it goes first; what it may cost at most, wherever failures and
/// policies send it, is set aside. So a key passes its budget by no more than what one request may cost above what was
/// expected of it, however many are in progress.
struct ChatHold: Sendable {
  let key: KeyConfiguration?
  private let reservation: Reservation?
  private let ledger: any Ledger
  private let estimateUSD: Double?

  /// Sets aside what a request may take.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded`` and ``GatewayError/Code/budgetExceeded``, both 429.
  init(
    for request: ChatRequest, rounds: AnswerRounds, key: KeyConfiguration?, in shared: SharedResources
  ) async throws(GatewayError) {
    ledger = shared.ledger
    self.key = key
    guard let key else {
      (reservation, estimateUSD) = (nil, nil)
      return
    }
    estimateUSD = rounds.expectedUSD(request)
    let claim = Claim(
      key: key, tokens: rounds.expectedTokens(request), estimateUSD: estimateUSD, mostUSD: rounds.mostUSD(request))
    reservation = try await ledger.reserve(claim, at: shared.clock.unixSeconds())
  }

  /// What is left of the key's limits.
  var limits: RateLimitStatus { reservation?.limits ?? RateLimitStatus() }

  /// Books what the request took in the place of what was set aside.
  /// - Returns: what is booked, or would be for a key; `nil` where no price is known.
  func settle(_ used: Settlement, at time: Double) -> Double? {
    if let reservation { ledger.settle(reservation, used, at: time) }
    return used.costUSD ?? estimateUSD
  }
}
