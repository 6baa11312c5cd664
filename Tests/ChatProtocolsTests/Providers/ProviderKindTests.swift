import Testing

@testable import ChatProtocols

/// The table of kinds, and the seams that a kind fills.
struct ProviderKindTests {
  @Test func kindsAreFoundByName() {
    #expect(
      ProviderKind.allCases.map(\.rawValue) == [
        "openai", "anthropic", "gemini", "azure", "bedrock", "vertex_ai", "mock",
      ])
    for kind in ProviderKind.allCases { #expect(ProviderKind(rawValue: kind.rawValue) == kind) }
    #expect(ProviderKind(rawValue: "Azure") == nil)
  }

  @Test(arguments: [
    (ProviderKind.openai, "authorization", "Bearer k"), (.anthropic, "x-api-key", "k"),
    (.gemini, "x-goog-api-key", "k"), (.azure, "api-key", "k"), (.bedrock, "authorization", "Bearer k"),
    (.vertex, "authorization", "Bearer k"), (.mock, "authorization", "Bearer k"),
  ])
  func theKeyGoesIntoOneHeader(kind: ProviderKind, name: String, value: String) {
    let plain = UpstreamRequest(path: "/x", headers: [(name, "old"), ("a", "b")], body: [])
    let request = signed(plain, by: kind)
    #expect(request.headers.map(\.name) == ["a", name])
    #expect(request.headers.last?.value == value)
  }

  @Test func theQueryOfTheConfigurationJoinsThePath() {
    var request = UpstreamRequest(path: "/x", headers: [], body: [])
    request.append(query: "a=1")
    request.append(query: "b=2")
    #expect(request.path == "/x?a=1&b=2")
  }

  @Test func aFrameThatIsTooLongIsAFault() {
    var frames: any FrameReader = ServerSentEventParser(maximumEventBytes: 8)
    #expect(frames.mediaType == "text/event-stream")
    #expect(throws: FrameFault(reason: "an event longer than 8 bytes")) {
      try frames.events(in: bytes("data: a long one\n\n"))
    }
  }

  @Test func onlyOpenAIsProtocolHasEmbeddings() {
    let kinds = ProviderKind.allCases.filter { $0.codec.embeddings != nil }
    #expect(kinds == [.openai, .azure, .mock])
    #expect(OpenAIEmbeddings().inputTokens(in: bytes(#"{"usage":{"prompt_tokens":7}}"#)) == 7)
    #expect(OpenAIEmbeddings().inputTokens(in: bytes("{}")) == nil)
  }
}
