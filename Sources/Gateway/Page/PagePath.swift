import ChatProtocols
import GatewayCore
import HTTPTypes
import HummingbirdCore

/// The way of a request to the operator's page, top to bottom.
///
/// It takes no place among the gateway's requests: the page answers when the gateway is full.
struct PagePath: RequestHandler {
  let page: OperatorPage
  let table: PageTable

  func serve(_ arrival: Arrival, _ writer: consuming ResponseWriter) async throws {
    var isRead = !arrival.head.hasBody
    var response: OutgoingResponse
    switch accept(arrival.head) {
    case .refused(let refusal): response = refusal
    case .accepted(let route, let call):
      do throws(GatewayError) {
        var call = call
        if route.method == "POST" {
          try arrival.checkLength(OperatorPage.maximumBodyBytes)
          if arrival.expectsContinue { try? await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
          let body = try await arrival.bytes(upTo: OperatorPage.maximumBodyBytes) { _ in true }
          isRead = true
          call = try withBody(body, of: call)
        }
        response = try await route.handle(call)
      } catch { response = Self.refusal(error, of: route.kind, to: arrival.head, in: page) }
    }
    response.headers += PageHeaders.all
    if !isRead && !arrival.canPassOver { response.headers.append(("connection", "close")) }
    try await writer.send(response, isHead: arrival.isHead)
  }

  private enum Acceptance {
    case refused(OutgoingResponse)
    case accepted(PageRoute, PageCall)
  }

  /// All that a head decides.
  private func accept(_ head: IncomingRequest) -> Acceptance {
    let runtime = page.gateway.runtime
    let access = page.access(in: runtime)
    let gatekeeper = PageGuard(configuration: access.configuration)
    var kind = head.path.hasPrefix("/admin/") ? PageRoute.Kind.data : .page
    do throws(GatewayError) {
      try head.checkHeaders()
      try gatekeeper.checkHost(head)
      let (route, parameter) = try table.find(method: head.method, path: head.path)
      kind = route.kind
      if route.kind == .data || route.method == "POST" { try gatekeeper.checkOrigin(head) }
      var visitor: PageVisitor?
      if let role = route.role {
        let known = try access.visitor(of: head, in: page)
        guard known.role >= role else { throw Self.roleTooSmall(role, known.role) }
        visitor = known
      }
      return .accepted(
        route,
        PageCall(
          incoming: head, parameter: parameter, page: page, runtime: runtime, visitor: visitor,
          query: PageFields(form: head.query ?? "")))
    } catch { return .refused(Self.refusal(error, of: kind, to: head, in: page)) }
  }

  /// The call with what its body says, whose sender knows the page.
  private func withBody(_ body: [UInt8], of call: PageCall) throws(GatewayError) -> PageCall {
    var incoming = call.incoming
    incoming.body = body
    var next = PageCall(
      incoming: incoming, parameter: call.parameter, page: page, runtime: call.runtime, visitor: call.visitor,
      query: call.query)
    next.form = try PageFields(body: body, type: incoming.header("content-type"))
    if let visitor = call.visitor {
      let gatekeeper = PageGuard(configuration: page.access(in: call.runtime).configuration)
      try gatekeeper.checkToken(
        incoming.header(PageGuard.tokenHeader) ?? next.form[PageGuard.tokenField], of: visitor)
    }
    return next
  }

  private static func roleTooSmall(
    _ role: AdminConfiguration.Role, _ own: AdminConfiguration.Role
  ) -> GatewayError {
    GatewayError(
      .invalidKey, status: 403,
      message:
        "Expected a key with the role \(role.rawValue), found \(own.rawValue). See admin.roles of the configuration."
    )
  }

  /// An error for people or for programs.
  static func refusal(
    _ error: GatewayError, of kind: PageRoute.Kind, to head: IncomingRequest, in page: OperatorPage
  ) -> OutgoingResponse {
    let wantsPage = kind == .page || head.header("accept")?.contains("text/html") == true && head.method == "POST"
    guard wantsPage else { return .refusal(error, in: ChatCompletionsFormat(), id: head.id) }
    if error.status == 401, head.method == "GET" {
      return OutgoingResponse(status: 303, headers: [("location", "/login")], body: .whole([]))
    }
    return PageText.error(error)
  }
}
