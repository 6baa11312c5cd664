import Judging
import RequestLog
import TextKit

/// What the records of a log ask of their answers, compiled once: logs repeat the same few schemas.
struct SchemaMatch {
  /// Checks by the texts of their schemas.
  private var cache: [[UInt8]: FormCheck] = [:]

  /// The check for what a record's `response_format` asks for.
  /// - Throws: a violation where it asks for none, or for one that cannot be checked.
  mutating func form(of record: AnswerRecord) throws(RecordViolation) -> FormCheck {
    let form = AnswerForm(record.root["response_format"])
    switch form {
    case .text: throw Self.missing("response_format")
    case .json: throw Self.missing("response_format.json_schema.schema")
    case .object: return try Self.check(form)
    case .schema(let node):
      let text = Array(record.bytes[node.range])
      if let known = cache[text] { return known }
      if cache.count >= 256 { cache.removeAll() }
      let check = try Self.check(form)
      cache[text] = check
      return check
    }
  }

  private static func check(_ form: AnswerForm) throws(RecordViolation) -> FormCheck {
    do throws(SchemaError) { return try FormCheck(complete: form) } catch {
      throw RecordViolation(
        .unknownFormat, field: "response_format", expected: "a schema that can be checked", found: "\(error)",
        remedy: "the record keeps its outcomes unlabelled")
    }
  }

  private static func missing(_ field: String) -> RecordViolation {
    RecordViolation(
      .missingField, field: field, expected: "json_schema with a schema, or json_object", found: "none",
      remedy: "add the request's response_format, or label by another method")
  }
}
