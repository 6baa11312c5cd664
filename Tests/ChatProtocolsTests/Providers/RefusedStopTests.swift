import Testing

@testable import ChatProtocols

/// Stops that a provider refuses, or has no room for, are left out, and that is told.
struct RefusedStopTests {
  private func body(_ stop: String, _ codec: any ProviderCodec, _ model: String) throws -> [UInt8] {
    try codec.upstreamRequest(for: try chat(plainChat(#","stop":\#(stop)"#)), model: model).body
  }

  @Test(
    arguments: [
      (#"["\n\n"]"#, nil), (#"["\n","END"]"#, ["END"]), (#""\n""#, nil), (#""""#, nil), (#"" x""#, [" x"]),
    ] as [(String, [String]?)])
  func anthropicGetsVisibleOnes(stop: String, left: [String]?) throws {
    let body = try json(text(try body(stop, AnthropicCodec(), "claude")))
    #expect(body["stop_sequences"]?.elements?.map(\.string) == left)
    let bedrock = try json(text(try self.body(stop, BedrockCodec(), "anthropic.claude-sonnet-4-5")))
    #expect(bedrock["inferenceConfig"]?["stopSequences"]?.elements?.map(\.string) == left)
  }

  @Test(
    arguments: [
      (#"["a","b","c","d","e","f"]"#, ["a", "b", "c", "d", "e"]), (#"["","\n"]"#, ["\n"]), (#""""#, nil),
    ] as [(String, [String]?)])
  func geminiGetsFive(stop: String, left: [String]?) throws {
    let body = try json(text(try body(stop, GeminiCodec(), "gemini-2.5-flash")))
    #expect(body["generationConfig"]?["stopSequences"]?.elements?.map(\.string) == left)
  }

  @Test(arguments: [
    (#"["\n"]"#, [ParameterChange(name: "stop", kind: .dropped)]),
    (#"["\n","END"]"#, [ParameterChange(name: "stop", kind: .changed)]), (#"["END"]"#, []), (#""""#, []),
  ])
  func whatIsLeftOutIsTold(stop: String, changes: [ParameterChange]) throws {
    let request = try chat(plainChat(#","stop":\#(stop)"#))
    let body = try AnthropicCodec().upstreamRequest(for: request, model: "claude").body
    #expect(ParameterChange.all(from: request, to: body, by: ParameterRules()) == changes)
  }
}
