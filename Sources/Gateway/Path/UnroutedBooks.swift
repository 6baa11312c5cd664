import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// The books of a request that is no chat: what is set aside for it, what it took, and its rows, beside those of chats.
struct UnroutedBooks: Sendable {
  let kind: TracedKind
  let target: UpstreamTarget
  let key: KeyConfiguration?
  let incoming: IncomingRequest
  let shared: SharedResources

  /// Sets aside what it may cost; nothing of a client without a key.
  func reserve(expected: TokenUsage, most: TokenUsage) async throws(GatewayError) -> Reservation? {
    guard let key else { return nil }
    return try await shared.ledger.reserve(
      Claim(
        key: key, tokens: expected.inputTokens + expected.outputTokens,
        estimateUSD: target.price?.costUSD(of: expected),
        mostUSD: target.price?.costUSD(of: most)), at: shared.clock.unixSeconds())
  }

  /// Settles and records. Once.
  func close(_ reservation: Reservation?, _ attempts: [Attempt], status: Int, error: GatewayError.Code?) {
    let now = shared.clock.unixSeconds()
    let settlement = attempts.settlement
    if let reservation { shared.ledger.settle(reservation, settlement, at: now) }
    let steady = shared.clock.steadyNanoseconds
    let latency = Double(steady - min(steady, incoming.startNanoseconds)) / 1e6
    var trace = RequestTrace(
      id: incoming.id, time: now - latency / 1000, apiFormat: .chatCompletions, isStream: false,
      requestedModel: target.name, key: key?.name, request: Request(segments: []),
      decision: RoutingDecision(
        tier: nil, target: target.name, reason: .requested, allowedTiers: [], policy: "default"),
      tierNames: [], attempts: attempts, status: status, latencyMilliseconds: latency,
      upstreamMilliseconds: attempts.upstreamMilliseconds)
    trace.kind = kind
    if error == nil {
      trace.target = target.name
      trace.tier = target.tier.isEmpty ? nil : target.tier
    }
    (trace.usage, trace.costUSD, trace.bookedUSD) = (attempts.usage, attempts.costUSD, settlement.costUSD)
    trace.errorCode = error
    shared.finished(trace)
  }
}
