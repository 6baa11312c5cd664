import TextKit

/// Which JSON Schemas OpenAI takes with `strict`: all objects closed, all their properties required, and no keyword that it
/// does not hold a model to. It refuses others. Source: OpenAI API reference, "Structured model outputs", supported schemas.
enum StrictSchema {
  static func isStrict(_ schema: JSONNode) -> Bool {
    schema["type"]?.string == "object" && schema["anyOf"] == nil && isSupported(schema)
  }

  private static func isSupported(_ schema: JSONNode) -> Bool {
    guard let members = schema.members else { return false }
    guard !isObject(schema) || isClosedAndRequired(schema) else { return false }
    return members.allSatisfy { member in
      switch member.key {
      case "properties", "$defs", "definitions": member.value.members?.allSatisfy { isSupported($0.value) } ?? false
      case "anyOf": member.value.elements?.allSatisfy(isSupported) ?? false
      case "items": isSupported(member.value)
      default: !refused.contains(member.key)
      }
    }
  }

  private static func isObject(_ schema: JSONNode) -> Bool {
    let type = schema["type"]
    return type?.string == "object" || type?.elements?.contains { $0.string == "object" } == true
      || schema["properties"] != nil
  }

  private static func isClosedAndRequired(_ schema: JSONNode) -> Bool {
    let required = Set((schema["required"]?.elements ?? []).compactMap(\.string))
    let names = (schema["properties"]?.members ?? []).map(\.key)
    return schema["additionalProperties"]?.boolean == false && required.isSuperset(of: names)
  }

  private static let refused: Set<String> = [
    "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties",
    "propertyNames", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems", "prefixItems",
    "contains", "minContains", "maxContains", "uniqueItems", "minLength", "maxLength", "default",
  ]
}
