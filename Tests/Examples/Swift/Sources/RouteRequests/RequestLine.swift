import Foundation
import Ockham

/// A line of requests.jsonl.
struct RequestLine: Decodable {
  var id: String
  var messages: [Message]
  var tools: [Tool]?
  var toolSchemaBytes: Int?
  var responseFormat: Format?
  var responseSchemaBytes: Int?
  var imageCount: Int?
  var maxTokens: Int?
  var response: Answer?

  /// What a tier answered.
  struct Answer: Decodable {
    var tier: String
    var text: String
    var toolCalls: [Call]?
    var jsonValid, schemaValid, toolCallsValid: Bool?
    var finishReason: String?
    var meanLogprob, minimumLogprob, logprobSpread: Float?

    struct Call: Decodable { var name, arguments: String }

    var response: Response {
      let reasons: [String: ResponseFacts.FinishReason] = [
        "stop": .stop, "length": .length, "tool_calls": .toolCalls, "content_filter": .contentFilter,
      ]
      return Response(
        text: text, toolCalls: (toolCalls ?? []).map { Response.ToolCall(name: $0.name, arguments: $0.arguments) },
        facts: ResponseFacts(
          jsonIsValid: jsonValid, schemaIsValid: schemaValid, toolCallsAreValid: toolCallsValid,
          finishReason: finishReason.map { reasons[$0] ?? .other }, meanLogprob: meanLogprob,
          minimumLogprob: minimumLogprob, logprobSpread: logprobSpread))
    }
  }

  struct Message: Decodable { var role, content: String }
  struct Tool: Decodable { var name: String }
  struct Format: Decodable { var type: String }

  static func read(_ path: String) throws -> [RequestLine] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { try decoder.decode(RequestLine.self, from: Data($0.utf8)) }
  }

  var request: Request {
    let roles: [String: Role] = ["system": .system, "assistant": .assistant, "tool": .tool]
    let formats: [String: ResponseFormat] = ["json_object": .jsonObject, "json_schema": .jsonSchema]
    return Request(
      segments: messages.map { Segment(role: roles[$0.role] ?? .user, text: $0.content) },
      attributes: RequestAttributes(
        toolNames: (tools ?? []).map(\.name), toolSchemaBytes: toolSchemaBytes ?? 0,
        responseFormat: formats[responseFormat?.type ?? ""] ?? .text, responseSchemaBytes: responseSchemaBytes ?? 0,
        imageCount: imageCount ?? 0, maximumOutputTokens: maxTokens))
  }
}
