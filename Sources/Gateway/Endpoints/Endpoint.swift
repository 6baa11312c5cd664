package import ChatProtocols

/// What can be asked of the gateway, by path and method.
package enum Endpoint: Sendable, Hashable {
  case chat(Dialect)
  case embeddings
  case models
  case model(String)
  case route
  case feedback
  case health
  case ready
  case metrics
  case openAPI
  case reload

  /// The endpoint's path as metrics name it: bounded, whatever clients ask for.
  package var template: String {
    switch self {
    case .chat(.chatCompletions): "/v1/chat/completions"
    case .chat(.messages): "/v1/messages"
    case .chat: "/v1/responses"
    case .embeddings: "/v1/embeddings"
    case .models: "/v1/models"
    case .model: "/v1/models/{model}"
    case .route: "/v1/route"
    case .feedback: "/v1/feedback"
    case .health: "/health"
    case .ready: "/ready"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    case .reload: "/admin/reload"
    }
  }

  /// The method that the endpoint takes; `HEAD` goes where `GET` does.
  var method: String {
    switch self {
    case .chat, .embeddings, .route, .feedback, .reload: "POST"
    default: "GET"
    }
  }

  /// Whether a client needs a key, where keys are configured.
  var needsKey: Bool {
    switch self {
    case .health, .ready, .metrics, .openAPI, .reload: false
    default: true
    }
  }

  /// Finds the endpoint of a path and method.
  /// - Throws: ``GatewayError/Code/unknownPath`` (404), ``GatewayError/Code/methodNotAllowed`` (405).
  package static func find(method: String, path: String) throws(GatewayError) -> Endpoint {
    guard let endpoint = at(path) else {
      throw GatewayError(
        .unknownPath, status: 404, message: "Expected a path of this gateway, found another. See /openapi.json.")
    }
    guard method == endpoint.method || (method == "HEAD" && endpoint.method == "GET") else {
      throw GatewayError(
        .methodNotAllowed, status: 405, message: "Expected \(endpoint.method) for this path, found another method.")
    }
    return endpoint
  }

  /// The endpoint of a path, whatever the method. A base URL with or without `/v1` works.
  static func at(_ path: String) -> Endpoint? {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    switch path {
    case "/v1/chat/completions", "/chat/completions": return .chat(.chatCompletions)
    case "/v1/messages", "/messages": return .chat(.messages)
    case "/v1/responses", "/responses": return .chat(.responses)
    case "/v1/embeddings", "/embeddings": return .embeddings
    case "/v1/models", "/models": return .models
    case "/v1/route", "/route": return .route
    case "/v1/feedback", "/feedback": return .feedback
    case "/health": return .health
    case "/ready": return .ready
    case "/metrics": return .metrics
    case "/openapi.json": return .openAPI
    case "/admin/reload": return .reload
    default:
      guard let name = path.prefixRemoved("/v1/models/"), !name.isEmpty else { return nil }
      return .model(name.removingPercentEscapes)
    }
  }
}

extension String {
  /// What follows a prefix; `nil` where the text begins otherwise.
  func prefixRemoved(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }

  /// The text with `%2F` and its like decoded; escapes that are none stay as they are.
  var removingPercentEscapes: String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
