import ChatProtocols
import HTTPTypes
import HummingbirdCore

/// The way of a request through the gateway, top to bottom. What happens in which order stands here and nowhere else; how
/// is each step's own:
///
/// | step | what | by |
/// | --- | --- | --- |
/// | accept | a connection, a head of bounded size, in time | ``GatewayServer``, ``ConnectionTable``, ``Arrival`` |
/// | allow | web pages of configured origins | ``CrossOrigin``, ``SiteCheck`` |
/// | find | the endpoint, and that the body may be JSON | ``EndpointTable``, ``Passthrough``, ``MediaType`` |
/// | authenticate | the virtual key | `KeyRing` |
/// | read | a body of bounded size, in time, of which there is room for | ``Arrival``, ``ByteBudget`` |
/// | admit | a place among the requests that are worked on | ``Admission`` |
/// | parse | the client's format | `ClientFormat` |
/// | decide | tier and targets | `RequestRouter`, ``TargetTable`` |
/// | reserve | tokens and money | ``ChatHold``, `Ledger` |
/// | call | with retries and failover | ``ChatExecution`` |
/// | check | the answer, where the policy asks for it | ``MultiCall`` |
/// | settle | what it took | ``ChatHold``, `Ledger` |
/// | record | metrics, log, spans | ``SharedResources`` |
/// | send | to the last byte | `ResponseWriter` |
///
/// Until a key is known nothing but the head is read, and until the body is whole no place is taken: who sends slowly, or has
/// no key, holds a connection and nothing else. A stream is settled and recorded when its last byte was sent, anything else
/// before its first.
struct RequestPath: RequestHandler {
  let gateway: SwappableGateway
  let endpoints: EndpointTable
  let maximumBodyBytes: Int

  private var shared: SharedResources { gateway.shared }

  /// Every request.
  func serve(_ arrival: Arrival, _ writer: consuming ResponseWriter) async throws {
    let pages = CrossOrigin(origins: gateway.runtime.configuration.corsOrigins)
    var stay = Stay(shared)
    defer { stay.end() }
    var response: OutgoingResponse
    var isRead = !arrival.head.hasBody
    if let preflight = pages.preflight(of: arrival.head) {
      response = preflight
    } else {
      switch accept(arrival.head) {
      case .refused(let refusal): response = refusal
      case .accepted(let route, var call):
        do throws(GatewayError) {
          if route.takesBody {
            try arrival.checkLength(maximumBodyBytes)
            if arrival.expectsContinue { try? await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
            call.incoming.body = try await arrival.bytes(upTo: maximumBodyBytes) { stay.take($0, for: call.party) }
            isRead = true
          }
          call.incoming.startNanoseconds = shared.clock.steadyNanoseconds
          if !route.isProbe { try await stay.enter(call) }
          response = await answer(call, at: route)
        } catch { response = refusal(error, at: route, id: call.incoming.id) }
      }
    }
    if !pages.origins.isEmpty { response.headers += pages.headers(for: arrival.head.header("origin")) }
    if !isRead && !arrival.canPassOver { response.headers.append(("connection", "close")) }
    try await writer.send(response, isHead: arrival.isHead)
  }

  /// Every request that is all there.
  func answer(to incoming: IncomingRequest) async -> OutgoingResponse {
    switch accept(incoming) {
    case .refused(let refusal): refusal
    case .accepted(let route, let call): await answer(call, at: route)
    }
  }

  private enum Acceptance {
    case refused(OutgoingResponse)
    case accepted(EndpointRoute, EndpointCall)
  }

  /// All that a head decides, with the runtime of this moment: a reload meanwhile does not touch the request.
  private func accept(_ head: IncomingRequest) -> Acceptance {
    let (route, parameter): (EndpointRoute, String)
    let runtime = gateway.runtime
    do throws(GatewayError) {
      try head.checkHeaders()
      (route, parameter) = try endpoints.find(method: head.method, path: head.path)
    } catch {
      guard error.code == .unknownPath, let passed = Passthrough.route(of: head, in: runtime) else {
        return .refused(refusal(error, path: head.path, id: head.id))
      }
      (route, parameter) = (passed, "")
    }
    do throws(GatewayError) {
      let key = route.needsKey ? try gateway.key(of: head, at: route, in: runtime) : nil
      if key == nil, route.needsKey || route.method == "POST" {
        try SiteCheck(configuration: runtime.configuration).check(head)
      }
      if !route.takesAnyBody { try MediaType.check(head, mustSay: key == nil) }
      return .accepted(
        route, EndpointCall(incoming: head, parameter: parameter, key: key, gateway: gateway, runtime: runtime))
    } catch { return .refused(refusal(error, at: route, id: head.id)) }
  }

  private func answer(_ call: EndpointCall, at route: EndpointRoute) async -> OutgoingResponse {
    do throws(GatewayError) {
      let response = try await route.handle(call)
      if !route.recordsItself {
        shared.metrics.countRequest(route: route.template, status: response.status, error: nil)
      }
      return response
    } catch { return refusal(error, at: route, id: call.incoming.id) }
  }

  /// Every chat request, whatever its API format.
  static func chat(_ call: EndpointCall, in apiFormat: any ClientFormat) async throws(GatewayError) -> OutgoingResponse
  {
    let runtime = call.runtime
    var request = try Self.request(from: call.incoming.body, in: apiFormat)
    request.betas = call.incoming.betas
    request = try request.applying(runtime.configuration.hostedTools)
    let decision = try call.decide(request)
    let targets = runtime.targets.inOrder(of: runtime.router.plan(for: decision))
    let hold = try await ChatHold(
      for: request, rounds: AnswerRounds(of: decision, over: targets, in: runtime), key: call.key, in: call.shared)
    let exchange = ChatExchange(
      incoming: call.incoming, apiFormat: apiFormat, request: request.withoutRoutingField(), hold: hold,
      decision: decision,
      targets: targets, tierNames: runtime.tierNames, isCascade: runtime.hasCascade(for: decision),
      shared: call.shared, references: runtime.targets.references, shadow: call.shadow(of: decision))
    guard let seconds = runtime.configuration.keepAliveSeconds, exchange.request.isStream else {
      return await answer(to: exchange, in: runtime)
    }
    let awaited = AwaitedAnswer(
      every: seconds, call.shared.clock, sign: apiFormat.signOfLife,
      failure: { [request] error in
        var encoder = apiFormat.makeStreamEncoder(for: request)
        return encoder.fail(error)
      }
    ) { await answer(to: exchange, in: runtime) }
    if let response = await awaited.next() { return response }
    return exchange.wait(for: awaited)
  }

  /// Asks, by what the policy and the client want, and answers.
  private static func answer(to exchange: ChatExchange, in runtime: ConfiguredGateway) async -> OutgoingResponse {
    let (request, targets, execution) = (exchange.request, exchange.targets, runtime.execution)
    let presence = exchange.incoming.presence
    if let multiCall = MultiCall(of: exchange, in: runtime) {
      let (outcome, seen) = await multiCall.outcome()
      return exchange.finish(outcome, seen: seen)
    }
    guard request.isStream else {
      return exchange.finish(
        await execution.answer(request, over: targets, presence: presence, origin: exchange.origin))
    }
    return exchange.begin(
      await execution.stream(
        request, apiFormat: exchange.apiFormat, over: targets, presence: presence, origin: exchange.origin,
        collects: exchange.shadow != nil))
  }

  /// A request; one whose texts were cut inside a character is read with a replacement there, for its client cannot mend it.
  private static func request(
    from body: [UInt8], in apiFormat: any ClientFormat
  ) throws(GatewayError) -> ChatRequest {
    do { return try apiFormat.request(from: body, reading: LogRequestReader.read) } catch {
      guard error.code == .invalidJSON, let mended = RequestBody.withoutHalves(body) else { throw error }
      return try apiFormat.request(from: mended, reading: LogRequestReader.read)
    }
  }

  /// The answer where a request is not one of an endpoint: in the API format of its path, counted; with `allow` where the method
  /// is wrong.
  private func refusal(_ error: GatewayError, path: String, id: String) -> OutgoingResponse {
    guard let route = endpoints.route(at: path)?.route else {
      shared.metrics.countRequest(route: "other", status: error.status, error: error.code)
      return .refusal(error, in: ChatCompletionsFormat(), id: id)
    }
    var response = refusal(error, at: route, id: id)
    if error.code == .methodNotAllowed {
      response.headers.append(("allow", endpoints.methods(at: path).joined(separator: ", ")))
    }
    return response
  }

  /// The answer of an endpoint that cannot give one: in its API format, counted.
  private func refusal(_ error: GatewayError, at route: EndpointRoute, id: String) -> OutgoingResponse {
    shared.metrics.countRequest(route: route.template, status: error.status, error: error.code)
    if error.code == .overloaded { shared.metrics.requestsShed[].add() }
    return .refusal(error, in: route.apiFormat, id: id)
  }
}
