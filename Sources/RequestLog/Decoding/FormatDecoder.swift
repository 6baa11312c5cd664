import Ockham

/// Reads a `response_format`: `{"type": "text" | "json_object" | "json_schema", "json_schema": {"schema": …}}`.
enum FormatDecoder {
  /// The form of the answer and the size of its schema, in bytes of ``CanonicalJSON``.
  static func format(of value: JSONValue) throws(RecordViolation) -> (ResponseFormat, Int) {
    let fields = try JSONFields<ToolField>(value, role: "a response format")
    guard let type = fields[.type] else {
      throw RecordViolation(.missingField, field: "type", expected: expected, found: "none", remedy: "add it")
    }
    if type.equals("text") { return (.text, 0) }
    if type.equals("json_object") { return (.jsonObject, 0) }
    guard type.equals("json_schema") else { throw unknown(type) }
    return (.jsonSchema, try schemaBytes(in: fields))
  }

  private static let expected = "text, json_object or json_schema"

  private static func unknown(_ type: JSONValue) -> RecordViolation {
    RecordViolation(
      type.kind == .string ? .unknownFormat : .wrongType, field: "type", expected: expected, found: type.wordSummary,
      remedy: "use one of these, or leave response_format out")
  }

  /// The schema stands in `json_schema.schema`, or in `schema` beside the type.
  private static func schemaBytes(in fields: JSONFields<ToolField>) throws(RecordViolation) -> Int {
    guard let wrapper = fields[.jsonSchema] else { return fields[.schema].map(CanonicalJSON.byteCount) ?? 0 }
    let inner = try at("json_schema") { () throws(RecordViolation) in
      try JSONFields<ToolField>(wrapper, role: "a named schema")
    }
    return CanonicalJSON.byteCount(of: inner[.schema] ?? wrapper)
  }
}
