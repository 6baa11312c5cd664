import RequestLog
import Testing
import TextKit

@testable import Labelling

/// Logged requests as they are asked again.
struct ChatQueryTests {
  private func query(_ line: String) throws -> ChatQuery {
    try ChatQuery(
      AnswerRecord(
        line: Array(line.utf8), number: 1, needsOutcomes: false))
  }

  private func body(_ line: String, limit: Int = 9) throws -> JSONNode {
    let endpoint = try ChatEndpoint(
      address: "http://127.0.0.1:1/v1", model: "m", apiKey: nil, timeLimitSeconds: 1, connections: 1)
    let target = CollectTarget(
      tier: "t", model: "m", endpoint: endpoint, price: TokenPrice(inputUSDPerMillion: 1, outputUSDPerMillion: 1))
    return try JSONParser.parse(query(line).body(for: target, maximumTokens: limit))
  }

  private static func messages(_ list: String) -> String { #"{"messages":[{"role":"user","content":"u"},\#(list)]}"# }

  /// Every call has an id of its own, every result the id of a call before it, and no object a key twice.
  @Test(arguments: [
    #"{"role":"assistant","tool_calls":[{"function":{"name":"f"}},{"function":{"name":"g"}}]},{"role":"tool","content":"1"},{"role":"tool","content":"2"}"#,
    // Ids that the log has look like those that are made up.
    #"{"role":"assistant","tool_calls":[{"id":"call_2","function":{"name":"f"}},{"function":{"name":"g"}}]},{"role":"tool","tool_call_id":"call_2","content":"1"},{"role":"tool","content":"2"}"#,
    #"{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]},{"role":"tool","content":"1"},{"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"call_1","content":"2"}"#,
    // Keys that stand there without a value.
    #"{"role":"assistant","content":null,"tool_calls":[{"id":null,"function":{"name":"f"}}]},{"role":"tool","tool_call_id":null,"content":"1"}"#,
  ])
  func resultsAreTiedToTheirCalls(list: String) throws {
    let body = try body(Self.messages(list))
    let messages = try #require(body["messages"]?.elements)
    let calls = messages.flatMap { $0["tool_calls"]?.elements ?? [] }
    let ids = calls.compactMap { $0["id"]?.string }
    #expect(ids.count == calls.count && Set(ids).count == ids.count, "\(ids)")
    let results = messages.filter { $0["role"]?.string == "tool" }
    #expect(results.map { $0["tool_call_id"]?.string ?? "" } == ids, "\(results.map(\.jsonText))")
    for object in messages + calls {
      let keys = object.members?.map(\.key) ?? []
      #expect(Set(keys).count == keys.count, "\(keys)")
    }
    #expect(calls.allSatisfy { $0["function"]?["arguments"]?.string == "{}" && $0["type"]?.string == "function" })
  }

  /// The newer name of the limit counts before the older, and one without a value is none.
  @Test(
    arguments: [
      (#""max_tokens":5"#, 5), (#""max_completion_tokens":7,"max_tokens":5"#, 7), (#""max_tokens":null"#, nil),
      (#""max_completion_tokens":null,"max_tokens":5"#, 5), (#""max_tokens":0"#, nil), (#""max_tokens":-5"#, nil),
      (#""max_tokens":1.5"#, nil), (#""x":1"#, nil),
    ] as [(String, Int?)])
  func limitsAreRead(members: String, limit: Int?) throws {
    #expect(try query(#"{"prompt":"p",\#(members)}"#).maximumTokens == limit)
    #expect(
      try body(#"{"prompt":"p",\#(members)}"#, limit: 3)["max_tokens"]?.integer == 3,
      "what is asked for is the caller's")
  }

  /// Tools in each form that logs have come out in one, and those that a provider runs stay away, with what chooses among them.
  @Test func toolsAreOfOneForm() throws {
    let schema = #"{"type":"object"}"#
    let tools = [
      #"{"type":"function","function":{"name":"f","parameters":\#(schema)}}"#,
      #"{"type":"function","name":"f","parameters":\#(schema)}"#, #"{"name":"f","input_schema":\#(schema)}"#,
    ]
    for tool in tools {
      let body = try body(#"{"prompt":"p","tool_choice":"auto","tools":[\#(tool),{"type":"web_search"}]}"#)
      let functions = try #require(body["tools"]?.elements)
      #expect(functions.count == 1 && functions[0]["type"]?.string == "function", "\(tool)")
      #expect(functions[0]["function"]?["name"]?.string == "f")
      #expect(functions[0]["function"]?["parameters"]?.jsonText == schema && body["tool_choice"]?.string == "auto")
    }
    let hosted =
      #"{"prompt":"p","tool_choice":"required","parallel_tool_calls":true,"tools":[{"type":"web_search"},{"type":"code_interpreter"}]}"#
    #expect(try query(hosted).strippedTools == 2)
    let body = try body(hosted)
    #expect(body["tools"] == nil && body["tool_choice"] == nil && body["parallel_tool_calls"] == nil)
  }

  /// Whatever a log counts and does not keep cannot be asked again: the field is named.
  @Test(arguments: [
    (#"{"prompt":"p","tools":["f"],"tool_schema_bytes":40}"#, "tools"),
    (#"{"prompt":"p","image_count":2}"#, "messages"),
    (#"{"prompt":"p","response_format":{"type":"json_schema"}}"#, "response_format"),
    (#"{"messages":[{"role":"user","content":"u"},{"role":"tool","content":"t"}]}"#, "messages[1]"),
    (#"{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}"#, "messages"),
  ])
  func whatIsLostIsNamed(line: String, field: String) {
    let error = #expect(throws: RecordViolation.self) { try query(line) }
    #expect(error?.field == field)
  }

  /// Estimates keep their order: what is expected is below what is possible, with images and without.
  @Test func estimatesKeepTheirOrder() throws {
    let image =
      #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(String(repeating: "A", count: 40_000))"}}"#
    let text = #"{"type":"text","text":"\#(String(repeating: "ü", count: 50))"}"#
    let plain = try query(#"{"messages":[{"role":"user","content":[\#(text)]}]}"#)
    let pictured = try query(#"{"messages":[{"role":"user","content":[\#(text),\#(image),\#(image)]}]}"#)
    for one in [plain, pictured] { #expect(one.estimatedInputTokens < one.mostInputTokens) }
    #expect((2_000...2_001).contains(pictured.estimatedInputTokens - plain.estimatedInputTokens))
    #expect((12_000...12_004).contains(pictured.mostInputTokens - plain.mostInputTokens))
  }
}
