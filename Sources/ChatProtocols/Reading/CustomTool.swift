import TextKit

/// Tools whose input is a plain text, as functions with the one text `input`, and the way back. Source: OpenAI API
/// reference, "Function calling", custom tools.
package enum CustomTool {
  /// The names of the custom tools that a chat completion request declares.
  static func names(in chat: JSONNode) -> Set<String> {
    Set(
      (chat["tools"]?.elements ?? []).compactMap { tool in
        tool["type"]?.string == "custom" ? tool["custom"]?["name"]?.string : nil
      })
  }

  /// The function that stands for a tool: its name, what it is for and its grammar.
  static func function(for tool: JSONNode) -> JSONNode {
    .object([
      "type": .string("function"),
      "function": .object([
        "name": tool["name"], "description": .string(description(tool)), "parameters": inputSchema,
      ]),
    ])
  }

  /// What a model must know of a tool.
  static func description(_ tool: JSONNode) -> String {
    let text = tool["description"]?.string ?? ""
    // Chat completions have the grammar one level deeper than Responses.
    let format = tool["format"]
    guard let grammar = (format?["definition"] ?? format?["grammar"]?["definition"])?.string else { return text }
    return text + "\n\nThe input must follow this grammar:\n" + grammar
  }

  static let inputSchema: JSONNode = .object([
    "type": .string("object"), "properties": .object(["input": .object(["type": .string("string")])]),
    "required": .array([.string("input")]), "additionalProperties": .boolean(false),
  ])

  /// A call of a chat's history as a call of a function.
  static func functionCall(_ call: JSONNode) -> JSONNode {
    guard let custom = call["custom"] else { return call }
    let arguments = arguments(forInput: custom["input"]?.string ?? "")
    return .object([
      "id": call["id"], "type": .string("function"),
      "function": .object(["name": custom["name"], "arguments": .string(arguments)]),
    ])
  }

  /// The input in the arguments that stand for it; arguments that are no such object are the input.
  static func input(inArguments text: String) -> String {
    guard let node = try? JSONParser.parse(Array(text.utf8)), node.members != nil else { return text }
    return node["input"]?.string ?? text
  }

  /// The arguments that stand for an input.
  static func arguments(forInput text: String) -> String {
    String(decoding: JSONNode.object(["input": .string(text)]).jsonBytes, as: UTF8.self)
  }
}
