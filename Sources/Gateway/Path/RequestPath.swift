import ChatProtocols
import HTTPTypes
import HummingbirdCore

/// The way of a request through the gateway, top to bottom. What happens in which order stands here and nowhere else; how
/// is each step's own:
///
/// | step | what | by |
/// | --- | --- | --- |
/// | accept | a connection, a head of bounded size | ``GatewayServer``, ``Arrival`` |
/// | admit | a place among the requests that are worked on | ``Admission`` |
/// | read | a body of bounded size | ``Arrival`` |
/// | allow | web pages of configured origins | ``CrossOrigin`` |
/// | find | the endpoint, and that the body may be JSON | ``EndpointTable``, ``Passthrough``, ``MediaType`` |
/// | authenticate | the virtual key | `KeyRing` |
/// | parse | the client's format | `ClientDialect` |
/// | decide | tier and targets | `RequestRouter`, ``TargetTable`` |
/// | reserve | tokens and money | ``ChatHold``, `Ledger` |
/// | call | with retries and failover | ``ChatExecution`` |
/// | check | the answer, where the policy asks for it | ``Deliberation`` |
/// | settle | what it took | ``ChatHold``, `Ledger` |
/// | record | metrics, log, spans | ``GatewayServices`` |
/// | send | to the last byte | `ResponseWriter` |
///
/// A stream is settled and recorded when its last byte was sent, anything else before its first.
struct RequestPath: RequestHandler {
  let gateway: LiveGateway
  let endpoints: EndpointTable
  let maximumBodyBytes: Int

  private var shared: GatewayServices { gateway.shared }

  /// Every request.
  func serve(_ arrival: Arrival, _ writer: consuming ResponseWriter) async throws {
    let pages = CrossOrigin(origins: gateway.runtime.configuration.corsOrigins)
    var response: OutgoingResponse
    var isAdmitted = false
    do throws(GatewayError) {
      try arrival.checkHeaders()
      if let preflight = pages.preflight(of: arrival) {
        response = preflight
      } else {
        if arrival.expectsContinue { try? await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
        // Before the body is read, so that bodies in memory are bounded too.
        if endpoints.needsAdmission(path: arrival.path) {
          try await shared.admission.enter()
          isAdmitted = true
        }
        response = await answer(to: try await arrival.read(upTo: maximumBodyBytes, shared.clock))
      }
    } catch {
      response = refusal(error, path: arrival.path, id: arrival.id)
    }
    if !pages.origins.isEmpty { response.headers += pages.headers(for: arrival.header("origin")) }
    defer { if isAdmitted { shared.admission.leave() } }
    try await writer.send(response, isHead: arrival.isHead)
  }

  /// Every request that could be read, with the runtime of this moment: a reload meanwhile does not touch it.
  func answer(to incoming: IncomingRequest) async -> OutgoingResponse {
    let (route, parameter): (EndpointRoute, String)
    let runtime = gateway.runtime
    do { (route, parameter) = try endpoints.find(method: incoming.method, path: incoming.path) } catch {
      guard error.code == .unknownPath, let passed = Passthrough.route(of: incoming, in: runtime) else {
        return refusal(error, path: incoming.path, id: incoming.id)
      }
      (route, parameter) = (passed, "")
    }
    do throws(GatewayError) {
      if !route.takesAnyBody { try MediaType.check(incoming) }
      let key = route.needsKey ? try gateway.key(of: incoming, at: route, in: runtime) : nil
      let call = EndpointCall(incoming: incoming, parameter: parameter, key: key, gateway: gateway, runtime: runtime)
      let response = try await route.handle(call)
      if !route.recordsItself {
        shared.metrics.countRequest(route: route.template, status: response.status, error: nil)
      }
      return response
    } catch {
      shared.metrics.countRequest(route: route.template, status: error.status, error: error.code)
      return .refusal(error, in: route.dialect, id: incoming.id)
    }
  }

  /// Every chat request, whatever its dialect.
  static func chat(_ call: EndpointCall, in dialect: any ClientDialect) async throws(GatewayError) -> OutgoingResponse {
    let runtime = call.runtime
    var request = try Self.request(from: call.incoming.body, in: dialect)
    request.betas = call.incoming.betas
    request = try request.applying(runtime.configuration.hostedTools)
    let decision = try call.decide(request)
    let targets = runtime.targets.inOrder(of: runtime.router.plan(for: decision))
    let hold = try await ChatHold(
      for: request, rounds: AnswerRounds(of: decision, over: targets, in: runtime), key: call.key, in: call.shared)
    let exchange = ChatExchange(
      incoming: call.incoming, dialect: dialect, request: request.withoutRoutingField(), hold: hold, decision: decision,
      targets: targets, tierNames: runtime.tierNames, shared: call.shared)
    guard let seconds = runtime.configuration.keepAliveSeconds, exchange.request.isStream else {
      return await answer(to: exchange, in: runtime)
    }
    let awaited = AwaitedAnswer(
      every: seconds, call.shared.clock, sign: dialect.signOfLife,
      failure: { [request] error in
        var encoder = dialect.makeStreamEncoder(for: request)
        return encoder.fail(error)
      }
    ) { await answer(to: exchange, in: runtime) }
    if let response = await awaited.next() { return response }
    return exchange.wait(for: awaited)
  }

  /// Asks, by what the policy and the client want, and answers.
  private static func answer(to exchange: ChatExchange, in runtime: GatewayRuntime) async -> OutgoingResponse {
    let (request, targets, execution) = (exchange.request, exchange.targets, runtime.execution)
    let presence = exchange.incoming.presence
    if let deliberation = Deliberation(of: exchange, in: runtime) {
      return exchange.finish(await deliberation.outcome())
    }
    guard request.isStream else {
      return exchange.finish(
        await execution.answer(request, over: targets, presence: presence, origin: exchange.origin))
    }
    return exchange.begin(
      await execution.stream(
        request, dialect: exchange.dialect, over: targets, presence: presence, origin: exchange.origin))
  }

  /// A request; one whose texts were cut inside a character is read with a replacement there, for its client cannot mend it.
  private static func request(
    from body: [UInt8], in dialect: any ClientDialect
  ) throws(GatewayError) -> ChatRequest {
    do { return try dialect.request(from: body, reading: LogRequestReader.read) } catch {
      guard error.code == .invalidJSON, let mended = RequestBody.withoutHalves(body) else { throw error }
      return try dialect.request(from: mended, reading: LogRequestReader.read)
    }
  }

  /// The answer where a request is not one of an endpoint, or could not be read: in the dialect of its path, counted;
  /// with `allow` where the method is wrong.
  private func refusal(_ error: GatewayError, path: String, id: String) -> OutgoingResponse {
    let route = endpoints.route(at: path)?.route
    shared.metrics.countRequest(route: route?.template ?? "other", status: error.status, error: error.code)
    if error.code == .overloaded { shared.metrics.requestsShed[].add() }
    var response = OutgoingResponse.refusal(error, in: route?.dialect ?? ChatCompletionsDialect(), id: id)
    if error.code == .methodNotAllowed {
      response.headers.append(("allow", endpoints.methods(at: path).joined(separator: ", ")))
    }
    return response
  }
}
