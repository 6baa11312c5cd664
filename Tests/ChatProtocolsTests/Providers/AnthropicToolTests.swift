import TextKit
import Testing

@testable import ChatProtocols

/// Tools of chats as Anthropic takes them.
struct AnthropicToolTests {
  private func tool(_ function: String) throws -> (JSONNode, ChatRequest) {
    let request = try chat(plainChat(#","tools":[{"type":"function","function":\#(function)}]"#))
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "claude").body))
    return (try #require(body["tools"]?.elements?.first), request)
  }

  private static let rows: [(schema: String, folded: String)] = [
    (
      #"{"anyOf":[{"type":"object","properties":{"a":{"type":"string"},"k":{"const":1}},"required":["a","k"]},{"type":"object","properties":{"b":{"type":"string"},"k":{"const":2}},"required":["k"]}]}"#,
      #"{"type":"object","properties":{"a":{"type":"string"},"k":{"anyOf":[{"const":1},{"const":2}]},"b":{"type":"string"}},"required":["k"]}"#
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"oneOf":[{"required":["b"]},{"required":["c"]}]}"#,
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#
    ),
    (
      #"{"type":"object","allOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}]}"#,
      #"{"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]}"#
    ),
    (
      ##"{"oneOf":[{"$ref":"#/$defs/A"},{"type":"null"}],"$defs":{"A":{"type":"object","properties":{"a":{}},"additionalProperties":false}}}"##,
      #"{"type":"object","properties":{"a":{}},"additionalProperties":false,"$defs":{"A":{"type":"object","properties":{"a":{}},"additionalProperties":false}}}"#
    ),
    (#"{"type":["object","null"],"properties":{}}"#, #"{"type":"object","properties":{}}"#),
    (
      #"{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}}"#,
      #"{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}}"#
    ),
  ]

  @Test(arguments: rows.indices) func schemasAreOneObject(row: Int) throws {
    let (schema, folded) = Self.rows[row]
    let (tool, _) = try tool(#"{"name":"f","parameters":\#(schema)}"#)
    #expect(tool["input_schema"] == (try json(folded)), "\(tool.jsonText)")
  }

  @Test func schemasOfThemselvesEnd() throws {
    let schema = ##"{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"type":"object","properties":{"a":{}}}]}"##
    let (tool, _) = try tool(#"{"name":"f","parameters":\#(schema)}"#)
    #expect(tool["input_schema"]?["properties"] == (try json(#"{"a":{}}"#)))
  }

  @Test(arguments: ["files.read", "mcp/files:read", "read file", String(repeating: "n", count: 140)])
  func namesComeBack(name: String) throws {
    let (tool, request) = try tool(#"{"name":"\#(name)"}"#)
    let wire = try #require(tool["name"]?.string)
    #expect(wire.wholeMatch(of: /[a-zA-Z0-9_-]{1,128}/) != nil)
    let event = ChatEvent.toolCall(choice: 0, call: 0, id: "c", name: wire, arguments: "{}")
    #expect(request.restoring(event) == .toolCall(choice: 0, call: 0, id: "c", name: name, arguments: "{}"))
  }

  @Test func longNamesStayWithinTheBounds() throws {
    let name = String(repeating: "n", count: 100)
    #expect(try tool(#"{"name":"\#(name)"}"#).0["name"]?.string == name)
  }

  @Test func aChosenNameIsTheToolsName() throws {
    let members =
      #","tools":[{"type":"function","function":{"name":"a.b"}}],"tool_choice":{"type":"function","function":{"name":"a.b"}}"#
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: try chat(plainChat(members)), model: "c").body))
    #expect(body["tool_choice"]?["name"] == body["tools"]?.elements?[0]["name"])
  }

  @Test func strictSchemasAreClosedAndWithoutBounds() throws {
    let schema = #"{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}"#
    let (strict, _) = try tool(#"{"name":"f","strict":true,"parameters":\#(schema)}"#)
    #expect(
      strict["input_schema"]
        == (try json(
          #"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}"#)))
    let (free, _) = try tool(#"{"name":"f","strict":false,"parameters":\#(schema)}"#)
    #expect(free["input_schema"] == (try json(schema)))
  }

  @Test func answersKeepCountsThatAnthropicTakes() throws {
    let schema = try json(
      #"{"type":["object","null"],"oneOf":[{"type":"array","minItems":3},{"type":"array","minItems":1,"uniqueItems":true}]}"#
    )
    let closed =
      #"{"type":["object","null"],"anyOf":[{"type":"array"},{"type":"array","minItems":1}],"additionalProperties":false}"#
    #expect(AnthropicSchema.closed(schema) == (try json(closed)))
  }
}
