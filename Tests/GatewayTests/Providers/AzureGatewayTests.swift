import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Requests to Azure OpenAI, through the whole gateway, against a service as strict as the real one.
@Suite(.timeLimit(.minutes(20)))
struct AzureGatewayTests {
  private static let service = AzureService()

  /// A gateway whose one provider is a service on this machine.
  private func gateway(
    _ upstream: FaultUpstream, path: String = "/openai", query: String? = nil, key: String = AzureService().key
  ) async throws -> TestGateway {
    var configuration = GatewayConfiguration.testing("http://127.0.0.1:\(upstream.port)")
    let given = ProviderAddress(baseURL: "http://127.0.0.1:\(upstream.port)\(path)", query: query)
    let address = try ProviderKind.azure.address(given)
    var provider = ProviderConfiguration(name: "azure", kind: .azure, baseURL: address.baseURL)
    provider.query = address.query
    provider.keyVariables = ["K"]
    configuration.providers = ["azure": provider]
    configuration.tiers[0].targets = [TargetConfiguration(name: "t0", provider: "azure", model: "prod-chat")]
    configuration.extraTargets = [TargetConfiguration(name: "embedding", provider: "azure", model: "prod-embed")]
    return try await TestGateway.start(configuration, environment: ["K": key])
  }

  @Test(arguments: [
    ("", nil), ("/openai", "api-version=2025-01-01"), ("/openai/v1", nil), ("/openai/v1", "api-version=preview"),
  ])
  func chatsAndEmbeddingsAreAnswered(_ path: String, _ query: String?) async throws {
    for key in [Self.service.key, Self.service.token] {
      let upstream = try await FaultUpstream.start { Self.service.steps(for: $1) }
      let gateway = try await gateway(upstream, path: path, query: query, key: key)
      let whole = try await gateway.chat()
      #expect(whole.status == 200)
      #expect(whole.text.contains("from azure") && whole.text.contains("prompt_filter_results"))
      let stream = try await gateway.chat(stream: true)
      #expect(stream.status == 200)
      let chunks = stream.text.split(separator: "\n\n").map { $0.dropFirst(6) }.filter { $0 != "[DONE]" }
      for chunk in chunks {
        let node = try JSONParser.parse(Array(chunk.utf8))
        #expect(node["id"]?.string == "chatcmpl-a")
        #expect(node["choices"]?.elements?.first?["delta"]?.members != nil)
      }
      #expect(stream.text.contains("prompt_filter_results") && stream.text.hasSuffix("data: [DONE]\n\n"))
      let embedding = try await gateway.send("/v1/embeddings", #"{"model":"embedding","input":"a"}"#)
      #expect(embedding.status == 200 && embedding.text.contains("[0.5]"))
      gateway.stop()
      await upstream.stop()
    }
  }

  @Test func otherFormatsAreAnsweredToo() async throws {
    let upstream = try await FaultUpstream.start { Self.service.steps(for: $1) }
    let gateway = try await gateway(upstream)
    let messages = try await gateway.send(
      "/v1/messages", #"{"model":"small","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"stream":true}"#)
    #expect(messages.text.contains("from azure") && messages.text.contains("message_stop"))
    let responses = try await gateway.send("/v1/responses", #"{"model":"small","input":"hi"}"#)
    #expect(responses.status == 200 && responses.text.contains("from azure"))
    gateway.stop()
    await upstream.stop()
  }

  /// What the filter blocks is the request's own affair: the key does not rest, and the next request is answered.
  @Test func aBlockedPromptRestsNothing() async throws {
    let upstream = try await FaultUpstream.start { Self.service.steps(for: $1) }
    let gateway = try await gateway(upstream)
    for stream in [false, true] {
      let blocked = try await gateway.chat("violence", stream: stream)
      #expect(blocked.status == 400)
      #expect(blocked.code == "upstream_rejected_request")
      #expect(try await gateway.chat(stream: stream).status == 200)
    }
    #expect(upstream.requests.count == 4)
    gateway.stop()
    await upstream.stop()
  }

  /// The service refuses what a careless client sends.
  @Test func theServiceIsStrict() async throws {
    func status(
      _ target: String, _ headers: [String], _ body: String = #"{"messages":[{"role":"user","content":"a"}]}"#
    ) -> String {
      let head = (["POST \(target) HTTP/1.1"] + headers).joined(separator: "\r\n")
      let steps = Self.service.steps(for: FaultUpstream.Received(head: head, body: Array(body.utf8)))
      guard case .send(let text)? = steps.first else { return "" }
      return String(text.dropFirst(9).prefix(3))
    }
    let key = "api-key: \(Self.service.key)"
    let good = "/openai/deployments/prod-chat/chat/completions?api-version=2024-10-21"
    #expect(status(good, [key]) == "200")
    #expect(status(good, [key, "authorization: Bearer \(Self.service.token)"]) == "401")
    #expect(status(good, []) == "401")
    #expect(status("/openai/deployments/prod-chat/chat/completions", [key]) == "404")
    #expect(status("/openai/deployments/other/chat/completions?api-version=2024-10-21", [key]) == "404")
    #expect(status("/v1/chat/completions", [key]) == "404")
    #expect(status("/openai/v1/chat/completions", [key]) == "404")
    #expect(
      status("/openai/v1/chat/completions", [key], #"{"model":"prod-chat","messages":[{"content":"a"}]}"#) == "200")
    #expect(status(good, [key], "{}") == "400")
  }
}
