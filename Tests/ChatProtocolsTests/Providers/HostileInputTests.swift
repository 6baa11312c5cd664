import Testing
import TextKit

@testable import ChatProtocols

/// Nothing that comes in may end the program: damaged requests give an error of the client, damaged answers one of the
/// provider.
struct HostileInputTests {
  private static let apiFormats: [any ClientFormat] = [ChatCompletionsFormat(), MessagesFormat(), ResponsesFormat()]
  private static let providers: [any ProviderCodec] = [OpenAICodec(), AnthropicCodec(), GeminiCodec()]

  /// Values to put in place of others.
  private static let values: [JSONNode] = [
    .null, .string("\u{0}😀\n"), .array([.null]), .object(["type": .string("text"), "": .null]),
    (try? json("-99999999999999999999999999")) ?? .null,
  ]

  /// Every node of a tree replaced in turn by every value.
  private static func mutations(of node: JSONNode) -> [JSONNode] {
    var result = values
    if let members = node.members {
      for index in members.indices {
        for value in mutations(of: members[index].value) {
          var changed = members
          changed[index].value = value
          result.append(.object(changed))
        }
        result.append(.object(Array(members[..<index]) + Array(members[(index + 1)...])))
      }
    } else if let elements = node.elements {
      for index in elements.indices {
        for value in mutations(of: elements[index]) {
          var changed = elements
          changed[index] = value
          result.append(.array(changed))
        }
      }
    }
    return result
  }

  private func tryRequest(_ body: [UInt8]) {
    for apiFormat in Self.apiFormats {
      guard let request = try? apiFormat.request(from: body) else { continue }
      for provider in Self.providers { _ = try? provider.upstreamRequest(for: request, model: "m") }
      _ = MockAnswer.make(for: request, model: "m")
    }
  }

  private func tryAnswer(_ body: [UInt8], _ request: ChatRequest) {
    for provider in Self.providers {
      _ = provider.failure(status: 400, headers: [], body: body)
      var decoder = provider.makeStreamDecoder()
      let events = (try? decoder.decode(event: nil, data: body)) ?? []
      var encoders = Self.apiFormats.map { $0.makeStreamEncoder(for: request) }
      for index in encoders.indices { for event in events { _ = encoders[index].encode(event) } }
      guard let answer = try? provider.answer(from: body) else { continue }
      for apiFormat in Self.apiFormats { _ = apiFormat.body(of: answer, to: request) }
    }
  }

  @Test func requestsOfEveryShape() throws {
    let anthropic = #"""
      {"model":"a","max_tokens":5,"system":"s","tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"any"},
      "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"m","data":"d"}},
      {"type":"tool_result","tool_use_id":"i","content":[{"type":"text","text":"x"}]}]},
      {"role":"assistant","content":[{"type":"tool_use","id":"i","name":"f","input":{}}]}]}
      """#
    let response = #"""
      {"model":"a","input":[{"role":"user","content":[{"type":"input_text","text":"x"}]},
      {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
      {"type":"function_call_output","call_id":"c","output":"x"}],"text":{"format":{"type":"text"}},"reasoning":{}}
      """#
    for text in [GoldenRequestTests.rich, anthropic, response] {
      for node in Self.mutations(of: try json(text)) { tryRequest(node.jsonBytes) }
    }
  }

  @Test func answersOfEveryShape() throws {
    let request = try chat(plainChat())
    for row in RoundTripTests.cases {
      for node in Self.mutations(of: try json(row.whole)) { tryAnswer(node.jsonBytes, request) }
      for event in try sent(bytes(row.stream)) {
        for node in Self.mutations(of: try data(event)) { tryAnswer(node.jsonBytes, request) }
      }
    }
  }

  @Test func cutAndDamagedBytes() throws {
    let request = try chat(plainChat())
    var random: UInt64 = 1
    for text in [GoldenRequestTests.rich, RoundTripTests.cases[0].whole, RoundTripTests.cases[3].whole] {
      let whole = bytes(text)
      for count in stride(from: 0, to: whole.count, by: 13) {
        tryRequest(Array(whole[..<count]))
        tryAnswer(Array(whole[..<count]), request)
        var damaged = whole
        random = random &* 6_364_136_223_846_793_005 &+ 1
        damaged[count] = UInt8(truncatingIfNeeded: random >> 56)
        tryRequest(damaged)
        tryAnswer(damaged, request)
      }
    }
  }

  @Test func deepAndHugeValues() {
    let deep = String(repeating: "[", count: 250) + String(repeating: "]", count: 250)
    let schema = String(repeating: #"{"a":"#, count: 250) + "1" + String(repeating: "}", count: 250)
    for body in [
      plainChat(",\"x\":\(deep)"),
      plainChat(#","tools":[{"type":"function","function":{"name":"f","parameters":\#(schema)}}]"#),
      #"{"model":"a","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":\#(schema)}]}"#,
      plainChat(#","max_tokens":9223372036854775807,"seed":-9223372036854775808"#),
      plainChat(",\"temperature\":0." + String(repeating: "0", count: 100_000) + "1"),
    ] { tryRequest(bytes(body)) }
    let usage = #"{"prompt_tokens":9e18,"completion_tokens":9223372036854775807,"x":-1}"#
    let answer = try? OpenAICodec().answer(from: bytes(#"{"choices":[{"message":{}}],"usage":\#(usage)}"#))
    var greatest = TokenUsage(inputTokens: 1 << 30, outputTokens: 1 << 30)
    greatest.isFlagged = true
    #expect(answer?.usage == greatest)
  }
}
