package import ChatProtocols
import GatewayCore
import HTTPTypes
import TextKit

/// The gateway as seen from HTTP: finds the endpoint, and answers.
package struct GatewayHandler: RequestHandler {
  let gateway: LiveGateway

  package init(gateway: LiveGateway) { self.gateway = gateway }

  /// Answers with the runtime of this moment: a reload meanwhile does not touch the request.
  package func response(to incoming: IncomingRequest) async -> OutgoingResponse {
    let endpoint: Endpoint
    do { endpoint = try Endpoint.find(method: incoming.method, path: incoming.path) } catch {
      return response(to: error, path: incoming.path, id: incoming.id)
    }
    let runtime = gateway.runtime
    do throws(GatewayError) {
      try checkMediaType(incoming)
      let key = endpoint.needsKey ? try runtime.key(of: incoming) : nil
      let response = try await response(to: incoming, at: endpoint, runtime, key)
      if !endpoint.isChat {
        gateway.shared.metrics.countRequest(route: endpoint.template, status: response.status, error: nil)
      }
      return response
    } catch {
      gateway.shared.metrics.countRequest(route: endpoint.template, status: error.status, error: error.code)
      return ChatService.response(to: error, Self.dialect(of: endpoint), id: incoming.id)
    }
  }

  /// The error in the dialect of the path, counted; with `allow` where the method is wrong.
  package func needsAdmission(path: String) -> Bool { !(Endpoint.at(path)?.isProbe ?? false) }

  package func response(to error: GatewayError, path: String, id: String) -> OutgoingResponse {
    let endpoint = Endpoint.at(path)
    gateway.shared.metrics.countRequest(route: endpoint?.template ?? "other", status: error.status, error: error.code)
    if error.code == .overloaded { gateway.shared.metrics.requestsShed[].add() }
    var response = ChatService.response(to: error, Self.dialect(of: endpoint), id: id)
    if error.code == .methodNotAllowed, let endpoint { response.headers.append(("allow", endpoint.method)) }
    return response
  }

  private func response(
    to incoming: IncomingRequest, at endpoint: Endpoint, _ runtime: GatewayRuntime, _ key: KeyConfiguration?
  ) async throws(GatewayError) -> OutgoingResponse {
    switch endpoint {
    case .chat(let dialect):
      await ChatService(runtime: runtime, shared: gateway.shared)
        .response(to: incoming, dialect: Self.dialect(of: .chat(dialect)), key)
    case .embeddings: try await EmbeddingService(runtime: runtime, shared: gateway.shared).response(to: incoming, key)
    case .models: .json(ModelList.json(of: runtime, for: key))
    case .model(let name): .json(try ModelList.json(of: name, in: runtime, for: key))
    case .route: try RouteService(runtime: runtime, shared: gateway.shared).response(to: incoming, key)
    case .feedback: try await FeedbackService(shared: gateway.shared).response(to: incoming)
    case .health: .json(Array(#"{"status":"ok"}"#.utf8))
    case .ready: try readiness()
    case .metrics:
      OutgoingResponse(
        headers: [("content-type", GatewayMetrics.contentType)],
        body: .whole(Array(gateway.metricsText().utf8)))
    case .openAPI: .json(Array(OpenAPIDocument.json.utf8))
    case .reload: try await reload(incoming, runtime)
    }
  }

  /// The dialect that errors of an endpoint are written in.
  private static func dialect(of endpoint: Endpoint?) -> any ClientDialect {
    switch endpoint {
    case .chat(.messages): MessagesDialect()
    case .chat(.responses): ResponsesDialect()
    default: ChatCompletionsDialect()
    }
  }

  /// A body that says it is something else than JSON is refused; one that does not say is read.
  private func checkMediaType(_ incoming: IncomingRequest) throws(GatewayError) {
    guard incoming.method == "POST", let type = incoming.header("content-type")?.lowercased() else { return }
    let name = type.prefix { $0 != ";" }.filter { $0 != " " }
    guard name == "application/json" || name.hasSuffix("+json") || incoming.body.isEmpty else {
      throw GatewayError(
        .unsupportedMediaType, status: 415, message: "Expected content-type application/json, found another. Send JSON."
      )
    }
    if let encoding = incoming.header("content-encoding"), encoding.lowercased() != "identity" {
      throw GatewayError(
        .unsupportedMediaType, status: 415,
        message: "Expected a body without content-encoding, found one with it. Send it as it is.")
    }
  }

  private func readiness() throws(GatewayError) -> OutgoingResponse {
    guard gateway.isReady else {
      throw GatewayError(.shuttingDown, status: 503, message: "The gateway is shutting down.", retryAfterSeconds: 1)
    }
    return .json(Array(#"{"status":"ready"}"#.utf8))
  }

  private func reload(_ incoming: IncomingRequest, _ runtime: GatewayRuntime) async throws(GatewayError)
    -> OutgoingResponse
  {
    try gateway.checkAdministrator(incoming)
    try await gateway.reload()
    let hash = gateway.runtime.modelIdentifier.map { "\"\($0.hexadecimal)\"" } ?? "null"
    return .json(Array("{\"status\":\"reloaded\",\"model\":\(hash)}".utf8))
  }
}

extension Endpoint {
  /// Cheap, without a key, and asked by machines.
  var isProbe: Bool { [.health, .ready, .metrics].contains(self) }

  /// Chat endpoints look for the key themselves: they tell more about the request.
  var isChat: Bool {
    if case .chat = self { true } else { false }
  }
}
