package import ChatProtocols
package import GatewayCore
package import Ockham

/// What a request asked for that has a trace.
package enum TracedKind: String, Sendable, Hashable {
  case chat
  case embeddings
  /// A path that was passed on.
  case passthrough
}

/// What is known of one request once it is over: what telemetry writes, metrics count and spans show.
package struct RequestTrace: Sendable {
  /// The request's name: `x-ockham-request-id`, and the record's id in the log.
  package var id: String

  /// When the request came, in seconds since 1970.
  package var time: Double

  /// What is no chat stands in the books alone: nothing of it was routed, and nothing can be trained on it.
  package var kind = TracedKind.chat
  package var apiFormat: APIFormat
  package var isStream: Bool

  /// The model that the client asked for.
  package var requestedModel: String

  /// The virtual key's name.
  package var key: String?

  /// As it was scored.
  package var request: Request
  package var decision: RoutingDecision

  /// The tiers' names, in order.
  package var tierNames: [String]
  package var attempts: [Attempt]

  /// Whether the policy looked at the answer of each tier before it went on or not.
  package var isCascade = false

  /// The answers that were looked at before one was sent, in order; of a request that was drawn for labels the one that was sent.
  package var answers: [SeenAnswer] = []

  /// The target that answered, and its tier.
  package var target: String?
  package var tier: String?

  /// Of all attempts together.
  package var usage: TokenUsage?
  package var costUSD: Double?

  /// What budgets count for it: the cost where it is known, else what was assumed; `nil` where no price is known.
  package var bookedUSD: Double?
  package var finishReason: FinishReason?

  /// The HTTP status that the client got, 499 where it went away.
  package var status: Int
  package var errorCode: GatewayError.Code?

  /// From the request read to the first byte of content sent, and to the last byte, in milliseconds.
  package var firstTokenMilliseconds: Double?
  package var latencyMilliseconds: Double

  /// What of the latency was spent waiting for providers.
  package var upstreamMilliseconds: Double

  /// What other tiers would have cost; `nil` for what is no chat.
  package var references: ReferencePrices?

  /// The client's place in a distributed trace, where it sent one.
  package var traceParent: TraceParent?

  package init(
    id: String, time: Double, apiFormat: APIFormat, isStream: Bool, requestedModel: String, key: String?,
    request: Request,
    decision: RoutingDecision, tierNames: [String], attempts: [Attempt] = [], status: Int, latencyMilliseconds: Double,
    upstreamMilliseconds: Double
  ) {
    self.id = id
    self.time = time
    self.apiFormat = apiFormat
    self.isStream = isStream
    self.requestedModel = requestedModel
    self.key = key
    self.request = request
    self.decision = decision
    self.tierNames = tierNames
    self.attempts = attempts
    self.status = status
    self.latencyMilliseconds = latencyMilliseconds
    self.upstreamMilliseconds = upstreamMilliseconds
  }
}

/// An outcome that a client reports for a request: `POST /v1/feedback`.
package struct Feedback: Sendable, Hashable {
  package var requestID: String

  /// From 0 to 1: said outright, or derived from accepted, edited and thumbs.
  package var quality: Double

  /// Where it came from: `quality`, `accepted`, `edited` or `thumbs`.
  package var source: String
  package var time: Double

  /// The virtual key that says so; `nil` where none is asked for, or where the administrator does.
  package var key: String?

  /// Whether the administrator says so, who may rate any request.
  package var isAdministrators = false

  package init(
    requestID: String, quality: Double, source: String, time: Double, key: String? = nil, isAdministrators: Bool = false
  ) {
    self.requestID = requestID
    self.quality = quality
    self.source = source
    self.time = time
    self.key = key
    self.isAdministrators = isAdministrators
  }
}

/// Takes what is over. Never waits: what finds no room is dropped and counted.
package protocol TraceSink: Sendable {
  func record(_ trace: RequestTrace)
}
