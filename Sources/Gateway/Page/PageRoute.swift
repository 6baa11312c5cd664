import ChatProtocols
import GatewayCore

/// One thing that can be asked on the operator's listener: where, by whom, and what answers.
struct PageRoute: Sendable {
  typealias Handler = @Sendable (PageCall) async throws(GatewayError) -> OutgoingResponse

  /// What errors are told in, and what other sites may do.
  enum Kind: Sendable, Hashable {
    /// Read by people: errors are pages too, and who has no key is shown where to log in.
    case page
    /// Read by programs: JSON.
    case data
  }

  /// `GET` or `POST`. What is posted is an action.
  let method: String
  /// The path; a last part in braces takes what stands there.
  let template: String
  var kind = Kind.data
  /// What somebody must be allowed to; `nil` for everybody.
  var role: AdminConfiguration.Role? = .read
  let handle: Handler

  static func page(_ template: String, _ handle: @escaping Handler) -> PageRoute {
    PageRoute(method: "GET", template: template, kind: .page, handle: handle)
  }

  static func data(_ template: String, _ handle: @escaping Handler) -> PageRoute {
    PageRoute(method: "GET", template: template, handle: handle)
  }

  static func action(
    _ template: String, role: AdminConfiguration.Role, _ handle: @escaping Handler
  ) -> PageRoute {
    PageRoute(method: "POST", template: template, role: role, handle: handle)
  }
}

/// A request at its route, known to be allowed.
struct PageCall: Sendable {
  let incoming: IncomingRequest
  /// What the path says for the part in braces; empty for a template without one.
  let parameter: String
  let page: OperatorPage
  /// Of the moment when the request came.
  let runtime: ConfiguredGateway
  /// `nil` where everybody may ask.
  let visitor: PageVisitor?
  /// What the query says.
  let query: PageFields
  /// What the body says.
  var form = PageFields(form: "")

  var gateway: SwappableGateway { page.gateway }
  var shared: SharedResources { page.gateway.shared }
  var now: Double { shared.clock.unixSeconds() }
}

/// The routes by their paths.
struct PageTable: Sendable {
  private let routes: [PageRoute]

  init(_ routes: [PageRoute]) { self.routes = routes }

  /// - Throws: ``GatewayError/Code/unknownPath`` (404), ``GatewayError/Code/methodNotAllowed`` (405).
  func find(method: String, path: String) throws(GatewayError) -> (route: PageRoute, parameter: String) {
    let found = routes.compactMap { route in Self.parameter(of: path, in: route.template).map { (route, $0) } }
    guard !found.isEmpty else {
      throw GatewayError(.unknownPath, message: "Expected a path of the operator's page, found another. Begin at /.")
    }
    let asked = method == "HEAD" ? "GET" : method
    guard let match = found.first(where: { $0.0.method == asked }) else {
      throw GatewayError(
        .methodNotAllowed,
        message: "Expected \(found.map(\.0.method).joined(separator: " or ")) for this path, found another method.")
    }
    return match
  }

  private static func parameter(of path: String, in template: String) -> String? {
    guard let brace = template.firstIndex(of: "{") else { return path == template ? "" : nil }
    guard let rest = path.prefixRemoved(String(template[..<brace])), !rest.isEmpty, !rest.contains("/") else {
      return nil
    }
    return rest.removingPercentEscapes
  }
}
