import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// One chat request on its path through the gateway: who asks, where it goes, its result.
struct ChatExchange: Sendable {
  let incoming: IncomingRequest
  let apiFormat: any ClientFormat
  let request: ChatRequest
  let hold: ChatHold
  let decision: RoutingDecision
  let targets: [UpstreamTarget]
  let tierNames: [String]
  /// Whether the policy looks at each answer before it goes up or not.
  let isCascade: Bool
  let shared: SharedResources
  /// What other tiers would have cost.
  let references: ReferencePrices
  /// What the request was drawn for, and by whom; `nil` for most.
  let shadow: (pick: ShadowPick, engine: ShadowEngine)?

  /// Who asks, for the breakers: the client where it has a key, else the conversation.
  var origin: UInt64 {
    hold.key.map { Party.key($0.name).value } ?? decision.session ?? request.request.contentHash
  }

  /// Whether what was asked and answered may be shown to a judge.
  func mayShow(_ judge: UpstreamTarget) -> Bool {
    guard let tier = tierNames.firstIndex(of: judge.tier) else { return true }
    return !decision.forbiddenTiers.contains(tier)
  }

  /// What is known of the end of a request.
  struct End: Sendable {
    var attempts: [Attempt]
    var target: UpstreamTarget?
    var finish: FinishReason?
    var status = 200
    var error: GatewayError.Code?
    var firstTokenMilliseconds: Double?
    /// The answers that were looked at before one was sent, in order.
    var seen: [SeenAnswer] = []

    /// How often a cascade moved up from an answer.
    var escalations: Int { max(0, seen.count - 1) }

    init(attempts: [Attempt]) { self.attempts = attempts }

    init<Answer>(_ outcome: Failover.Outcome<Answer>) {
      attempts = outcome.attempts
      target = outcome.target
    }
  }

  /// The tier that the answers of a model outside the tiers are of, where the configuration watches it.
  private var observedTier: String? { decision.observed == nil ? nil : decision.tier.map { tierNames[$0] } }

  /// What telemetry keeps.
  func trace(_ end: End, nowNanoseconds: UInt64, unixSeconds: Double) -> RequestTrace {
    let latency = Double(nowNanoseconds - min(nowNanoseconds, incoming.startNanoseconds)) / 1e6
    var trace = RequestTrace(
      id: incoming.id, time: unixSeconds - latency / 1000, apiFormat: request.apiFormat, isStream: request.isStream,
      requestedModel: request.model, key: hold.key?.name, request: request.scored, decision: decision,
      tierNames: tierNames,
      attempts: end.attempts, status: end.status, latencyMilliseconds: latency,
      upstreamMilliseconds: end.attempts.upstreamMilliseconds)
    trace.traceParent = incoming.header("traceparent").flatMap { TraceParent($0) }
    trace.target = end.target?.name
    trace.tier = end.target.flatMap { $0.tier.isEmpty ? observedTier : $0.tier }
    trace.isCascade = isCascade
    trace.answers = end.seen
    trace.usage = end.attempts.usage
    trace.costUSD = end.attempts.costUSD
    trace.finishReason = end.finish
    trace.errorCode = end.error
    trace.firstTokenMilliseconds = end.firstTokenMilliseconds
    trace.references = references
    return trace
  }
}
