import ChatProtocols
import GatewayCore

/// One thing that can be asked of the gateway: where, by whom, and what answers. A new endpoint is a file that declares one,
/// and its name in `EndpointRoute.all`: paths, keys, metrics and the OpenAPI document follow from the value.
struct EndpointRoute: Sendable {
  typealias Handler = @Sendable (EndpointCall) async throws(GatewayError) -> OutgoingResponse

  /// The method that the endpoint takes; `HEAD` goes where `GET` does.
  let method: String

  /// The path, and what metrics name it by: bounded, whatever clients ask for. A part in braces takes what stands there: all
  /// that follows where it is the last.
  let template: String

  /// What the OpenAPI document says of it.
  let summary: String

  /// The OpenAPI document's schema of the body.
  var schema: String?

  /// Whether a client needs a key, where keys are configured.
  var needsKey = true

  /// Whether the administrator's key opens it too.
  var takesAdministratorsKey = false

  /// Cheap, without a key, and asked by machines: passes when the gateway is full.
  var isProbe = false

  /// Whether a request that was answered is counted where it is recorded, with all that is known of it.
  var recordsItself = false

  /// Whether the body may be anything; else it must be JSON, where there is one.
  var takesAnyBody = false

  /// What errors are written in.
  var apiFormat: any ClientFormat = ChatCompletionsFormat()

  let handle: Handler

  /// Whether a body is read: what it says where it may be anything or its method has one; else it is skipped.
  var takesBody: Bool { takesAnyBody ? method != "GET" && method != "HEAD" : method == "POST" }

  /// The name of the part of the template in braces.
  var parameterName: String? {
    guard let start = template.firstIndex(of: "{"), let end = template.lastIndex(of: "}") else { return nil }
    return String(template[template.index(after: start)..<end])
  }
}

extension EndpointRoute {
  static func get(
    _ template: String, _ summary: String, needsKey: Bool = true, isProbe: Bool = false, handle: @escaping Handler
  ) -> EndpointRoute {
    EndpointRoute(
      method: "GET", template: template, summary: summary, needsKey: needsKey, isProbe: isProbe,
      handle: needsKey ? drawing(handle) : handle)
  }

  /// A handler of what costs no money: a request of the key's minute all the same.
  static func drawing(_ handle: @escaping Handler) -> Handler {
    { call throws(GatewayError) in
      guard let key = call.key else { return try await handle(call) }
      let limits = try await call.shared.ledger.draw(key, at: call.shared.clock.unixSeconds())
      var response = try await handle(call)
      response.headers += limits.headers
      return response
    }
  }

  static func post(
    _ template: String, _ summary: String, schema: String? = nil, needsKey: Bool = true, handle: @escaping Handler
  ) -> EndpointRoute {
    EndpointRoute(
      method: "POST", template: template, summary: summary, schema: schema, needsKey: needsKey, handle: handle)
  }
}

/// A request at its endpoint, known to be allowed.
struct EndpointCall: Sendable {
  var incoming: IncomingRequest

  /// What the path says for the part of the template in braces; empty for a template without one.
  let parameter: String

  /// The virtual key that the client sent.
  let key: KeyConfiguration?
  let gateway: SwappableGateway

  /// Of the moment when the request came.
  let runtime: ConfiguredGateway

  var shared: SharedResources { gateway.shared }

  /// Who asks, for what all share.
  var party: Party { key.map { .key($0.name) } ?? incoming.address }

  /// What a request whose way is decided was drawn for; `nil` for most, and where its client wants no copies.
  func shadow(of decision: RoutingDecision) -> (pick: ShadowPick, engine: ShadowEngine)? {
    shadowEngine(for: decision).flatMap { engine in engine.pick(decision, key: key).map { ($0, engine) } }
  }

  /// Who may ask copies of a request.
  private func shadowEngine(for decision: RoutingDecision) -> ShadowEngine? {
    let policy = runtime.configuration.policies[decision.policy]
    // Which tier answers is then for the answer's check to say, and not for chance.
    guard policy?.cascade == nil, policy?.ensemble == nil,
      incoming.header("x-ockham-no-shadow").map({ $0.lowercased() == "false" }) ?? true
    else { return nil }
    return runtime.shadow
  }

  /// Where a chat request goes.
  /// - Parameter remembers: see `RequestRouter.route`.
  func decide(_ request: ChatRequest, remembers: Bool = true) throws(GatewayError) -> RoutingDecision {
    var decision = try runtime.arms.route(
      request, header: { incoming.header($0) }, key: key, time: shared.clock.unixSeconds(), remembers: remembers)
    if decision.canary != nil {
      let labels = shadowEngine(for: decision)?.labels(of: decision, key: key)
      decision.canary?.labels = labels
    }
    return decision
  }
}

extension SwappableGateway {
  /// The key that a client sent, or none where it sent the administrator's and the endpoint takes that.
  /// - Throws: 401 without one that is known, where keys are configured.
  func key(
    of incoming: IncomingRequest, at route: EndpointRoute, in runtime: ConfiguredGateway
  ) throws(GatewayError) -> KeyConfiguration? {
    if route.takesAdministratorsKey, isFromAdministrator(incoming) { return nil }
    return try runtime.keyRing.key(of: incoming)
  }
}

extension KeyRing {
  /// The key that a client sent.
  /// - Throws: 401 without one that is known, where keys are configured.
  func key(of incoming: IncomingRequest) throws(GatewayError) -> KeyConfiguration? {
    if isEmpty { return nil }
    return try key(
      authorization: incoming.header("authorization"),
      apiKeys: ["x-api-key", "api-key", "x-goog-api-key"].compactMap { incoming.header($0) })
  }
}
