import Ockham
import Testing

@testable import RequestLog

@Suite struct RecordTests {
  @Test func everyField() throws {
    let line = #"""
      {"id":"r1","dataset":"support","prompt":"Why?","weight":2.5,"task":"question_answering","propensity":0.25,
      "timestamp":"2025-03-01T12:00:00Z","tier":"small","extra":{"deep":[1,2]},"max_tokens":100,
      "outcomes":{"b":{"quality":0.5,"cost_usd":0.001,"output_tokens":40,"latency_ms":12.5,"note":"x"},
      "a":{"quality":null},"c":null,"d":{"output_tokens":7.0}}}
      """#.filter { $0 != "\n" }
    let expected = LogRecord(
      id: "r1", dataset: "support",
      request: Request(
        segments: [Segment(role: .user, text: "Why?")], attributes: RequestAttributes(maximumOutputTokens: 100)),
      outcomes: [
        ModelOutcome(name: "b", quality: 0.5, costUSD: 0.001, outputTokens: 40, latencyMilliseconds: 12.5),
        ModelOutcome(name: "a"), ModelOutcome(name: "c"), ModelOutcome(name: "d", outputTokens: 7),
      ], tier: "small", weight: 2.5, task: .questionAnswering, propensity: 0.25, timestamp: "2025-03-01T12:00:00Z")
    #expect(try record(line) == expected)
  }

  @Test func least() throws {
    #expect(try record(#"{"prompt":"Why?"}"#) == LogRecord(id: "pieces:1", request: Request(prompt: "Why?")))
  }

  @Test func nullIsAbsent() throws {
    let line = #"""
      {"id":null,"dataset":null,"prompt":"x","messages":null,"outcomes":null,"tier":null,"weight":null,"task":null,
      """# + #""propensity":null,"timestamp":null,"tools":null,"response_format":null,"max_tokens":null}"#
    #expect(try record(line.filter { $0 != "\n" }) == LogRecord(id: "pieces:1", request: Request(prompt: "x")))
  }

  @Test(arguments: [
    ("17", "17"), ("-3", "-3"), ("18446744073709551615", "18446744073709551615"), ("1.5", "1.5"),
    (#""seventeen""#, "seventeen"),
  ])
  func ids(json: String, id: String) throws {
    #expect(try record(#"{"id":\#(json),"prompt":"x"}"#).id == id)
  }

  @Test func qualityEdges() throws {
    let outcomes = try record(
      #"{"prompt":"x","outcomes":{"a":{"quality":0},"b":{"quality":1.0},"c":{"quality":-0.0}}}"#
    ).outcomes
    #expect(outcomes.map(\.quality) == [0, 1, -0.0])
  }

  @Test func completionTokensWin() throws {
    let line = #"{"prompt":"x","max_tokens":5,"max_completion_tokens":9}"#
    #expect(try record(line).request.attributes.maximumOutputTokens == 9)
  }

  @Test func namesComeBackWhateverThePoolHolds() throws {
    var text = ""
    for index in 0..<5000 {
      text += #"{"prompt":"x","dataset":"d\#(index)","outcomes":{"m\#(index % 1500)":null}}"# + "\n"
    }
    for (index, entry) in try entries(text).enumerated() {
      let record = try #require(entry.record)
      #expect(record.dataset == "d\(index)" && record.outcomes[0].name == "m\(index % 1500)")
    }
  }
}

@Suite struct MessageTests {
  private func request(_ fields: String) throws -> Request { try record("{\(fields)}").request }

  @Test func roles() throws {
    let names = ["system", "developer", "user", "assistant", "tool", "function"]
    let messages = names.map { #"{"role":"\#($0)","content":"\#($0)!"}"# }.joined(separator: ",")
    let segments = try request(#""messages":[\#(messages)]"#).segments
    #expect(segments.map(\.role) == [.system, .system, .user, .assistant, .tool, .tool])
    #expect(segments.map(\.text) == names.map { $0 + "!" })
  }

  @Test func parts() throws {
    let found = try request(
      #""messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"u"}},"#
        + #"{"type":"input_text","text":"two"},{"type":"input_image"},{"type":"input_audio","text":"no"},"three"]}]"#)
    #expect(found.segments == [Segment(role: .user, text: "one\ntwo\nthree")])
    #expect(found.attributes.imageCount == 2)
  }

  @Test func toolCalls() throws {
    let found = try request(
      #""messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"#
        + #""function","function":{"name":"find","arguments":"{\"a\": 1}"}},{"function":{"name":"f","arguments":{"b": [1, 2]}}},"#
        + #"{"function":{"name":"g"}}]},{"role":"assistant","content":"so","tool_calls":[{"function":{"name":"h"}}]}]"#)
    #expect(found.segments[1].text == "find {\"a\": 1}\nf {\"b\":[1,2]}\ng")
    #expect(found.segments[2].text == "so\nh")
  }

  @Test func silentAssistant() throws {
    let found = try request(#""messages":[{"role":"user","content":"x"},{"role":"assistant"}]"#)
    #expect(found.segments[1] == Segment(role: .assistant, text: ""))
  }

  @Test func tools() throws {
    let found = try request(
      #""prompt":"x","tools":[{"type":"function","function":{"name":"a","parameters":{ "t" : 1 }}},"#
        + #"{"name":"b","input_schema":{}},{"type":"function","name":"c","parameters":[ ]},{"type":"web_search"}]"#)
    #expect(found.attributes.toolNames == ["a", "b", "c", "web_search"])
    #expect(found.attributes.toolSchemaBytes == 7 + 2 + 2)
  }

  @Test(arguments: [
    (#"{"type":"text"}"#, ResponseFormat.text, 0), (#"{"type":"json_object"}"#, .jsonObject, 0),
    (#"{"type":"json_schema","json_schema":{"name":"n","schema":{"a": 1}}}"#, .jsonSchema, 7),
    (#"{"type":"json_schema","schema":[ 1 ]}"#, .jsonSchema, 3), (#"{"type":"json_schema"}"#, .jsonSchema, 0),
  ])
  func responseFormats(json: String, format: ResponseFormat, bytes: Int) throws {
    let attributes = try request(#""prompt":"x","response_format":\#(json)"#).attributes
    #expect(attributes.responseFormat == format && attributes.responseSchemaBytes == bytes)
  }

  @Test func sizesWithoutContentWin() throws {
    let attributes = try request(
      #""prompt":"x","tools":[{"name":"a","parameters":{}}],"tool_schema_bytes":9,"image_count":3,"response_schema_bytes":4"#
    ).attributes
    #expect(attributes.toolSchemaBytes == 9 && attributes.imageCount == 3 && attributes.responseSchemaBytes == 4)
  }
}

@Suite struct RequestParserTests {
  @Test func clientBody() throws {
    let parser = try #require(RequestParser(maximumBytes: 200))
    let body = #"{"model":"auto","messages":[{"role":"user","content":"x"}],"max_tokens":5}"#
    let expected = Request(
      segments: [Segment(role: .user, text: "x")], attributes: RequestAttributes(maximumOutputTokens: 5))
    #expect(try parser.request(fromJSON: body.utf8) == expected)
    let bad: [([UInt8], RejectionReason)] = [
      (Array(repeating: 0x61, count: 201), .tooLong), (Array("{".utf8), .invalidJSON),
      ([0x22, 0xFF, 0x22], .invalidUTF8),
      (Array("[]".utf8), .wrongType), (Array("{}".utf8), .missingRequest), (Array("[1e999]".utf8), .invalidNumber),
      (Array(#"["\q"]"#.utf8), .invalidJSON), ([], .invalidJSON),
    ]
    for (text, reason) in bad {
      let error = #expect(throws: RecordViolation.self) { try parser.request(fromJSON: text) }
      #expect(error?.reason == reason)
    }
  }
}
