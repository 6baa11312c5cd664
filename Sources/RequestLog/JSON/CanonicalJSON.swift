import TextKit

/// A JSON value written in its shortest form: no white space, only the escapes that JSON demands, numbers in the
/// shortest decimal that reads back. Keys keep their order.
///
/// Used to measure schemas, so that a client's indentation or its way of escaping does not change the measure.
struct CanonicalJSON {
  private(set) var text = JSONBuilder()

  /// The canonical text of a value. Recursion is bounded by ``JSONDocument/maximumDepth``.
  init(_ value: JSONValue) { append(value) }

  /// The length of the canonical text, in bytes.
  static func byteCount(of value: JSONValue) -> Int { CanonicalJSON(value).text.bytes.count }

  private mutating func append(_ value: JSONValue) {
    switch value.kind {
    case .object: appendObject(value)
    case .array: appendArray(value)
    case .string: text.append(string: value.repairedString)
    case .integer, .unsigned, .double: text.append(raw: value.numberText ?? "0")
    case .yes: text.append(raw: "true")
    case .no: text.append(raw: "false")
    case .null: text.append(raw: "null")
    }
  }

  private mutating func appendObject(_ object: JSONValue) {
    text.beginObject()
    for (key, value) in JSONMembers(of: object) {
      text.append(key: key.repairedString)
      append(value)
    }
    text.endObject()
  }

  private mutating func appendArray(_ array: JSONValue) {
    text.beginArray()
    for element in JSONElements(of: array) {
      text.beginElement()
      append(element)
    }
    text.endArray()
  }
}
