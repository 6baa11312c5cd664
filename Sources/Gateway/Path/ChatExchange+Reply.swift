import ChatProtocols

/// What goes back for a chat request once its call is over or its stream has begun. Each request is settled and recorded
/// here, once.
extension ChatExchange {
  /// The answer of a request that is over.
  /// - Parameter seen: the answers that were looked at, in order.
  func finish(
    _ outcome: Failover.Outcome<BufferedCall.Answer>, seen: [SeenAnswer] = []
  ) -> OutgoingResponse {
    var end = End(outcome)
    end.seen = seen
    guard var answer = outcome.answer, let target = outcome.target else {
      return fail(&end, outcome.error ?? .noAnswer)
    }
    if decision.cascade != nil, request.chat["logprobs"]?.boolean != true { answer.dropLogprobs() }
    end.finish = answer.answer.choices.first?.finishReason
    end.firstTokenMilliseconds = elapsedMilliseconds
    close(end, with: answer.answer)
    let headers = headers(end) + costHeaders(end)
    if request.isStream { return replay(dated(answer.answer), headers) }
    if let body = answer.body, target.provider.codec.apiFormat == request.apiFormat {
      return .json(body, headers: headers)
    }
    return .json(apiFormat.body(of: dated(answer.answer), to: request), headers: headers)
  }

  /// The answer of a request whose stream has begun.
  func begin(_ outcome: Failover.Outcome<LiveStream>) -> OutgoingResponse {
    var end = End(outcome)
    guard let live = outcome.answer, let target = outcome.target else {
      return fail(&end, outcome.error ?? .noAnswer)
    }
    end.firstTokenMilliseconds = elapsedMilliseconds
    let open = end
    return OutgoingResponse(
      headers: Self.streamHeaders + headers(end),
      body: .stream(live) { stream, wasDelivered in
        var end = open
        conclude(&end, stream, of: live, from: target, wasDelivered: wasDelivered)
        close(end, with: stream.answer)
        return costHeaders(end)
      })
  }

  /// The head of a stream whose answer is still waited for: what is known of it comes behind its end.
  func wait(for awaited: AwaitedAnswer) -> OutgoingResponse {
    let known = OutgoingResponse.identity(incoming.id, in: apiFormat.apiFormat) + hold.limits.headers
    return OutgoingResponse(headers: Self.streamHeaders + known, body: .awaited(awaited))
  }

  private func fail(_ end: inout End, _ error: GatewayError) -> OutgoingResponse {
    end.status = error.status
    end.error = error.code
    close(end)
    var response = OutgoingResponse.refusal(error, in: apiFormat, id: incoming.id)
    response.headers += headers(end).filter { !$0.name.hasSuffix("request-id") }
    return response
  }

  /// Settles and records.
  /// - Parameter answer: what the client got, where it is known as a whole.
  private func close(_ end: End, with answer: ChatResponse? = nil) {
    var end = end
    if shadow != nil, end.seen.isEmpty, let answer, let target = end.target {
      end.seen = [SeenAnswer(answer, ofTarget: target.name, tier: target.tier, to: request)]
    }
    let now = shared.clock.unixSeconds()
    var trace = trace(end, nowNanoseconds: shared.clock.steadyNanoseconds, unixSeconds: now)
    trace.bookedUSD = hold.settle(end.attempts.settlement, at: now)
    shared.finished(trace)
    if let shadow, let answer { copy(answer, end, shadow.pick, shadow.engine) }
  }

  /// Hands a request that was drawn to those who ask other tiers, unless another tier answered than was drawn for.
  private func copy(_ answer: ChatResponse, _ end: End, _ pick: ShadowPick, _ engine: ShadowEngine) {
    guard let target = end.target, end.error == nil, end.status == 200, target.tier == tierNames[pick.served] else {
      return
    }
    let served = ShadowRun.TierAnswer(tier: target.tier, model: target.configuration.model, answer: answer)
    engine.submit(
      ShadowRun(
        pick: pick, requestID: incoming.id, request: request.asCopy, served: served,
        forbiddenTiers: decision.forbiddenTiers))
  }

  /// Adds what the end of a stream shows.
  private func conclude(
    _ end: inout End, _ stream: StreamOutcome, of live: LiveStream, from target: UpstreamTarget, wasDelivered: Bool
  ) {
    end.finish = stream.finish
    let last = end.attempts.count - 1
    end.attempts[last].latencyMilliseconds = Double(shared.clock.steadyNanoseconds - live.deadline.start) / 1e6
    end.attempts[last].usage = stream.usage
    end.attempts[last].costUSD = stream.usage.flatMap { target.price?.costUSD(of: $0) }
    target.assume(stream.assumedUsage, of: &end.attempts[last])
    if let failure = stream.failure {
      end.attempts[last].failure = failure.kind
      end.attempts[last].reason = failure.reason
      end.attempts[last].providerRequestID = failure.providerRequestID
      end.error = .streamInterrupted
      if live.deadline.cause != .cancelled {
        target.breaker.fail(at: shared.clock.steadySeconds(), origin: origin)
      }
    }
    if !wasDelivered { end.status = 499 }
  }

  /// A whole answer sent as a stream: what was checked as a whole, or came from a provider at once.
  private func replay(_ answer: ChatResponse, _ headers: [(name: String, value: String)]) -> OutgoingResponse {
    var encoder = apiFormat.makeStreamEncoder(for: request)
    var bytes: [UInt8] = []
    for event in answer.events { bytes += encoder.encode(event) }
    bytes += encoder.end()
    return OutgoingResponse(headers: Self.streamHeaders + headers, body: .whole(bytes))
  }

  /// An answer with the time, where the provider does not say it, and with the client's names of tools.
  private func dated(_ answer: ChatResponse) -> ChatResponse {
    var answer = request.restoring(answer)
    if answer.created == 0 { answer.created = Int(shared.clock.unixSeconds()) }
    return answer
  }

  private var elapsedMilliseconds: Double {
    Double(shared.clock.steadyNanoseconds - incoming.startNanoseconds) / 1e6
  }

  /// `X-Accel-Buffering` asks proxies in front to pass events on as they come.
  private static let streamHeaders: [(name: String, value: String)] = [
    ("content-type", "text/event-stream"), ("cache-control", "no-cache"), ("x-accel-buffering", "no"),
  ]
}
