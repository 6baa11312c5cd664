import Testing
import TextKit

@testable import ChatProtocols

struct RoutingFieldTests {
  @Test(arguments: [
    (#"{"ockham":{"tier":"a"},"model":"auto","messages":[]}"#, #"{"model":"auto","messages":[]}"#),
    (#"{"model":"auto","messages":[],"ockham":{"tier":"a"}}"#, #"{"model":"auto","messages":[]}"#),
    ("{\"model\":\"auto\" , \"ockham\" :\n {} , \"x\":1}", "{\"model\":\"auto\" ,  \"x\":1}"),
    (#"{"ockham":{}}"#, "{}"), (#"{ "ockham" : null }"#, "{ }"),
    (#"{"model":"a","ockham":1,"ockham":2}"#, #"{"model":"a"}"#),
    (#"{"model":"a","ockham":1,"x":{"ockham":2},"ockham":"a,\"b"}"#, #"{"model":"a","x":{"ockham":2}}"#),
    (#"{"\u006fckham":5,"model":"a"}"#, #"{"model":"a"}"#),
    (#"{"model":"a","x":["ockham"]}"#, #"{"model":"a","x":["ockham"]}"#),
  ])
  func theFieldIsCutOut(body: String, expected: String) throws {
    let bytes = Array(body.utf8)
    let root = try JSONParser.parse(bytes)
    for apiFormat in [APIFormat.chatCompletions, .messages] {
      let request = ChatRequest(
        apiFormat: apiFormat, body: bytes, root: root, chatBody: bytes, chat: root, model: "auto", isStream: false,
        wantsUsageChunk: false, request: .init(prompt: ""))
      let stripped = request.withoutRoutingField()
      #expect(String(decoding: stripped.body, as: UTF8.self) == expected)
      #expect(stripped.chatBody == stripped.body)
      #expect(try stripped.root == JSONParser.parse(Array(expected.utf8)))
      #expect(stripped.chat["ockham"] == nil)
    }
  }
}
