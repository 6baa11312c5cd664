import Testing
import TextKit

@testable import ChatProtocols

/// Azure OpenAI: where it is, how it is asked, what it says beside OpenAI's own.
struct AzureTests {
  @Test(arguments: [
    ("https://r.openai.azure.com", nil, "https://r.openai.azure.com/openai", "api-version=2024-10-21"),
    (
      "https://r.openai.azure.com/openai", "api-version=2025-04-01-preview", "https://r.openai.azure.com/openai",
      "api-version=2025-04-01-preview"
    ),
    ("https://r.openai.azure.com/openai/v1", nil, "https://r.openai.azure.com/openai/v1", nil),
    (
      "https://r.openai.azure.com/openai/v1", "api-version=preview", "https://r.openai.azure.com/openai/v1",
      "api-version=preview"
    ),
    ("https://apim.example.com/ai", "a=b", "https://apim.example.com/ai/openai", "a=b&api-version=2024-10-21"),
  ])
  func theAddressIsMadeWhole(_ baseURL: String, _ query: String?, _ whole: String, _ wholeQuery: String?) throws {
    let address = try ProviderKind.azure.address(ProviderAddress(baseURL: baseURL, query: query))
    #expect(address.baseURL == whole)
    #expect(address.query == wholeQuery)
    #expect(address.isPublicService == baseURL.contains("azure.com"))
  }

  @Test(arguments: ["", "https://r.openai.azure.com/openai/deployments/gpt-4o"])
  func addressesThatAreNoneAreFaults(_ baseURL: String) {
    let fault = #expect(throws: ProviderAddress.Fault.self) {
      try ProviderKind.azure.address(ProviderAddress(baseURL: baseURL))
    }
    #expect(fault?.key == "base_url")
    #expect(throws: ProviderAddress.Fault.self) {
      try ProviderKind.azure.address(ProviderAddress(baseURL: "https://r.openai.azure.com", region: "eu"))
    }
  }

  @Test func deploymentsStandInThePathOrInTheBody() throws {
    let request = try chat(plainChat())
    let classic = ProviderKind.azure.codec.at("https://r.openai.azure.com/openai")
    let versioned = ProviderKind.azure.codec.at("https://r.openai.azure.com/openai/v1")
    let asked = try classic.upstreamRequest(for: request, model: "my gpt/4")
    #expect(asked.path == "/deployments/my%20gpt%2F4/chat/completions")
    #expect(try json(text(asked.body))["model"]?.string == "my gpt/4")
    #expect(try versioned.upstreamRequest(for: request, model: "d").path == "/chat/completions")
    let body = bytes(#"{"model":"x","input":"a"}"#)
    let embeddings = try #require(classic.embeddings)
    let embedding = embeddings.upstreamRequest(for: body, try JSONParser.parse(body), model: "e")
    #expect(embedding.path == "/deployments/e/embeddings")
    #expect(
      versioned.embeddings?.upstreamRequest(for: body, try JSONParser.parse(body), model: "e").path == "/embeddings")
    #expect(embeddings.inputTokens(in: bytes(#"{"usage":{"prompt_tokens":7}}"#)) == 7)
  }

  @Test func aTokenOfEntraIsABearers() {
    var request = UpstreamRequest(path: "/x", headers: [("authorization", "old"), ("api-key", "old")], body: [])
    AzureKey().sign(&request, Credentials(key: "eyJhbGciOi.eyJhdWQ.c2ln"), baseURL: "https://a.test", at: 0)
    #expect(request.headers.map(\.name) == ["authorization"])
    #expect(request.headers[0].value == "Bearer eyJhbGciOi.eyJhdWQ.c2ln")
    AzureKey().sign(&request, Credentials(key: "0123456789abcdef"), baseURL: "https://a.test", at: 0)
    #expect(request.headers.map(\.name) == ["api-key"])
  }

  @Test func aChosenHeaderForBearersHasTheirWord() {
    func header(_ key: String, _ name: String) -> String? {
      var request = UpstreamRequest(path: "/x", headers: [], body: [])
      KeyHeader.chosen(name).sign(&request, Credentials(key: key), baseURL: "https://a.test", at: 0)
      return request.headers.first { $0.name == name }?.value
    }
    #expect(header("k", "authorization") == "Bearer k")
    #expect(header("Basic k", "authorization") == "Basic k")
    #expect(header("k", "api-key") == "k")
  }

  /// The chunk about the prompt has no choices, which clients of OpenAI do not expect: the next says it.
  @Test func whatIsSaidOfThePromptGoesWithTheFirstChunk() throws {
    var decoder = OpenAIStreamDecoder()
    let filter = #"[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]"#
    let first = #"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":\#(filter)}"#
    #expect(try decoder.decode(event: nil, data: bytes(first)) == [])
    #expect(decoder.mendedData == [])
    let second = #"{"id":"c","model":"m","created":3,"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#
    #expect(try decoder.decode(event: nil, data: bytes(second)) == [.start(id: "c", model: "m", created: 3)])
    let mended = try json(text(try #require(decoder.mendedData)))
    #expect(mended["prompt_filter_results"] == (try json(filter)))
    let third = #"{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}"#
    #expect(try decoder.decode(event: nil, data: bytes(third)) == [.content(choice: 0, "a")])
    #expect(decoder.mendedData == nil)
  }

  /// The filter that runs beside the model sends choices without a delta.
  @Test func choicesWithoutADeltaGetOne() throws {
    var decoder = OpenAIStreamDecoder()
    let chunk = #"{"id":"c","choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{"start_offset":4}}]}"#
    #expect(try decoder.decode(event: nil, data: bytes(chunk)) == [.start(id: "c", model: "", created: 0)])
    let choice = try json(text(try #require(decoder.mendedData)))["choices"]?.elements?.first
    #expect(choice?["delta"] == .object([:]))
    #expect(choice?["content_filter_offsets"]?["start_offset"]?.integer == 4)
  }

  @Test(arguments: [
    (400, #"{"error":{"code":"content_filter","param":"prompt","status":400,"message":"m"}}"#, "content_filtered"),
    (
      400, #"{"error":{"code":"BadRequest","message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
      "content_filtered"
    ),
    (401, #"{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}"#, "key_refused"),
    (403, #"{"error":{"code":"403","message":"Out of call volume quota. Try again in 5 days"}}"#, "quota_exhausted"),
    (404, #"{"error":{"code":"DeploymentNotFound","message":"m"}}"#, "model_unavailable"),
    (404, #"{"error":{"code":"404","message":"Resource not found"}}"#, "bad_request"),
    (400, #"{"error":{"code":"OperationNotSupported","message":"m"}}"#, "unsupported"),
    (429, #"{"error":{"code":"429","message":"Your requests exceeded the token rate limit"}}"#, "rate_limited"),
  ])
  func errorsOfAzureHaveTheirScope(_ status: Int, _ body: String, _ kind: String) {
    let failure = ProviderKind.azure.codec.failure(status: status, headers: [], body: bytes(body))
    #expect(failure.kind.rawValue == kind)
  }
}
