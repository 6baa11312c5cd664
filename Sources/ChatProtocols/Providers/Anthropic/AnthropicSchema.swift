import TextKit

/// JSON Schemas as Anthropic's structured answers and strict tools take them: every object closed, `oneOf` as `anyOf`, and no
/// bounds of numbers, lengths or counts but a `minItems` of 0 or 1, which are left to the reader of the answer. Source:
/// Anthropic API reference, "Structured outputs".
enum AnthropicSchema {
  private static let bounds: Set<String> = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
    "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties",
  ]
  /// Keywords whose value is an object of schemas.
  private static let maps: Set<String> = ["properties", "$defs", "definitions"]

  static func closed(_ schema: JSONNode) -> JSONNode {
    guard let members = schema.members else { return schema }
    var written: [JSONMember] = members.compactMap { member in
      guard !isBound(member) else { return nil }
      return JSONMember(key: member.key == "oneOf" ? "anyOf" : member.key, value: value(member))
    }
    if isObject(schema) {
      written.removeAll { $0.key == "additionalProperties" }
      written.append(JSONMember(key: "additionalProperties", value: .boolean(false)))
    }
    return .object(written)
  }

  private static func isBound(_ member: JSONMember) -> Bool {
    member.key == "minItems" ? (member.value.integer ?? 0) > 1 : bounds.contains(member.key)
  }

  private static func isObject(_ schema: JSONNode) -> Bool {
    let type = schema["type"]
    return type?.string == "object" || type?.elements?.contains { $0.string == "object" } == true
      || schema["properties"] != nil
  }

  private static func value(_ member: JSONMember) -> JSONNode {
    if maps.contains(member.key), let schemas = member.value.members {
      return .object(schemas.map { JSONMember(key: $0.key, value: closed($0.value)) })
    }
    switch member.key {
    case "items", "additionalProperties": return closed(member.value)
    case "anyOf", "allOf", "oneOf": return member.value.elements.map { .array($0.map(closed)) } ?? member.value
    default: return member.value
    }
  }
}
