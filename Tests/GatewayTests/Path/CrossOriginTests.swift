import Testing

@testable import Gateway
@testable import GatewayCore

/// What web pages of other origins are told.
struct CrossOriginTests {
  private static let page = "https://app.example.org"
  private static let question = [
    ("origin", page), ("access-control-request-method", "POST"),
    ("access-control-request-headers", "authorization,content-type"),
  ]

  @Test(arguments: [[page], ["*"]]) func pagesOfConfiguredOriginsMayAsk(_ origins: [String]) async throws {
    var configuration = GatewayConfiguration.testing("http://127.0.0.1:1/v1")
    configuration.corsOrigins = origins
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let asked = try await gateway.send("/v1/chat/completions", method: "OPTIONS", headers: Self.question)
    #expect(asked.status == 200 && asked.headers["access-control-allow-origin"] == Self.page)
    #expect(asked.headers["access-control-allow-headers"] == "authorization,content-type")
    let list = try await gateway.send("/v1/models", method: "GET", headers: [("origin", Self.page)])
    #expect(list.headers["access-control-allow-origin"] == Self.page && list.headers["vary"] == "origin")
    let refused = try await gateway.send("/v1/none", method: "GET", headers: [("origin", Self.page)])
    #expect(refused.status == 404 && refused.headers["access-control-allow-origin"] == Self.page)
  }

  @Test(arguments: [[], ["https://other.example.org"]]) func othersAreToldNothing(_ origins: [String]) async throws {
    var configuration = GatewayConfiguration.testing("http://127.0.0.1:1/v1")
    configuration.corsOrigins = origins
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let asked = try await gateway.send("/v1/chat/completions", method: "OPTIONS", headers: Self.question)
    #expect(asked.status == 405 && asked.headers["access-control-allow-origin"] == nil)
    let list = try await gateway.send("/v1/models", method: "GET", headers: [("origin", Self.page)])
    #expect(list.status == 403 && list.code == "foreign_site")
    #expect(list.headers["access-control-allow-origin"] == nil)
  }
}
