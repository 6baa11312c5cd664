import ChatProtocols
import GatewayCore
import HTTPTypes
import Ockham

/// Requests for paths that the gateway does not know but is told to pass to a target: method, query and body go as they
/// came, and the answer comes back as it is.
///
/// Of headers go those that describe the body or the request, by name: no key of the client, cookie or address can be among
/// them. The target's key is put in. Keys, budgets and limits of clients hold as everywhere; what it costs is not known, and budgets
/// count it by its bytes.
struct Passthrough: Sendable {
  let call: EndpointCall
  let targetName: String

  /// The route of a request; `nil` where its path is not passed on.
  static func route(of incoming: IncomingRequest, in runtime: ConfiguredGateway) -> EndpointRoute? {
    guard let name = runtime.configuration.passthroughTarget(of: incoming.path),
      ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(incoming.method)
    else { return nil }
    let isAnthropic = incoming.header("anthropic-version") != nil
    return EndpointRoute(
      method: incoming.method, template: "passthrough", summary: "A path that is passed on", takesAnyBody: true,
      apiFormat: isAnthropic ? MessagesFormat() : ChatCompletionsFormat()
    ) { call throws(GatewayError) in try await Passthrough(call: call, targetName: name).response() }
  }

  private func response() async throws(GatewayError) -> OutgoingResponse {
    // Whether the key may: a key that is for some models is for their targets alone.
    _ = try call.runtime.router.target(named: targetName, key: call.key)
    guard let target = call.runtime.targets[targetName] else { throw .noAnswer }
    let books = UnroutedBooks(
      kind: .passthrough, target: target, key: call.key, incoming: call.incoming, shared: call.shared)
    let reservation = try await books.reserve(expected: usage(answerBytes: 2048, target), most: most(target))
    var attempts: [Attempt] = []
    do throws(GatewayError) {
      let answer = try await answer(from: target, &attempts)
      attempts.append(Attempt(target: target.name, tier: target.tier, latencyMilliseconds: 0))
      return outgoing(answer, limits: reservation?.limits) { [attempts] stream in
        var attempts = attempts
        let last = attempts.count - 1
        if answer.status < 400, isWork {
          target.assume(usage(answerBytes: stream.byteCount, target), of: &attempts[last])
        }
        attempts[last].status = answer.status
        books.close(reservation, attempts, status: answer.status, error: nil)
      }
    } catch {
      books.close(reservation, attempts, status: error.status, error: error.code)
      throw error
    }
  }

  /// What a call is taken to use, at the prices of its target's model: what is asked and answered is read by no one. What is
  /// no JSON, such as a file, and what only looks or deletes, is not taken to be read by a model.
  private func usage(answerBytes: Int, _ target: UpstreamTarget) -> TokenUsage {
    guard isWork else { return TokenUsage(inputTokens: 0, outputTokens: 0) }
    let isJSON = call.incoming.header("content-type")?.lowercased().contains("json") ?? false
    let most = target.price?.maximumOutputTokens ?? TokenBounds.assumedMaximum
    return TokenUsage(
      inputTokens: isJSON ? TokenEstimate.tokens(bytes: call.incoming.body.count) : 0,
      outputTokens: min(most, TokenEstimate.tokens(bytes: answerBytes)))
  }

  private func most(_ target: UpstreamTarget) -> TokenUsage { usage(answerBytes: .max / 2, target) }

  private var isWork: Bool { !["GET", "HEAD", "DELETE"].contains(call.incoming.method) }

  /// One attempt, for no one knows whether the request may be sent twice; a key that is refused was not used, and the next
  /// one is tried. It does not rest: what is refused may be this path alone.
  private func answer(
    from target: UpstreamTarget, _ attempts: inout [Attempt]
  ) async throws(GatewayError) -> PassedCall.Answer {
    var request = upstreamRequest
    let sent = SentMark()
    request.onSent = { sent.set() }
    var tried: Set<Int> = []
    while let key = target.provider.keys.next(at: call.shared.clock.steadySeconds(), excluding: tried) {
      tried.insert(key.index)
      var attempt = Attempt(target: target.name, tier: target.tier, latencyMilliseconds: 0)
      let start = call.shared.clock.steadyNanoseconds
      do throws(UpstreamFailure) {
        let answer = try await PassedCall(
          target: target, key: key, presence: call.incoming.presence, party: call.party,
          deadlines: call.shared.deadlines,
          clock: call.shared.clock
        ).run(request)
        guard answer.status == 401 else { return answer }
        answer.body.abandon()
        (attempt.failure, attempt.status) = (.keyRefused, 401)
      } catch {
        (attempt.failure, attempt.status, attempt.reason) = (error.kind, error.status, error.reason)
        // Given up without an answer: no one knows what it took.
        if error.kind == .timeout, sent.wasSent, isWork { target.assume(most(target), of: &attempt) }
      }
      attempt.latencyMilliseconds = Double(call.shared.clock.steadyNanoseconds - start) / 1e6
      attempts.append(attempt)
      call.shared.logFailure(of: attempt, in: call.incoming.id)
      guard attempt.failure == .keyRefused else { break }
    }
    throw GatewayError(
      .allProvidersFailed, status: attempts.last?.failure == .timeout ? 504 : 502,
      message: "The target that this path is passed to did not answer, or refused the gateway's key; see attempts.",
      attempts: attempts)
  }

  private var upstreamRequest: UpstreamRequest {
    let incoming = call.incoming
    var request = UpstreamRequest(
      method: incoming.method, path: String(incoming.path.dropFirst("/v1".count)), headers: Self.kept(incoming.headers),
      body: incoming.body)
    if let query = incoming.query.map(Self.withoutKeys), !query.isEmpty { request.append(query: query) }
    return request
  }

  /// - Parameter onEnd: to be called once.
  private func outgoing(
    _ answer: PassedCall.Answer, limits: RateLimitStatus?, _ onEnd: @escaping @Sendable (StreamOutcome) -> Void
  ) -> OutgoingResponse {
    let kept = answer.headers.filter { Self.answerHeaders.contains($0.name) }
    let headers = kept + OutgoingResponse.identity(call.incoming.id) + (limits?.headers ?? [])
    // These have no body, whatever is sent.
    if call.incoming.method == "HEAD" || [204, 304].contains(answer.status) {
      answer.body.abandon()
      onEnd(StreamOutcome())
      return OutgoingResponse(status: answer.status, headers: headers, body: .whole([]))
    }
    return OutgoingResponse(
      status: answer.status, headers: headers,
      body: .stream(answer.body) { outcome, _ in
        onEnd(outcome)
        return []
      })
  }
}

/// What goes along.
extension Passthrough {
  /// Headers of requests that go on.
  private static let requestHeaders: Set<String> = [
    "content-type", "accept", "accept-language", "openai-beta", "anthropic-version", "anthropic-beta",
    "idempotency-key",
    "range", "if-match", "if-none-match", "if-modified-since", "content-disposition", "content-range",
    "content-encoding",
  ]

  /// Those of answers.
  private static let answerHeaders: Set<String> = [
    "content-type", "content-disposition", "content-language", "content-range", "accept-ranges", "cache-control",
    "etag",
    "last-modified", "location", "retry-after",
  ]

  private static func kept(_ fields: HTTPFields) -> [(name: String, value: String)] {
    fields.compactMap { field in
      let name = field.name.rawName.lowercased()
      // Google's uploads in parts have headers of their own.
      return requestHeaders.contains(name) || name.hasPrefix("x-goog-upload-") ? (name, field.value) : nil
    }
  }

  /// A query without what clients send their keys in.
  static func withoutKeys(_ query: String) -> String {
    let names: Set = ["key", "api_key", "api-key", "apikey", "access_token", "token"]
    return query.split(separator: "&").filter { part in
      !names.contains(String(part.prefix { $0 != "=" }).removingPercentEscapes.lowercased())
    }.joined(separator: "&")
  }
}
