import ChatProtocols
import GatewayCore
import NIOCore
import Ockham

/// Answers chat requests of every dialect: who asks, where to, how it went, what it cost.
struct ChatService: Sendable {
  let runtime: GatewayRuntime
  let shared: GatewayServices

  private var clock: GatewayClock { shared.clock }

  func response(
    to incoming: IncomingRequest, dialect: any ClientDialect, _ key: KeyConfiguration?
  ) async -> OutgoingResponse {
    do throws(GatewayError) {
      let exchange = try begin(incoming, dialect, key)
      let targets = exchange.targets
      let policy = runtime.configuration.policies[exchange.decision.policy]
      if !exchange.decision.isPinned, let policy, policy.cascade != nil || policy.ensemble != nil {
        return await deliberate(exchange, targets, policy)
      }
      return exchange.request.isStream ? await stream(exchange, targets) : await whole(exchange, targets)
    } catch {
      shared.metrics.countRequest(route: dialect.dialect.route, status: error.status, error: error.code)
      return Self.response(to: error, dialect, id: incoming.id)
    }
  }

  /// Everything up to the decision.
  private func begin(
    _ incoming: IncomingRequest, _ dialect: any ClientDialect, _ key: KeyConfiguration?
  ) throws(GatewayError) -> ChatExchange {
    let request = try dialect.request(from: incoming.body)
    let decision = try runtime.decide(request, incoming, key, at: clock.unixSeconds())
    let targets = runtime.targets(for: decision)
    let needs = RequestNeeds(request.request)
    let tokens = needs.inputTokens + needs.outputTokens
    let limits = try key.map { (key) throws(GatewayError) in
      try shared.limiter.take(tokens: tokens, for: key, at: clock.unixSeconds())
    }
    let reservation = try key.map { (key) throws(GatewayError) in
      try reserve(runtime.estimatedCostUSD(targets, needs), tokens: tokens, for: key)
    }
    return ChatExchange(
      incoming: incoming, dialect: dialect, request: request.withoutRoutingField(), key: key, decision: decision,
      targets: targets, tierNames: runtime.tierNames, reservation: reservation, limits: limits ?? RateLimiter.Status(),
      estimatedTokens: tokens)
  }

  /// Sets money aside; where there is none, the tokens that were drawn go back.
  private func reserve(
    _ estimateUSD: Double?, tokens: Int, for key: KeyConfiguration
  ) throws(GatewayError) -> Budgets.Reservation {
    do { return try shared.budgets.reserve(estimateUSD, for: key, at: clock.unixSeconds()) } catch {
      shared.limiter.settle(estimated: tokens, used: 0, for: key, at: clock.unixSeconds())
      throw error
    }
  }

  private func whole(_ exchange: ChatExchange, _ targets: [UpstreamTarget]) async -> OutgoingResponse {
    let outcome = await runtime.execution.answer(exchange.request, over: targets, presence: exchange.incoming.presence)
    return finish(exchange, outcome)
  }

  /// The answer of a request that is over.
  func finish(_ exchange: ChatExchange, _ outcome: Failover.Outcome<BufferedCall.Answer>) -> OutgoingResponse {
    var end = ChatExchange.End(attempts: outcome.attempts, target: outcome.target)
    guard let answer = outcome.answer, let target = outcome.target else {
      return fail(exchange, &end, outcome.error ?? .noAnswer)
    }
    end.finish = answer.answer.choices.first?.finishReason
    end.firstTokenMilliseconds = elapsedMilliseconds(exchange)
    settle(exchange, end)
    let headers = exchange.headers(end) + exchange.costHeaders(end)
    if exchange.request.isStream { return replay(answer.answer, exchange, headers) }
    let isVerbatim = target.provider.codec.dialect == exchange.request.dialect
    let body = isVerbatim ? answer.body : exchange.dialect.body(of: answer.answer, to: exchange.request)
    return .json(body, headers: headers)
  }

  private func stream(_ exchange: ChatExchange, _ targets: [UpstreamTarget]) async -> OutgoingResponse {
    let outcome = await runtime.execution.stream(
      exchange.request, dialect: exchange.dialect, over: targets, presence: exchange.incoming.presence)
    var end = ChatExchange.End(attempts: outcome.attempts, target: outcome.target)
    guard let live = outcome.answer, let target = outcome.target else {
      return fail(exchange, &end, outcome.error ?? .noAnswer)
    }
    end.firstTokenMilliseconds = elapsedMilliseconds(exchange)
    let open = end
    return OutgoingResponse(
      headers: Self.streamHeaders + exchange.headers(end),
      body: .stream(live) { stream, isSent in
        var end = open
        conclude(&end, target, stream, live.deadline, isSent: isSent)
        settle(exchange, end)
        return exchange.costHeaders(end)
      })
  }

  /// Adds what the end of a stream tells.
  private func conclude(
    _ end: inout ChatExchange.End, _ target: UpstreamTarget, _ stream: StreamOutcome, _ deadline: Deadline, isSent: Bool
  ) {
    end.finish = stream.finish
    let last = end.attempts.count - 1
    end.attempts[last].latencyMilliseconds = Double(clock.steadyNanoseconds - deadline.start) / 1e6
    end.attempts[last].usage = stream.usage
    end.attempts[last].costUSD = stream.usage.flatMap { target.price?.costUSD(of: $0) }
    if let failure = stream.failure {
      end.attempts[last].failure = failure.kind
      end.error = .streamInterrupted
      if deadline.cause != .cancelled { target.breaker.fail(at: clock.steadySeconds()) }
    }
    if !isSent { end.status = 499 }
  }

  /// A whole answer sent as a stream: what was checked as a whole, or came from a provider at once.
  private func replay(
    _ answer: ChatAnswer, _ exchange: ChatExchange, _ headers: [(name: String, value: String)]
  ) -> OutgoingResponse {
    var encoder = exchange.dialect.makeStreamEncoder(for: exchange.request)
    var bytes: [UInt8] = []
    for event in answer.events { bytes += encoder.encode(event) }
    bytes += encoder.end()
    return OutgoingResponse(headers: Self.streamHeaders + headers, body: .whole(bytes))
  }

  func fail(
    _ exchange: ChatExchange, _ end: inout ChatExchange.End, _ error: GatewayError
  ) -> OutgoingResponse {
    end.status = error.status
    end.error = error.code
    settle(exchange, end)
    var response = Self.response(to: error, exchange.dialect, id: exchange.incoming.id)
    response.headers += exchange.headers(end).filter { !$0.name.hasSuffix("request-id") }
    return response
  }

  /// Books what the request used and tells telemetry.
  private func settle(_ exchange: ChatExchange, _ end: ChatExchange.End) {
    let now = clock.unixSeconds()
    // An answer that began costs, also where it broke off before its usage came: then the estimate stands.
    let wasAnswered = end.target != nil
    if let key = exchange.key {
      let used = end.usage.map { $0.inputTokens + $0.outputTokens } ?? (wasAnswered ? exchange.estimatedTokens : 0)
      shared.limiter.settle(estimated: exchange.estimatedTokens, used: used, for: key, at: now)
    }
    if let reservation = exchange.reservation {
      let cost = wasAnswered || end.usage != nil ? end.costUSD : 0
      shared.budgets.settle(reservation, costUSD: cost, at: now)
    }
    let trace = exchange.trace(end, nowNanoseconds: clock.steadyNanoseconds, unixSeconds: now)
    shared.finished(trace)
  }

  private func elapsedMilliseconds(_ exchange: ChatExchange) -> Double {
    Double(clock.steadyNanoseconds - exchange.incoming.startNanoseconds) / 1e6
  }

  /// `X-Accel-Buffering` asks proxies in front to pass events on as they come.
  static let streamHeaders: [(name: String, value: String)] = [
    ("content-type", "text/event-stream"), ("cache-control", "no-cache"), ("x-accel-buffering", "no"),
  ]

  static func response(to error: GatewayError, _ dialect: any ClientDialect, id: String) -> OutgoingResponse {
    var headers: [(name: String, value: String)] = [("x-ockham-request-id", id), ("x-request-id", id)]
    if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(Int(seconds.rounded(.up))))) }
    return .json(dialect.body(of: error), status: error.status, headers: headers)
  }
}

extension GatewayError {
  /// A plan without targets: nothing was tried.
  static let noAnswer = GatewayError(
    .allProvidersFailed, status: 502, message: "No target is configured for the tiers that this request may use.")
}
