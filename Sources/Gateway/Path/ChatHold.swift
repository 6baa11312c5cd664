import ChatProtocols
import GatewayCore
import Ockham

/// Tokens and money that are set aside for a chat request while it is under way. Of a client without a key nothing is.
struct ChatHold: Sendable {
  let key: KeyConfiguration?
  private let reservation: Reservation?
  private let ledger: any Ledger

  /// Sets aside what a request may take: at most what it costs where it goes first.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded`` and ``GatewayError/Code/budgetExceeded``, both 429.
  init(
    for request: Request, targets: [UpstreamTarget], key: KeyConfiguration?, in shared: GatewayServices
  ) async throws(GatewayError) {
    ledger = shared.ledger
    self.key = key
    guard let key else {
      reservation = nil
      return
    }
    let needs = RequestNeeds(request)
    let estimateUSD = targets.first?.price?.costUSD(
      of: TokenUsage(inputTokens: needs.inputTokens, outputTokens: needs.outputTokens))
    let claim = Claim(key: key, tokens: needs.inputTokens + needs.outputTokens, estimateUSD: estimateUSD)
    reservation = try await ledger.reserve(claim, at: shared.clock.unixSeconds())
  }

  /// What is left of the key's limits.
  var limits: RateLimitStatus { reservation?.limits ?? RateLimitStatus() }

  /// Books what the request took in the place of what was set aside.
  func settle(_ end: ChatExchange.End, at time: Double) {
    guard let reservation else { return }
    // An answer that began costs, also where it broke off before its usage came: then the estimate stands.
    let wasAnswered = end.target != nil || end.usage != nil
    let used = Settlement(costUSD: end.costUSD, tokens: end.usage.map { $0.inputTokens + $0.outputTokens })
    ledger.settle(reservation, wasAnswered ? used : .nothing, at: time)
  }
}
