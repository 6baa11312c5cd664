import Testing

@testable import ChatProtocols

/// The arguments of streamed calls as clients of Messages parse them: an object, whatever the model wrote.
struct ToolInputStreamTests {
  private func input(_ pieces: [String]) throws -> String {
    var events: [ChatEvent] = [.start(id: "x", model: "m", created: 0)]
    events.append(.toolCall(choice: 0, call: 0, id: "c", name: "f", arguments: pieces[0]))
    events += pieces.dropFirst().map { .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: $0) }
    events.append(.finish(choice: 0, .toolCalls))
    let request = try messages(#"{"model":"a","max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#)
    let sent = try sent(encoded(events, by: MessagesFormat().makeStreamEncoder(for: request)))
    #expect(sent.filter { $0.name == "content_block_stop" }.count == 1)
    return try sent.compactMap { try data($0)["delta"]?["partial_json"]?.string }.joined()
  }

  @Test(arguments: [
    (["", "{\"a\"", ":1}"], #"{"a":1}"#), (["{}"], "{}"), ([""], ""), (["null"], "{}"), (["nu", "ll"], "{}"),
    (["  ", "\n"], ""), ([" \n", " {", " }"], "{ }"), (["[1]"], #"{"arguments":"[1]"}"#),
    (["Rome"], #"{"arguments":"Rome"}"#),
  ])
  func argumentsAreAnObject(pieces: [String], input: String) throws {
    #expect(try self.input(pieces) == input)
  }

  @Test func wholeAnswersSayTheSame() throws {
    let request = try messages(#"{"model":"a","max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#)
    for arguments in ["null", "  ", ""] {
      let call = ToolCall(id: "c", name: "f", arguments: arguments)
      let answer = ChatResponse(
        id: "x", created: 0, model: "m", choices: [ChatChoice(index: 0, toolCalls: [call], finishReason: .toolCalls)],
        usage: nil)
      let body = try json(text(MessagesFormat().body(of: answer, to: request)))
      #expect(body["content"]?.elements?.first?["input"] == .object([:]))
    }
  }
}
