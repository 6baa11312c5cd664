import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Web pages and a gateway without keys.
struct SiteCheckTests {
  private static func incoming(_ headers: [(String, String)], host: String?) -> IncomingRequest {
    var incoming = IncomingRequest(
      id: "r", method: "POST", path: "/v1/route", host: host, headers: [:], body: [], isLoopback: true,
      startNanoseconds: 0)
    for (name, value) in headers { incoming.headers[.init(name)!] = value }
    return incoming
  }

  @Test(
    arguments: [
      ([], "127.0.0.1:8080", true), ([], "localhost", true), ([], "[::1]:8080", true), ([], "app.localhost:1", true),
      ([], nil, true), ([], "gateway:8080", true), ([], "10.0.0.1", false), ([], "[fe80::1]", false),
      ([], "evil.example", false), ([], "127.evil.example", false),
      ([], "127.0.0.1.evil.example", false),
      ([("origin", "https://evil.example")], "localhost", false), ([("origin", "null")], "localhost", false),
      ([("origin", "http://localhost:3000")], "localhost", true),
      ([("origin", "http://[::1]:3000")], "localhost", true),
      ([("origin", "http://localhost.evil.example")], "localhost", false),
      ([("origin", "app://desktop")], "localhost", true), ([("origin", "https://ours.example")], "localhost", true),
      ([("sec-fetch-site", "cross-site")], "localhost", false),
      ([("sec-fetch-site", "same-origin")], "localhost", true),
      ([], "ours.internal:80", true),
    ] as [([(String, String)], String?, Bool)])
  func foreignSitesAreRefused(_ headers: [(String, String)], _ host: String?, _ isAllowed: Bool) {
    var configuration = GatewayConfiguration()
    configuration.corsOrigins = ["https://ours.example"]
    configuration.allowedHosts = ["OURS.internal"]
    let incoming = Self.incoming(headers, host: host)
    do throws(GatewayError) {
      try SiteCheck(configuration: configuration).check(incoming)
      #expect(isAllowed, "\(headers) \(host ?? "")")
    } catch { #expect(!isAllowed && error.code == .foreignSite, "\(headers) \(host ?? "")") }
  }

  /// Beyond loopback the name that clients use is theirs to know.
  @Test func otherAddressesHaveOtherNames() throws {
    var configuration = GatewayConfiguration()
    configuration.listen = ListenAddress(host: "0.0.0.0", port: 8080)
    try SiteCheck(configuration: configuration).check(Self.incoming([], host: "gateway.internal"))
  }

  /// The whole way: a page that sends without a type, to chat and to the administrator's door; with a key nothing of it counts.
  @Test(.timeLimit(.minutes(20))) func pagesDoNotReachAKeylessGateway() async throws {
    let gateway = try await TestGateway.start(.testing("http://127.0.0.1:1/v1"))
    defer { gateway.stop() }
    let body = TestGateway.chatBody("x")
    let page = [("origin", "https://evil.example")]
    #expect(try await gateway.send("/v1/route", body).status == 200)
    #expect(try await gateway.send("/v1/route", body, headers: page).code == "foreign_site")
    #expect(try await gateway.send("/admin/reload", headers: page).code == "foreign_site")
    #expect(try await gateway.send("/admin/reload", headers: [("host", "evil.example")]).code == "foreign_site")
    #expect(try await gateway.send("/v1/route", body, headers: [("content-type", "text/plain")]).status == 415)
    #expect(try await gateway.send("/health", method: "GET", headers: page).status == 200)
  }
}
