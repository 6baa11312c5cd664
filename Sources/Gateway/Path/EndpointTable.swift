import ChatProtocols

/// The endpoints by their paths. A base URL with or without `/v1` works, as do those that clients are often set to: with
/// `/v1` twice, slashes doubled, a provider's name or `/api` before, or a deployment of Azure's.
struct EndpointTable: Sendable {
  /// Each with one route for every method that it takes.
  private let plain: [String: [EndpointRoute]]
  /// Those with a part in braces, by what stands before and behind it; those with something behind it come first.
  private let open: [OpenPath]

  private struct OpenPath {
    let prefix: String
    let suffix: String
    var routes: [EndpointRoute]

    /// What a path says for the part in braces; `nil` for another path.
    func parameter(of path: String) -> String? {
      guard let rest = path.prefixRemoved(prefix), rest.hasSuffix(suffix) else { return nil }
      let name = rest.dropLast(suffix.count)
      return name.isEmpty || !suffix.isEmpty && name.contains("/") ? nil : String(name)
    }
  }

  init(_ routes: [EndpointRoute]) {
    var plain: [String: [EndpointRoute]] = [:]
    var open: [OpenPath] = []
    for route in routes {
      if let brace = route.template.firstIndex(of: "{"), let end = route.template.lastIndex(of: "}") {
        let prefix = String(route.template[..<brace])
        let suffix = String(route.template[route.template.index(after: end)...])
        if let known = open.firstIndex(where: { $0.prefix == prefix && $0.suffix == suffix }) {
          open[known].routes.append(route)
        } else {
          open.append(OpenPath(prefix: prefix, suffix: suffix, routes: [route]))
        }
      } else {
        plain[route.template, default: []].append(route)
        if let short = route.template.prefixRemoved("/v1/") { plain["/" + short, default: []].append(route) }
      }
    }
    (self.plain, self.open) = (plain, open.filter { !$0.suffix.isEmpty } + open.filter(\.suffix.isEmpty))
  }

  /// Finds the endpoint of a path and method, and what the path says for the part in braces.
  /// - Throws: ``GatewayError/Code/unknownPath`` (404), ``GatewayError/Code/methodNotAllowed`` (405).
  func find(method: String, path: String) throws(GatewayError) -> (route: EndpointRoute, parameter: String) {
    guard let found = routes(at: path) else {
      throw GatewayError(.unknownPath, message: "Expected a path of this gateway, found another. See /openapi.json.")
    }
    let asked = method == "HEAD" ? "GET" : method
    guard let route = found.routes.first(where: { $0.method == asked }) else {
      let methods = found.routes.map(\.method).joined(separator: " or ")
      throw GatewayError(.methodNotAllowed, message: "Expected \(methods) for this path, found another method.")
    }
    return (route, found.parameter)
  }

  /// The first endpoint of a path, whatever the method.
  func route(at path: String) -> (route: EndpointRoute, parameter: String)? {
    routes(at: path).map { ($0.routes[0], $0.parameter) }
  }

  /// The methods that a path takes; empty for one that is not known.
  func methods(at path: String) -> [String] { routes(at: path)?.routes.map(\.method) ?? [] }

  private func routes(at path: String) -> (routes: [EndpointRoute], parameter: String)? {
    exactRoutes(at: path) ?? Self.usual(path).flatMap { exactRoutes(at: $0) }
  }

  /// The path without what clients put before it; `nil` where there is nothing of that.
  private static func usual(_ path: String) -> String? {
    var parts = path.split(separator: "/")[...]
    let count = parts.count
    while let first = parts.first, ["openai", "anthropic", "api", "v1"].contains(first) { parts.removeFirst() }
    if parts.first == "deployments", parts.count > 2 { parts = parts.dropFirst(2) }
    let usual = "/v1/" + parts.joined(separator: "/")
    return parts.isEmpty || usual == path || count > 12 ? nil : usual
  }

  private func exactRoutes(at path: String) -> (routes: [EndpointRoute], parameter: String)? {
    let path = path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if let routes = plain[path] { return (routes, "") }
    for known in open {
      if let name = known.parameter(of: path) { return (known.routes, name.removingPercentEscapes) }
    }
    return nil
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
