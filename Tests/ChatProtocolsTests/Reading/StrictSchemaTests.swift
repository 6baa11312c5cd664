import Testing

@testable import ChatProtocols

/// Schemas of Messages clients at OpenAI, which takes fewer of them as strict.
struct StrictSchemaTests {
  private static let rows: [(schema: String, isStrict: Bool)] = [
    (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#, true),
    (#"{"type":"object","properties":{},"additionalProperties":false}"#, true),
    (
      ##"{"type":"object","properties":{"a":{"anyOf":[{"$ref":"#/$defs/A"},{"type":"null"}]}},"required":["a"],"additionalProperties":false,"$defs":{"A":{"type":"array","items":{"type":"integer","minimum":1}}}}"##,
      true
    ),
    (#"{"type":"object"}"#, false),
    (#"{"type":"object","properties":{"a":{}},"required":["a"]}"#, false),
    (#"{"type":"object","properties":{"a":{},"b":{}},"required":["a"],"additionalProperties":false}"#, false),
    (
      #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},"required":["a"],"additionalProperties":false}"#,
      false
    ),
    (
      ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"required":["a"],"additionalProperties":false,"$defs":{"A":{"type":"object","properties":{"b":{}}}}}"##,
      false
    ),
    (
      #"{"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}},"required":["a"],"additionalProperties":false}"#,
      false
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string","default":""}},"required":["a"],"additionalProperties":false}"#,
      false
    ),
    (#"{"type":"array","items":{"type":"string"}}"#, false),
  ]

  @Test(arguments: rows.indices) func strictIsKeptWhereOpenAITakesIt(row: Int) throws {
    let (schema, isStrict) = Self.rows[row]
    for place in [#""output_config":{"format":F}"#, #""output_format":F"#] {
      let format = place.replacing("F", with: #"{"type":"json_schema","schema":\#(schema)}"#)
      let request = try messages(
        #"{"model":"a","max_tokens":9,\#(format),"messages":[{"role":"user","content":"x"}],"#
          + #""tools":[{"name":"f","strict":true,"input_schema":\#(schema)},{"name":"g","input_schema":\#(schema)}]}"#)
      let body = try json(text(try OpenAICodec().upstreamRequest(for: request, model: "gpt-4o").body))
      #expect(body["response_format"]?["json_schema"]?["strict"]?.boolean == isStrict)
      #expect(body["tools"]?.elements?.map { $0["function"]?["strict"]?.boolean } == [isStrict, nil])
    }
  }

  @Test func bedrockKeepsTheClientsStrictTools() throws {
    let request = try messages(
      #"{"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"}],"#
        + #""tools":[{"name":"f","strict":true,"input_schema":{"type":"object","properties":{"a":{}}}}]}"#)
    let model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    let body = try json(text(try BedrockCodec().upstreamRequest(for: request, model: model).body))
    #expect(body["toolConfig"]?["tools"]?.elements?[0]["toolSpec"]?["strict"]?.boolean == true)
  }
}
