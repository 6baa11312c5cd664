import TextKit

/// Reads the schemas of a request whose answers are kept.
enum AskedDecoder {
  /// `nil` where the request gives none.
  static func schemas(_ fields: JSONFields<RecordField>) -> AskedSchemas? {
    guard fields[.responseFormat] != nil || fields[.tools] != nil else { return nil }
    let schemas = AskedSchemas(
      responseFormat: fields[.responseFormat].flatMap(node), tools: fields[.tools].flatMap(node))
    return schemas.isEmpty ? nil : schemas
  }

  /// The value apart from the document that the next record replaces.
  private static func node(_ value: JSONValue) -> JSONNode? { try? JSONParser.parse(CanonicalJSON(value).text.bytes) }
}
