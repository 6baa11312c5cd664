import ChatProtocols
import GatewayCore
import HTTPTypes
import Ockham

/// Requests for paths that the gateway does not know but is told to pass to a target: method, query and body go as they
/// came, and the answer comes back as it is.
///
/// Of headers go those that describe the body or the request, by name: no key of the client, cookie or address can be among
/// them. The target's key is put in. Keys, budgets and limits of clients hold as everywhere; what it costs is not known.
struct Passthrough: Sendable {
  let call: EndpointCall
  let targetName: String

  /// The route of a request; `nil` where its path is not passed on.
  static func route(of incoming: IncomingRequest, in runtime: GatewayRuntime) -> EndpointRoute? {
    guard let name = runtime.configuration.passthroughTarget(of: incoming.path),
      ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(incoming.method)
    else { return nil }
    let isAnthropic = incoming.header("anthropic-version") != nil
    return EndpointRoute(
      method: incoming.method, template: "passthrough", summary: "A path that is passed on", takesAnyBody: true,
      dialect: isAnthropic ? MessagesDialect() : ChatCompletionsDialect()
    ) { call throws(GatewayError) in try await Passthrough(call: call, targetName: name).response() }
  }

  private func response() async throws(GatewayError) -> OutgoingResponse {
    // Whether the key may: a key that is for some models is for their targets alone.
    _ = try call.runtime.router.target(named: targetName, key: call.key)
    guard let target = call.runtime.targets[targetName] else { throw .noAnswer }
    let reservation = try await reserve()
    do throws(GatewayError) {
      let answer = try await answer(from: target)
      let isDone = answer.status < 400
      settle(reservation, isDone ? Settlement(costUSD: nil, tokens: nil) : .nothing)
      return outgoing(answer, limits: reservation?.limits)
    } catch {
      settle(reservation, .nothing)
      throw error
    }
  }

  private func reserve() async throws(GatewayError) -> Reservation? {
    guard let key = call.key else { return nil }
    let isJSON = call.incoming.header("content-type")?.lowercased().contains("json") ?? false
    let tokens = isJSON ? TokenEstimate.tokens(bytes: call.incoming.body.count) : 0
    return try await call.shared.ledger.reserve(
      Claim(key: key, tokens: tokens, estimateUSD: nil), at: call.shared.clock.unixSeconds())
  }

  private func settle(_ reservation: Reservation?, _ settlement: Settlement) {
    guard let reservation else { return }
    call.shared.ledger.settle(reservation, settlement, at: call.shared.clock.unixSeconds())
  }

  /// One attempt, for nobody knows whether the request may be sent twice; a key that is refused was not used, and the next
  /// one is tried. It does not rest: what is refused may be this path alone.
  private func answer(from target: UpstreamTarget) async throws(GatewayError) -> PassedCall.Answer {
    let request = upstreamRequest
    var tried: Set<Int> = []
    var attempts: [Attempt] = []
    while let key = target.provider.keys.next(at: call.shared.clock.steadySeconds(), excluding: tried) {
      tried.insert(key.index)
      var attempt = Attempt(target: target.name, tier: target.tier, latencyMilliseconds: 0)
      let start = call.shared.clock.steadyNanoseconds
      do throws(UpstreamFailure) {
        let answer = try await PassedCall(
          target: target, key: key, presence: call.incoming.presence, deadlines: call.shared.deadlines,
          clock: call.shared.clock
        ).run(request)
        guard answer.status == 401 else { return answer }
        answer.body.abandon()
        (attempt.failure, attempt.status) = (.keyRefused, 401)
      } catch {
        (attempt.failure, attempt.status, attempt.reason) = (error.kind, error.status, error.reason)
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

  private func outgoing(_ answer: PassedCall.Answer, limits: RateLimitStatus?) -> OutgoingResponse {
    let kept = answer.headers.filter { Self.answerHeaders.contains($0.name) }
    let headers = kept + OutgoingResponse.identity(call.incoming.id) + (limits?.headers ?? [])
    // These have no body, whatever is sent.
    if call.incoming.method == "HEAD" || [204, 304].contains(answer.status) {
      answer.body.abandon()
      return OutgoingResponse(status: answer.status, headers: headers, body: .whole([]))
    }
    return OutgoingResponse(
      status: answer.status, headers: headers, body: .stream(answer.body) { _, _ in [] })
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
