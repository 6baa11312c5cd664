import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// One chat request on its way through the gateway: who asks, where it goes, what came of it.
struct ChatExchange: Sendable {
  let incoming: IncomingRequest
  let dialect: any ClientDialect
  let request: ChatRequest
  let hold: ChatHold
  let decision: RoutingDecision
  let targets: [UpstreamTarget]
  let tierNames: [String]
  let shared: GatewayServices

  /// Who asks, for the breakers: the client where it has a key, else the conversation.
  var origin: UInt64 {
    hold.key.map { Party.key($0.name).value } ?? decision.session ?? request.request.contentHash
  }

  /// Whether what was asked and answered may be shown to a judge.
  func mayShow(_ judge: UpstreamTarget) -> Bool {
    guard let tier = tierNames.firstIndex(of: judge.tier) else { return true }
    return decision.forbiddenTiers >> UInt64(tier) & 1 == 0
  }

  /// What is known of the end of a request.
  struct End: Sendable {
    var attempts: [Attempt]
    var target: UpstreamTarget?
    var finish: FinishReason?
    var status = 200
    var error: GatewayError.Code?
    var firstTokenMilliseconds: Double?

    init(attempts: [Attempt]) { self.attempts = attempts }

    init<Answer>(_ outcome: Failover.Outcome<Answer>) {
      attempts = outcome.attempts
      target = outcome.target
    }

    /// Of all attempts together; `nil` where no attempt told.
    var usage: TokenUsage? {
      let known = attempts.compactMap(\.usage)
      return known.isEmpty ? nil : known.dropFirst().reduce(known[0], +)
    }

    /// Of all attempts together; `nil` where one that answered has no known cost.
    var costUSD: Double? {
      var total = 0.0
      var isKnown = false
      for attempt in attempts where attempt.usage != nil || attempt.failure == nil {
        guard let cost = attempt.costUSD else { return nil }
        total += cost
        isKnown = true
      }
      return isKnown ? Price.rounded(total) : nil
    }

    /// What a budget is charged with: what is known of each attempt, or what it is taken to have used. An attempt that was
    /// never sent, or that the provider answered with an error, costs nothing. Attempts without a price are no money beside
    /// others with one.
    var settlement: Settlement {
      let charged = attempts.filter { $0.usage != nil || $0.assumedUsage != nil }
      guard !charged.isEmpty else { return .nothing }
      let costs = charged.compactMap { $0.usage == nil ? $0.assumedCostUSD : $0.costUSD }
      let tokens = charged.compactMap { $0.usage ?? $0.assumedUsage }.map { $0.inputTokens + $0.outputTokens }
      return Settlement(
        costUSD: costs.isEmpty ? nil : Price.rounded(costs.reduce(0, +)), tokens: tokens.reduce(0, +))
    }
  }

  /// What telemetry keeps.
  func trace(_ end: End, nowNanoseconds: UInt64, unixSeconds: Double) -> RequestTrace {
    let latency = Double(nowNanoseconds - min(nowNanoseconds, incoming.startNanoseconds)) / 1e6
    var trace = RequestTrace(
      id: incoming.id, time: unixSeconds - latency / 1000, dialect: request.dialect, isStream: request.isStream,
      requestedModel: request.model, key: hold.key?.name, request: request.scored, decision: decision,
      tierNames: tierNames,
      attempts: end.attempts, status: end.status, latencyMilliseconds: latency,
      upstreamMilliseconds: end.attempts.upstreamMilliseconds)
    trace.traceParent = incoming.header("traceparent").flatMap { TraceParent($0) }
    trace.target = end.target?.name
    trace.tier = end.target.flatMap { $0.tier.isEmpty ? nil : $0.tier }
    trace.usage = end.usage
    trace.costUSD = end.costUSD
    trace.finishReason = end.finish
    trace.errorCode = end.error
    trace.firstTokenMilliseconds = end.firstTokenMilliseconds
    return trace
  }
}
