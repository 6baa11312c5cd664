package import TextKit

/// The JSON schemas that a request gives: of its answer, and of its tools' parameters. Features need only their sizes; a
/// response is held against what they say.
package struct AskedSchemas: Sendable, Hashable {
  /// Of the text; `nil` where none is given.
  private let answer: JSONNode?
  /// Of calls' arguments, by the tool's name.
  private let parameters: [String: JSONNode]

  /// No schema at all.
  package static let none = AskedSchemas(responseFormat: nil, tools: nil)

  /// - Parameters:
  ///   - responseFormat: a request's `response_format`, as OpenAI's clients send it.
  ///   - tools: its `tools`, in OpenAI's forms or in Anthropic's.
  package init(responseFormat: JSONNode?, tools: JSONNode?) {
    answer = Self.schema(responseFormat)
    var parameters: [String: JSONNode] = [:]
    for tool in tools?.elements ?? [] {
      let function = tool["function"] ?? tool
      guard let name = function["name"]?.string, parameters[name] == nil else { continue }
      parameters[name] = function["parameters"] ?? function["input_schema"]
    }
    self.parameters = parameters
  }

  /// The `schema` of a named schema, or the whole of it where it has none, as the sizes of schemas are counted.
  private static func schema(_ format: JSONNode?) -> JSONNode? {
    guard format?["type"]?.string == "json_schema" else { return nil }
    guard let named = format?["json_schema"] else { return format?["schema"] }
    return named["schema"] ?? named
  }

  var isEmpty: Bool { answer == nil && parameters.isEmpty }

  /// Whether a text's value fits the schema of the answer; `nil` where it is unknown within bounds.
  /// - Parameter value: `nil` for a text that is no JSON.
  func accept(_ value: JSONNode?) -> Bool? {
    guard let answer else { return nil }
    guard let value else { return false }
    return BoundedSchema(answer)?.accepts(value)
  }

  /// Whether a call's arguments fit what its tool takes; `true` where it is unknown.
  func accept(_ arguments: JSONNode, of tool: String) -> Bool {
    parameters[tool].flatMap(BoundedSchema.init)?.accepts(arguments) ?? true
  }
}
