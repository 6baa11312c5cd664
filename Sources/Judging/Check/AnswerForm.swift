package import TextKit

/// What a request's `response_format` asks of the text of an answer.
package enum AnswerForm: Sendable {
  /// Nothing.
  case text
  /// A JSON object.
  case object
  /// JSON that fits a schema.
  case schema(JSONNode)
  /// JSON by a schema that the request does not give.
  case json

  package init(_ format: JSONNode?) {
    switch format?["type"]?.string {
    case "json_object": self = .object
    case "json_schema":
      self = (format?["json_schema"]?["schema"] ?? format?["schema"]).map(AnswerForm.schema) ?? .json
    default: self = .text
    }
  }
}
