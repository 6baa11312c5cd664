import Foundation

extension SchemaCompiler {
  static func types(_ node: JSONNode, at path: String) throws(SchemaError) -> Set<Schema.TypeName> {
    var names: Set<Schema.TypeName> = []
    for element in node.elements ?? [node] {
      guard let name = element.string.flatMap(Schema.TypeName.init) else {
        throw .badKeyword(path: path, expected: Schema.TypeName.allCases.map(\.rawValue).joined(separator: ", "))
      }
      names.insert(name)
    }
    return names
  }

  static func strings(_ node: JSONNode, at path: String) throws(SchemaError) -> [String] {
    guard let elements = node.elements else { throw .badKeyword(path: path, expected: "an array of texts") }
    let strings = elements.compactMap(\.string)
    guard strings.count == elements.count else { throw .badKeyword(path: path, expected: "an array of texts") }
    return strings
  }

  static func pattern(_ source: String, at path: String) throws(SchemaError) -> TextPattern {
    guard let pattern = TextPattern(source) else {
      throw .badKeyword(path: path, expected: "a regular expression")
    }
    return pattern
  }

  static func number(_ key: String, of node: JSONNode, at path: String) throws(SchemaError) -> Double? {
    guard let value = node[key] else { return nil }
    guard let number = value.number else { throw .badKeyword(path: path + "/" + key, expected: "a number") }
    return number
  }

  static func bounds(
    _ least: String, _ most: String, of node: JSONNode, at path: String
  ) throws(SchemaError) -> Schema.Bounds? {
    guard node[least] != nil || node[most] != nil else { return nil }
    var bounds = Schema.Bounds()
    bounds.minimum = try count(least, of: node, at: path) ?? bounds.minimum
    bounds.maximum = try count(most, of: node, at: path) ?? bounds.maximum
    return bounds
  }

  static func range(of node: JSONNode, at path: String) throws(SchemaError) -> Schema.NumberRange? {
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
    guard keys.contains(where: { node[$0] != nil }) else { return nil }
    var range = Schema.NumberRange()
    range.minimum = try number(keys[0], of: node, at: path) ?? range.minimum
    range.maximum = try number(keys[1], of: node, at: path) ?? range.maximum
    range.exclusiveMinimum = try number(keys[2], of: node, at: path) ?? range.exclusiveMinimum
    range.exclusiveMaximum = try number(keys[3], of: node, at: path) ?? range.exclusiveMaximum
    return range
  }

  private static func count(_ key: String, of node: JSONNode, at path: String) throws(SchemaError) -> Int? {
    guard let number = try number(key, of: node, at: path) else { return nil }
    guard number >= 0, let count = Int(exactly: number) else {
      throw .badKeyword(path: path + "/" + key, expected: "an integer of at least 0")
    }
    return count
  }

  /// A key as a part of a JSON pointer.
  static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }

  static func unescaped(_ part: String) -> String {
    part.replacing("~1", with: "/").replacing("~0", with: "~")
  }

  /// A keyword as messages may show it.
  static func shown(_ key: String) -> String { SafeText.label(key.drop { $0 == "$" }, maximumBytes: 32) }
}
