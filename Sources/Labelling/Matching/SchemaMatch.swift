import TextKit
import RequestLog

/// Whether answers are JSON of the form that their request asks for.
struct SchemaMatch {
  /// Compiled schemas by their text: logs repeat the same few.
  private var cache: [[UInt8]: Schema] = [:]

  /// What an answer must be.
  enum Form {
    /// Any JSON object.
    case object
    /// JSON that fits.
    case schema(Schema)
  }

  /// The form that a record's `response_format` asks for.
  /// - Throws: a violation where it asks for none, or for one that cannot be checked.
  mutating func form(of record: AnswerRecord) throws(RecordViolation) -> Form {
    let format = record.root["response_format"]
    switch format?["type"]?.string {
    case "json_object": return .object
    case "json_schema":
      if let node = format?["json_schema"]?["schema"] ?? format?["schema"] {
        return .schema(try schema(node, of: record))
      }
      throw Self.missing("response_format.json_schema.schema")
    default: throw Self.missing("response_format")
    }
  }

  private mutating func schema(_ node: JSONNode, of record: AnswerRecord) throws(RecordViolation) -> Schema {
    let text = Array(record.bytes[node.range])
    if let known = cache[text] { return known }
    do throws(SchemaError) {
      let schema = try Schema(node)
      if cache.count >= 256 { cache.removeAll() }
      cache[text] = schema
      return schema
    } catch {
      throw RecordViolation(
        .unknownFormat, field: "response_format", expected: "a schema that can be checked", found: "\(error)",
        remedy: "the record keeps its outcomes unlabelled")
    }
  }

  /// 1 where the whole answer is JSON of that form, white space around it aside; else 0.
  func quality(of answer: String, form: Form) -> Double {
    guard let value = try? JSONParser.parse(Array(answer.utf8)) else { return 0 }
    switch form {
    case .object: return value.members == nil ? 0 : 1
    case .schema(let schema): return schema.accepts(value) ? 1 : 0
    }
  }

  private static func missing(_ field: String) -> RecordViolation {
    RecordViolation(
      .missingField, field: field, expected: "json_schema with a schema, or json_object", found: "none",
      remedy: "add the request's response_format, or label by another method")
  }
}
