import ChatProtocols
import GatewayCore
import Ockham

/// Tokens and money that are set aside for a chat request while it is under way. Of a client without a key nothing is.
struct ChatHold: Sendable {
  let key: KeyConfiguration?
  let estimatedTokens: Int
  /// What is left of the key's limits.
  let limits: RateLimiter.Status
  private let reservation: Budgets.Reservation?
  private let limiter: RateLimiter
  private let budgets: Budgets

  /// Sets aside what a request may take: at most what it costs where it goes first.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded`` and ``GatewayError/Code/budgetExceeded``, both 429.
  init(
    for request: Request, targets: [UpstreamTarget], key: KeyConfiguration?, in shared: GatewayServices
  ) throws(GatewayError) {
    let needs = RequestNeeds(request)
    let tokens = needs.inputTokens + needs.outputTokens
    (limiter, budgets) = (shared.limiter, shared.budgets)
    self.key = key
    estimatedTokens = tokens
    guard let key else {
      (limits, reservation) = (RateLimiter.Status(), nil)
      return
    }
    limits = try limiter.take(tokens: tokens, for: key, at: shared.clock.unixSeconds())
    let estimateUSD = targets.first?.price?.costUSD(
      of: TokenUsage(inputTokens: needs.inputTokens, outputTokens: needs.outputTokens))
    do { reservation = try budgets.reserve(estimateUSD, for: key, at: shared.clock.unixSeconds()) } catch {
      limiter.settle(estimated: tokens, used: 0, for: key, at: shared.clock.unixSeconds())
      throw error
    }
  }

  /// Books what the request took in the place of what was set aside.
  func settle(_ end: ChatExchange.End, at time: Double) {
    // An answer that began costs, also where it broke off before its usage came: then the estimate stands.
    let wasAnswered = end.target != nil
    if let key {
      let used = end.usage.map { $0.inputTokens + $0.outputTokens } ?? (wasAnswered ? estimatedTokens : 0)
      limiter.settle(estimated: estimatedTokens, used: used, for: key, at: time)
    }
    if let reservation {
      budgets.settle(reservation, costUSD: wasAnswered || end.usage != nil ? end.costUSD : 0, at: time)
    }
  }
}
