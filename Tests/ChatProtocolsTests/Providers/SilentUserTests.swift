import Testing

@testable import ChatProtocols

/// Chats in which the user says nothing: providers demand a turn.
struct SilentUserTests {
  @Test(arguments: [
    #"{"role":"system","content":"Write a haiku."}"#,
    #"{"role":"developer","content":"Write a haiku."},{"role":"user","content":""}"#,
    #"{"role":"system","content":"Write a haiku."},{"role":"user","content":[{"type":"text","text":""}]}"#,
  ])
  func theUserOpensTheConversation(said: String) throws {
    let request = try chat(#"{"model":"a","messages":[\#(said)]}"#)
    let opening = "(The conversation begins.)"
    let anthropic = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "c").body))
    #expect(
      anthropic["messages"] == (try json(#"[{"role":"user","content":[{"type":"text","text":"\#(opening)"}]}]"#)))
    #expect(anthropic["system"]?.elements?[0]["text"]?.string == "Write a haiku.")
    let gemini = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-pro").body))
    #expect(gemini["contents"] == (try json(#"[{"role":"user","parts":[{"text":"\#(opening)"}]}]"#)))
    let bedrock = try json(text(try BedrockCodec().upstreamRequest(for: request, model: "amazon.nova-pro").body))
    #expect(bedrock["messages"] == (try json(#"[{"role":"user","content":[{"text":"\#(opening)"}]}]"#)))
  }
}
