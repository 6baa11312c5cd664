import ChatProtocols
import GatewayCore
import TextKit

/// How browsers come in and leave.
extension PageRoute {
  static let login = PageRoute(method: "GET", template: "/login", kind: .page, role: nil) { call in
    if call.page.access(in: call.runtime).isOpen {
      return OutgoingResponse(status: 303, headers: [("location", "/")], body: .whole([]))
    }
    return loginPage(nil, status: 200)
  }

  /// Takes a key and gives the browser a session for it.
  static let logIn = PageRoute(method: "POST", template: "/login", kind: .page, role: nil) {
    call throws(GatewayError) in
    let access = call.page.access(in: call.runtime)
    let holder: AdminConfiguration.Holder
    do throws(GatewayError) {
      holder = try access.holder(ofKey: call.form["key"] ?? "", from: call.incoming, in: call.page)
    } catch { return loginPage(error.message, status: error.status) }
    let token = call.page.sessions.begin(holder, at: call.now)
    return OutgoingResponse(
      status: 303, headers: [("location", "/"), ("set-cookie", cookie(token, of: call.incoming))], body: .whole([]))
  }

  static let logOut = PageRoute(method: "POST", template: "/logout", kind: .page) { call in
    if let token = PageAccess.sessionToken(in: call.incoming) { call.page.sessions.end(token) }
    return OutgoingResponse(
      status: 303, headers: [("location", "/login"), ("set-cookie", cookie("", of: call.incoming, seconds: 0))],
      body: .whole([]))
  }

  /// Who asks, and what actions must repeat.
  static let session = PageRoute.data("/admin/api/session") { call in
    .json(
      JSONNode.object([
        "name": .string(call.visitor?.name ?? ""), "role": .string(call.visitor?.role.rawValue ?? ""),
        "action_token": .string(call.visitor?.actionToken ?? ""),
        "made_up": .boolean(call.runtime.configuration.isDemo),
      ]).jsonBytes)
  }

  /// No script reads it, and no other site's page sends it; over TLS, which a proxy in front speaks, it goes over nothing else.
  private static func cookie(
    _ token: String, of incoming: IncomingRequest, seconds: Double = PageSessions.lifetimeSeconds
  ) -> String {
    let isSecure = incoming.header("x-forwarded-proto")?.lowercased() == "https"
    return "\(PageAccess.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(Int(seconds))"
      + (isSecure ? "; Secure" : "")
  }

  private static func loginPage(_ fault: String?, status: Int) -> OutgoingResponse {
    let alert: PageMarkup = fault.map { "<p class=\"error\" role=\"alert\">\($0)</p>" } ?? .empty
    let main: PageMarkup = """
      <h1>Log in</h1>
      \(alert)
      <form method="post" action="/login" class="login">
      <label for="key">Key</label>
      <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
      <button>Log in</button>
      </form>
      <p class="faint">Keys are those of <code>admin.roles</code> in the gateway's configuration.</p>
      """
    return PageText.filled(
      title: "Log in", navigation: .empty, visitor: .empty, main: main, isLive: false, status: status)
  }
}
