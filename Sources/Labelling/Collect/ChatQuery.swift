import RequestLog
import TextKit

/// A logged request as it is asked again, in OpenAI's form: messages, tools, response format, limits and sampling go along.
///
/// Tools that a provider would run itself are left out: a copy of a request must do nothing in the world.
struct ChatQuery {
  /// Hosted tools that were left out.
  private(set) var strippedTools = 0
  /// The request's own limit of tokens.
  let maximumTokens: Int?
  private let members: [JSONMember]
  private let textBytes: Int
  private let images: Int

  /// - Throws: a violation where the log does not keep all that the models would have to see.
  init(_ record: AnswerRecord) throws(RecordViolation) {
    let root = record.root
    var members = [JSONMember(key: "messages", value: .array(try ChatMessages.messages(of: record)))]
    let tools = (root["tools"]?.elements ?? []).map(Self.function)
    try Self.checkTools(root, tools)
    strippedTools = tools.count { $0 == nil }
    let functions = tools.compactMap(\.self)
    if !functions.isEmpty { members.append(JSONMember(key: "tools", value: .array(functions))) }
    if let format = try Self.format(root["response_format"]) {
      members.append(JSONMember(key: "response_format", value: format))
    }
    for key in Self.passedOn + (functions.isEmpty ? [] : ["tool_choice", "parallel_tool_calls"]) {
      if let value = root[key], !value.isNull { members.append(JSONMember(key: key, value: value)) }
    }
    maximumTokens = (root["max_completion_tokens"]?.integer ?? root["max_tokens"]?.integer).flatMap {
      $0 > 0 ? $0 : nil
    }
    let pictures =
      members[0].value.elements?.flatMap { $0["content"]?.elements ?? [] }
      .filter { $0["type"]?.string?.contains("image") == true } ?? []
    if pictures.isEmpty, let count = root["image_count"]?.integer, count > 0 {
      throw Self.lost("messages", expected: "images", found: "\(count) that the log only counts")
    }
    images = pictures.count
    textBytes = JSONNode.object(members).jsonBytes.count - pictures.reduce(0) { $0 + $1.jsonBytes.count }
    self.members = members
  }

  /// The request's body for a model.
  func body(for target: CollectTarget, maximumTokens: Int) -> [UInt8] {
    let limit = JSONMember(
      key: target.namesLimitAnew ? "max_completion_tokens" : "max_tokens", value: .integer(maximumTokens))
    return JSONNode.object([JSONMember(key: "model", value: .string(target.model))] + members + [limit]).jsonBytes
  }

  /// About how many tokens the request has: a token for four bytes, 1,000 for an image.
  var estimatedInputTokens: Int { (textBytes + 3) / 4 + 1_000 * images }

  /// More tokens than the request can have: no token is shorter than a byte; 6,000 for an image.
  var mostInputTokens: Int { textBytes + 6_000 * images + 100 }

  /// Keys of a request that are sent along as they are.
  private static let passedOn = [
    "temperature", "top_p", "stop", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort",
  ]

  /// A tool in OpenAI's form; `nil` for one that the provider runs.
  private static func function(_ tool: JSONNode) -> JSONNode? {
    if let function = tool["function"], function.members != nil {
      return .object(["type": .string("function"), "function": function])
    }
    guard let name = tool["name"]?.string, ["function", "custom"].contains(tool["type"]?.string ?? "function") else {
      return nil
    }
    return .object([
      "type": .string("function"),
      "function": .object([
        "name": .string(name), "description": tool["description"],
        "parameters": tool["parameters"] ?? tool["input_schema"], "strict": tool["strict"],
      ]),
    ])
  }

  private static func checkTools(_ root: JSONNode, _ tools: [JSONNode?]) throws(RecordViolation) {
    guard let bytes = root["tool_schema_bytes"]?.integer, bytes > 0 else { return }
    let hasParameters = tools.contains { $0?["function"]?["parameters"] != nil }
    if !hasParameters { throw lost("tools", expected: "tools with their parameters", found: "names alone") }
  }

  private static func format(_ format: JSONNode?) throws(RecordViolation) -> JSONNode? {
    guard let format, !format.isNull else { return nil }
    guard format["type"]?.string == "json_schema" else { return format }
    if format["json_schema"]?["schema"] != nil { return format }
    guard let schema = format["schema"] else {
      throw lost("response_format", expected: "a schema", found: "its type alone")
    }
    return .object([
      "type": .string("json_schema"),
      "json_schema": .object(["name": .string(format["name"]?.string ?? "answer"), "schema": schema]),
    ])
  }

  static func lost(_ field: String, expected: String, found: String) -> RecordViolation {
    RecordViolation(
      .missingField, field: field, expected: expected, found: found,
      remedy: "import the log again with what was asked, or leave the record as it is: it is not asked")
  }
}
