import Ockham
import TextKit
import Testing

@testable import ChatProtocols
@testable import Gateway

/// Paths, methods, and what the table says of them.
struct EndpointTableTests {
  private let table = EndpointTable(EndpointRoute.all)

  @Test(arguments: [
    ("/v1/chat/completions", "/v1/chat/completions", ""), ("/chat/completions/", "/v1/chat/completions", ""),
    ("/models", "/v1/models", ""), ("/v1/models/", "/v1/models", ""), ("/v1/models/a%2Fb", "/v1/models/{model}", "a/b"),
    ("/health/", "/health", ""), ("/openapi.json", "/openapi.json", ""),
    // What clients put before a path, or write twice.
    ("/v1/v1/messages", "/v1/messages", ""), ("/openai/v1/chat/completions", "/v1/chat/completions", ""),
    ("/anthropic/v1/messages", "/v1/messages", ""), ("/api/v1/models", "/v1/models", ""),
    ("//v1//responses", "/v1/responses", ""), ("/models/a", "/v1/models/{model}", "a"),
    ("/openai/deployments/d/chat/completions", "/v1/chat/completions", ""),
    ("/v1/messages/count_tokens", "/v1/messages/count_tokens", ""),
    ("/v1/responses/r/input_items", "/v1/responses/{response_id}/input_items", "r"),
    ("/responses/r%2Fs/cancel/", "/v1/responses/{response_id}/cancel", "r/s"),
    ("/v1/responses/a/b/cancel", "/v1/responses/{response_id}", "a/b/cancel"),
  ])
  func findsPaths(path: String, template: String, parameter: String) throws {
    let found = try #require(table.route(at: path))
    #expect(found.route.template == template)
    #expect(found.parameter == parameter)
  }

  @Test(arguments: ["/", "", "/v1", "/v1/health", "/v1/chat", "/openai", "/other/v1/models", "/v1/deployments/d"])
  func knowsNoOtherPath(path: String) {
    #expect(table.route(at: path) == nil)
    #expect(throws: GatewayError.self) { _ = try table.find(method: "GET", path: path) }
  }

  @Test func headGoesWhereGetDoes() throws {
    #expect(try table.find(method: "HEAD", path: "/ready").route.template == "/ready")
    #expect(throws: GatewayError.self) { _ = try table.find(method: "HEAD", path: "/v1/route") }
  }

  @Test func onePathMayTakeSeveralMethods() throws {
    #expect(try table.find(method: "DELETE", path: "/v1/responses/r").route.method == "DELETE")
    #expect(try table.find(method: "GET", path: "/responses/r").parameter == "r")
    #expect(table.methods(at: "/v1/responses/r") == ["GET", "DELETE"])
    #expect(throws: GatewayError.self) { _ = try table.find(method: "POST", path: "/v1/responses/r") }
  }

  @Test func onlyProbesPassAFullGateway() {
    let passing = EndpointRoute.all.filter(\.isProbe).map(\.template)
    #expect(passing == ["/health", "/ready", "/metrics"])
  }

  /// Every endpoint, with its method and the parameters of its path.
  @Test func theDocumentHasEveryEndpoint() throws {
    let document = try JSONParser.parse(Array(OpenAPIDocument.json.utf8))
    #expect(document["info"]?["version"]?.string == OckhamVersion.text)
    let paths = try #require(document["paths"]?.members)
    #expect(Set(paths.map(\.key)) == Set(EndpointRoute.all.map(\.template)))
    #expect(paths.count == Set(paths.map(\.key)).count, "each path once")
    for route in EndpointRoute.all {
      let path = try #require(document["paths"]?[route.template])
      let operation = try #require(path[route.method.lowercased()])
      #expect(operation["summary"]?.string?.isEmpty == false)
      let parameters = (operation["parameters"]?.elements ?? []).compactMap { $0["name"]?.string }
      #expect(parameters == [route.parameterName].compactMap(\.self))
    }
  }

  @Test func errorsOfMessagesAreAnthropics() {
    #expect(table.route(at: "/messages")?.route.apiFormat is MessagesFormat)
    #expect(table.route(at: "/v1/embeddings")?.route.apiFormat is ChatCompletionsFormat)
  }
}
