import Foundation
import Ockham
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Who gets in, and what other sites' pages can make of a browser that is in.
@Suite(.timeLimit(.minutes(20)))
struct PageSecurityTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private static func bearer(_ key: String) -> [(String, String)] { [("authorization", "Bearer \(key)")] }

  /// The path of a route, with some name for its part in braces.
  private static func path(_ route: PageRoute) -> String {
    route.template.replacingOccurrences(of: "{id}", with: "req_1")
  }

  @Test func nothingWithoutAKey() async throws {
    let page = try await TestPage.start(TestPage.roles, file: try InventedTraffic.database(folder.database).file)
    defer { page.stop() }
    let guarded = PageRoute.all.filter { $0.role != nil }
    #expect(guarded.count > 25)
    for route in guarded {
      for headers in [[], Self.bearer("wrong-key-00000000"), [("cookie", "ockham_session=0")]] as [[(String, String)]] {
        // Few enough wrong keys that they are looked at.
        if headers.first?.0 == "authorization", route.method == "POST" || route.kind == .page { continue }
        let seen = try await page.send(route.method, Self.path(route), route.method == "POST" ? "{}" : nil, headers)
        let isShownTheLogin = route.kind == .page && route.method == "GET"
        #expect(seen.status == (isShownTheLogin ? 303 : 401), "\(route.method) \(route.template)")
        if isShownTheLogin { #expect(seen.headers["location"] == "/login") }
        #expect(!seen.text.contains("req_") && !seen.text.contains("alice"), "\(route.template)")
      }
    }
    for path in ["/login", "/page.css", "/page.js", "/report.css"] { #expect(try await page.get(path).status == 200) }
  }

  /// Without any key the page is for this machine, whatever a request says of itself.
  @Test func withoutKeysThisMachineAlone() async throws {
    let page = try await TestPage.start()
    defer { page.stop() }
    let access = PageAccess(AdminConfiguration(), administratorsVariable: nil) { _ in nil }
    let desk = OperatorPage(page.live)
    for isLoopback in [true, false] {
      let incoming = IncomingRequest(
        id: "r", method: "GET", path: "/", host: "127.0.0.1", headers: [.init("x-forwarded-for")!: "127.0.0.1"],
        body: [], isLoopback: isLoopback, startNanoseconds: 0)
      let visitor = try? access.visitor(of: incoming, in: desk)
      #expect((visitor?.role == .administer) == isLoopback && (visitor != nil) == isLoopback)
    }
  }

  /// A page that others reach starts with keys only; keys whose variables are empty are none.
  @Test(
    arguments: [
      ("{listen: \"0.0.0.0:0\"}", [:], 65), ("{listen: \"0.0.0.0:0\", roles: {a: {key_env: K, role: read}}}", [:], 65),
      ("{listen: \"0.0.0.0:0\", roles: {a: {key_env: K, role: read}}}", ["K": "k"], 0),
      ("{listen: \"127.0.0.1:0\"}", [:], 0), ("{}", [:], 0),
    ] as [(String, [String: String], Int32)])
  func exposure(admin: String, environment: [String: String], status: Int32) throws {
    let file = folder.path + "/gateway.yaml"
    let text = """
      model: null
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: [mock/a]}]
      admin: \(admin)
      """
    try Data(text.utf8).write(to: URL(filePath: file))
    let options = GatewayOptions(configurationPath: file, environment: environment)
    if status == 0 {
      #expect(try Application.check(options).contains("can start"))
    } else {
      let failure = #expect(throws: StartFailure.self) { _ = try Application.check(options) }
      #expect(failure?.exitStatus == status && failure?.description.contains("admin") ?? false)
    }
  }

  @Test func rolesBoundWhatIsDone() async throws {
    let page = try await TestPage.start(TestPage.roles, file: try InventedTraffic.database(folder.database).file)
    defer { page.stop() }
    let allowed: [String: AdminConfiguration.Role] = ["READER": .read, "RATER": .rate, "BOSS": .administer]
    for (variable, role) in allowed {
      let headers = Self.bearer(TestPage.keys[variable] ?? "") + [("content-type", "application/json")]
      for route in PageRoute.all where route.role != nil && route.method == "POST" && route.template != "/logout" {
        let seen = try await page.send("POST", Self.path(route), "{}", headers)
        // What is allowed is refused for what it does not say; what is not allowed is not looked at.
        #expect((seen.status == 403) == (role < route.role ?? .administer), "\(role) \(route.template) \(seen.status)")
      }
    }
    #expect(page.live.shared.alerts.raised.isEmpty)
    let texts = try await page.get("/requests/req_1", Self.bearer(TestPage.keys["READER"] ?? ""))
    #expect(texts.status == 200 && !texts.text.contains("question 2"), "texts are for those who rate")
    #expect(
      try await page.get("/requests/req_1", Self.bearer(TestPage.keys["RATER"] ?? "")).text.contains("question 2"))
  }

  @Test func sessions() async throws {
    let page = try await TestPage.start(TestPage.roles)
    defer { page.stop() }
    let refused = try await page.post("/login", [("key", "no one's")])
    #expect(refused.status == 401 && refused.headers["set-cookie"] == nil && refused.text.contains("role=\"alert\""))
    let seen = try await page.post("/login", [("key", TestPage.keys["BOSS"] ?? "")])
    let cookie = try #require(seen.headers["set-cookie"])
    #expect(seen.status == 303 && seen.headers["location"] == "/")
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(part)) }
    #expect(!cookie.contains("Secure"))
    let proxied = try await page.post(
      "/login", [("key", TestPage.keys["BOSS"] ?? "")], [("x-forwarded-proto", "https")])
    #expect(proxied.headers["set-cookie"]?.contains("; Secure") == true)
    let session = try await page.logIn(TestPage.keys["BOSS"] ?? "")
    let own = [("cookie", session.cookie)]
    #expect(try await page.get("/alerts", own).text.contains("boss, administer"))
    #expect(try await page.post("/logout", [], own).status == 403, "without the token")
    #expect(try await page.post("/logout", [("action_token", session.token)], own).status == 303)
    #expect(try await page.get("/alerts", own).status == 303)
  }

  /// A session is worth what its key is worth now.
  @Test func sessionsFollowTheirKeys() {
    let sessions = PageSessions()
    let holder = AdminConfiguration.Holder(name: "ann", key: .variable("A"), role: .administer)
    let token = sessions.begin(holder, at: 0)
    #expect(sessions.visitor(of: token, among: [holder], at: 1)?.role == .administer)
    var lower = holder
    lower.role = .read
    #expect(sessions.visitor(of: token, among: [lower], at: 1)?.role == .read)
    var changed = holder
    changed.key = .variable("B")
    #expect(sessions.visitor(of: token, among: [changed], at: 1) == nil)
    #expect(sessions.visitor(of: token, among: [], at: 1) == nil)
    #expect(sessions.visitor(of: "0", among: [holder], at: 1) == nil)
    #expect(sessions.visitor(of: token, among: [holder], at: PageSessions.lifetimeSeconds + 1) == nil)
  }

  @Test func guessingKeysEnds() async throws {
    let page = try await TestPage.start(TestPage.roles)
    defer { page.stop() }
    var statuses: [Int] = []
    for index in 0..<25 { statuses.append(try await page.post("/login", [("key", "guess \(index)")]).status) }
    #expect(statuses.prefix(20).allSatisfy { $0 == 401 } && statuses.suffix(5).allSatisfy { $0 == 429 })
    #expect(try await page.post("/login", [("key", TestPage.keys["BOSS"] ?? "")]).status == 429)
  }

  /// What another site's page can make a browser send: with its cookie, or as this machine, and without this page's token.
  @Test(arguments: [true, false])
  func otherSitesDoNothing(hasKeys: Bool) async throws {
    let page = try await TestPage.start(hasKeys ? TestPage.roles : AdminConfiguration())
    defer { page.stop() }
    let session = hasKeys ? try await page.logIn(TestPage.keys["BOSS"] ?? "") : (cookie: "", token: "")
    let token = hasKeys ? session.token : try await page.json("/admin/api/session")["action_token"]?.string ?? ""
    let own = hasKeys ? [("cookie", session.cookie)] : []
    #expect(token.count == 64)
    let form = [("confirm", "yes"), ("action_token", token)]
    let here = "http://127.0.0.1:\(page.port)"
    for path in ["/alerts/test", "/admin/api/alerts/test"] {
      #expect(try await page.post(path, [("confirm", "yes")], own).status == 403, "no token")
      #expect(
        try await page.post(path, [("confirm", "yes"), ("action_token", String(repeating: "0", count: 64))], own).status
          == 403)
      for origin in [
        "https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:\(page.port).evil.example",
      ] {
        #expect(try await page.post(path, form, own + [("origin", origin)]).status == 403, "\(origin)")
      }
      for site in ["cross-site", "same-site"] {
        #expect(try await page.post(path, form, own + [("sec-fetch-site", site)]).status == 403, "\(site)")
      }
      #expect(page.live.shared.metrics.exposition().contains("alert=\"test\"") == (path == "/admin/api/alerts/test"))
      let done = try await page.post(path, form, own + [("origin", here), ("sec-fetch-site", "same-origin")])
      #expect(done.status == (path == "/alerts/test" ? 303 : 200), "\(done.text)")
    }
    // Reading across sites gives nothing either.
    #expect(try await page.get("/admin/api/session", own + [("sec-fetch-site", "cross-site")]).status == 403)
    #expect(try await page.get("/admin/api/session", own + [("origin", "https://evil.example")]).status == 403)
  }

  /// A name that leads to this machine is no name of this page (DNS rebinding).
  @Test(arguments: [
    ("127.0.0.1:9090", true), ("localhost", true), ("[::1]:1", true), ("page.localhost", true), ("10.0.0.7:9090", true),
    ("evil.example", false), ("127.0.0.1.evil.example", false), ("evil", false), ("2130706433", false),
    ("ockham.ours.example:80", true), ("OCKHAM.ours.example", true),
  ])
  func names(host: String, isOwn: Bool) async throws {
    var admin = AdminConfiguration()
    admin.allowedHosts = ["ockham.ours.example"]
    let page = try await TestPage.start(admin)
    defer { page.stop() }
    for path in ["/", "/admin/api/session", "/page.js", "/login"] {
      let seen = try await page.get(path, [("host", host)])
      #expect((seen.status == 403) != isOwn, "\(path) \(seen.status)")
    }
  }

  /// Nothing is framed, sniffed, kept or run that is not the page's own: on pages, data, files and errors.
  @Test func headers() async throws {
    let page = try await TestPage.start(TestPage.roles)
    defer { page.stop() }
    let key = Self.bearer(TestPage.keys["BOSS"] ?? "")
    for (path, headers) in [
      ("/", key), ("/", []), ("/admin/api/alerts", key), ("/admin/api/alerts", []), ("/nothing", key), ("/page.js", []),
      ("/login", []), ("/", [("host", "evil.example")]),
    ] as [(String, [(String, String)])] {
      let seen = try await page.get(path, headers)
      let policy = seen.headers["content-security-policy"] ?? ""
      #expect(policy.hasPrefix("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "\(path)")
      #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"), "\(path)")
      #expect(seen.headers["x-frame-options"] == "DENY" && seen.headers["x-content-type-options"] == "nosniff")
      #expect(seen.headers["cache-control"] == "no-store")
    }
  }

  /// No page has inline script or style, or anything from elsewhere.
  @Test func pagesAreOfOnePiece() async throws {
    let page = try await TestPage.start(file: try InventedTraffic.database(folder.database).file)
    defer { page.stop() }
    for path in PageText.parts.map(\.path) + ["/requests/req_1", "/nothing"] {
      let text = try await page.get(path).text
      #expect(
        text.ranges(of: "<script").count == 1 && text.contains("<script src=\"/page.js\" defer></script>"), "\(path)")
      for part in ["style=", "onclick", "onload", "javascript:", "<style", "src=\"http", "href=\"http", "@import"] {
        #expect(!text.contains(part), "\(path) \(part)")
      }
    }
    let script = try await page.get("/page.js").text
    for part in ["innerHTML = ", "eval(", "document.write", "http:", "https:"] {
      #expect(!script.contains(part), "\(part)")
    }
  }

  /// Markup in what clients, providers and the configuration say stays text.
  @Test func whatOthersSayIsText() async throws {
    let file = try SQLiteFile(path: folder.database)
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{main}}"
    var maker = TelemetryRecordMaker()
    var trace = Traces.answered("req_<b>\"x", prompt: evil, key: evil)
    trace.decision.policy = evil
    trace.decision.rules = [evil]
    trace.requestedModel = evil
    trace.target = evil
    trace.attempts = [
      Attempt(target: evil, tier: evil, failure: .badRequest, status: 400, latencyMilliseconds: 1)
    ]
    let label = ShadowLabel(
      requestID: trace.id,
      outcomes: [.init(name: "mid", quality: 0, costUSD: 1, origin: .audit, inclusion: 0.5, answer: evil)],
      servedQuality: 1, servedInclusion: 0.5, labelRate: 0.5, auditRate: 0.5)
    let rating = GivenRating(requestID: trace.id, quality: 1, rater: evil, time: 1)
    try SQLiteTelemetry(file).write(
      TelemetryBatch(entries: [
        .request(maker.record(of: trace, TelemetrySettings(prompts: .full))), .label(label), .rating(rating),
      ]))
    try await file.pool.write { database in
      try database.execute(
        sql: "UPDATE outcomes SET answer = ? WHERE name <> 'mid'", arguments: [JSONNode.string(evil).jsonText])
    }
    let page = try await TestPage.start(file: file) { configuration in
      configuration.keys = [KeyConfiguration(name: evil, sha256: "00")]
      configuration.policies[evil] = PolicyConfiguration()
    }
    defer { page.stop() }
    page.live.shared.alerts.raise(Alert(name: evil, cause: "the provider says: \(evil)", remedy: evil))
    let token = try await page.json("/admin/api/session")["action_token"]?.string ?? ""
    let query = "?key=\(PageSelection.escaped(evil))&reason=\(PageSelection.escaped(evil))"
    var seen: [(String, TestGateway.Seen)] = []
    seen.append(("done", try await page.get("/promotion?done=" + PageSelection.escaped(evil))))
    for path in PageText.parts.map(\.path) + ["/requests/" + PageSelection.escaped(trace.id)] {
      seen.append((path, try await page.get(path)))
      seen.append((path, try await page.get(path + query)))
    }
    seen.append(("play", try await page.post("/playground", [("prompt", evil), ("action_token", token)])))
    #expect(seen.contains { $0.1.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;") })
    #expect(seen.count { $0.1.status == 200 } >= 14)
    for (path, page) in seen {
      #expect(!page.text.contains("<script>alert") && !page.text.contains("<img"), "\(path)")
      #expect(page.text.ranges(of: "<main").count == 1, "what is filled in is not filled again: \(path)")
    }
    for path in ["/admin/api/overview", "/admin/api/requests", "/admin/api/alerts", "/admin/api/budgets"] {
      let data = try await page.get(path)
      #expect(data.headers["content-type"] == "application/json" && data.status == 200, "\(path)")
    }
  }
}
