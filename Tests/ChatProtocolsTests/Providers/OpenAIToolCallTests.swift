import Testing

@testable import ChatProtocols

/// Tool calls in streams, as servers get them wrong.
struct OpenAIToolCallTests {
  /// The deltas of a stream, each the elements of one `tool_calls`, and the calls that they are.
  struct Quirk: Sendable, CustomTestStringConvertible {
    var name: String
    var deltas: [String]
    /// `id name arguments`, with `*` for an id that is made up.
    var calls: [String]
    var testDescription: String { name }
  }

  static let quirks: [Quirk] = [
    Quirk(
      name: "as it should be",
      deltas: [
        piece(0, "a", "f", ""), piece(0, args: #"{"x":"#), piece(0, args: "1}"), piece(1, "b", "g", "{}"),
      ],
      calls: [#"a f {"x":1}"#, "b g {}"]),
    Quirk(
      name: "all at index 0 in one chunk", deltas: [piece(0, "a", "f", "{}") + "," + piece(0, "b", "f", #"{"x":2}"#)],
      calls: ["a f {}", #"b f {"x":2}"#]),
    Quirk(
      name: "all at index 0 without ids", deltas: [piece(0, nil, "f", #"{"x":1}"#), piece(0, nil, "f", #"{"x":2}"#)],
      calls: [#"* f {"x":1}"#, #"* f {"x":2}"#]),
    Quirk(
      name: "no index", deltas: [piece(nil, "a", "f", #"{"x":"#), piece(nil, args: "1}"), piece(nil, "b", "g", "{}")],
      calls: [#"a f {"x":1}"#, "b g {}"]),
    Quirk(name: "indices from 1", deltas: [piece(1, "a", "f", "{}")], calls: ["a f {}"]),
    Quirk(
      name: "the name comes late", deltas: [piece(0, "a", args: #"{"x":"#), piece(0, nil, "f", "1}")],
      calls: [#"a f {"x":1}"#]),
    Quirk(name: "the id comes late", deltas: [piece(0, nil, "f", ""), piece(0, "a", args: "{}")], calls: ["* f {}"]),
    Quirk(
      name: "id and name with every piece", deltas: [piece(0, "a", "f", #"{"x":"#), piece(0, "a", "f", "1}")],
      calls: [#"a f {"x":1}"#]),
    Quirk(
      name: "another id with every piece", deltas: [piece(0, "a", "f", #"{"x":"#), piece(0, "b", args: "1}")],
      calls: [#"a f {"x":1}"#]),
    Quirk(
      name: "one id for two calls", deltas: [piece(0, "a", "f", "{}"), piece(1, "a", "g", "{}")],
      calls: ["a f {}", "* g {}"]),
    Quirk(
      name: "arguments as an object", deltas: [#"{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}"#],
      calls: [#"a f {"x":1}"#]),
    Quirk(
      name: "mixed arguments",
      deltas: [
        piece(0, "a", "f", "") + "," + piece(1, "b", "g", ""), piece(1, args: "{}"), piece(0, args: #"{"x":1}"#),
      ],
      calls: [#"a f {"x":1}"#, "b g {}"]),
    Quirk(
      name: "empty strings for nothing", deltas: [piece(0, "a", "f", ""), piece(0, "", "", "{}")], calls: ["a f {}"]),
  ]

  private static func piece(_ index: Int?, _ id: String? = nil, _ name: String? = nil, _ arguments: String? = nil)
    -> String
  {
    let function = [("name", name), ("arguments", arguments)].compactMap { key, value in
      value.map { "\"\(key)\":\(JSONText.of($0))" }
    }
    let members =
      [index.map { "\"index\":\($0)" }, id.map { "\"id\":\"\($0)\"" }].compactMap(\.self)
      + ["\"function\":{\(function.joined(separator: ","))}"]
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func piece(_ index: Int?, _ id: String? = nil, args: String) -> String { piece(index, id, nil, args) }

  private enum JSONText {
    static func of(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
  }

  private static func chunks(_ quirk: Quirk) -> [String] {
    quirk.deltas.map { #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"tool_calls":[\#($0)]}}]}"# }
      + [#"{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]"]
  }

  private static func described(_ calls: [ToolCall]) -> [String] {
    calls.map { "\($0.id.hasPrefix("call_") ? "*" : $0.id) \($0.name) \($0.arguments)" }
  }

  @Test(arguments: quirks) func callsAreToldApart(_ quirk: Quirk) throws {
    var decoder = OpenAIStreamDecoder(salt: 7)
    var assembler = ChatResponseAssembler()
    for chunk in Self.chunks(quirk) {
      for event in try decoder.decode(event: nil, data: bytes(chunk)) { assembler.append(event) }
    }
    let calls = assembler.answer.choices[0].toolCalls
    #expect(Self.described(calls) == quirk.calls)
    #expect(Set(calls.map(\.id)).count == calls.count)
  }

  /// What a client of the same API format gets is what OpenAI would have sent: read as it stands, it is the same calls.
  @Test(arguments: quirks) func chunksArePassedOnMended(_ quirk: Quirk) throws {
    var decoder = OpenAIStreamDecoder(salt: 7)
    var calls: [Int: ToolCall] = [:]
    for chunk in Self.chunks(quirk) {
      _ = try decoder.decode(event: nil, data: bytes(chunk))
      guard chunk != "[DONE]" else { continue }
      let root = try json(decoder.mendedData.map(text) ?? chunk)
      for node in root["choices"]?.elements?[0]["delta"]?["tool_calls"]?.elements ?? [] {
        let index = try #require(node["index"]?.integer)
        if let id = node["id"]?.string, !id.isEmpty, calls[index] == nil {
          calls[index] = ToolCall(id: id, name: node["function"]?["name"]?.string ?? "", arguments: "")
        }
        calls[index]?.arguments += try #require(node["function"]?["arguments"]?.string)
      }
    }
    #expect(Self.described(calls.sorted { $0.key < $1.key }.map(\.value)) == quirk.calls)
  }

  @Test func aChunkThatIsRightIsNotTouched() throws {
    var decoder = OpenAIStreamDecoder(salt: 7)
    for chunk in Self.chunks(Self.quirks[0]) {
      _ = try decoder.decode(event: nil, data: bytes(chunk))
      #expect(decoder.mendedData == nil)
    }
  }

  /// Messages have one block at a time, whole, whatever the order of the pieces.
  @Test(arguments: quirks) func blocksFollowEachOther(_ quirk: Quirk) throws {
    var decoder = OpenAIStreamDecoder(salt: 7)
    var encoder: any StreamEncoder = MessagesStreamEncoder()
    var all: [UInt8] = []
    for chunk in Self.chunks(quirk) {
      for event in try decoder.decode(event: nil, data: bytes(chunk)) { all += encoder.encode(event) }
    }
    all += encoder.end()
    var open: Int?
    var calls: [String] = []
    for event in try sent(all).map(data) {
      let index = event["index"]?.integer
      switch event["type"]?.string {
      case "content_block_start":
        #expect(open == nil)
        open = index
        let block = try #require(event["content_block"])
        let id = try #require(block["id"]?.string)
        calls.append("\(id.hasPrefix("call_") ? "*" : id) \(block["name"]?.string ?? "") ")
      case "content_block_delta":
        #expect(index == open)
        calls[calls.count - 1] += event["delta"]?["partial_json"]?.string ?? ""
      case "content_block_stop":
        #expect(index == open)
        open = nil
      default: break
      }
    }
    #expect(open == nil && calls == quirk.calls)
  }
}
