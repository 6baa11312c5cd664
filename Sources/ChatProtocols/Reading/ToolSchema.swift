import TextKit

/// The schema of a tool's input for providers that demand one plain object at the top: of the type `object`, and no
/// `anyOf`, `oneOf`, `allOf` or `$ref` there. Source: Anthropic API reference, "Tool use", `input_schema`.
///
/// Alternatives are folded into the object: each property of any of them may stand, and what all of them require is required.
/// Combinations that none of them has are then the tool's to refuse.
struct ToolSchema {
  private let root: JSONNode
  /// The alternatives that may still be read: schemas can refer to themselves.
  private var left = 256

  private init(root: JSONNode) { self.root = root }

  static func object(_ schema: JSONNode?) -> JSONNode {
    guard let schema, schema.members?.isEmpty == false else { return empty }
    var reading = ToolSchema(root: schema)
    let folded = reading.folded(schema, depth: 0)
    return folded["type"]?.string == "object" ? folded : folded.setting("type", to: .string("object"))
  }

  private static let empty: JSONNode = .object(["type": .string("object"), "properties": .object([:])])
  private static let keywords: Set<String> = ["anyOf", "oneOf", "allOf", "$ref"]

  /// A schema whose alternatives are folded.
  private mutating func folded(_ schema: JSONNode, depth: Int) -> JSONNode {
    let members = schema.members ?? []
    guard members.contains(where: { Self.keywords.contains($0.key) }) else { return schema }
    var object = FoldedObject(schema)
    for member in members where Self.keywords.contains(member.key) {
      let choices = alternatives(member, depth: depth)
      if ["allOf", "$ref"].contains(member.key) { object.addAll(choices) } else { object.addOne(of: choices) }
    }
    return object.written(.object(members.filter { !Self.keywords.contains($0.key) }))
  }

  /// The objects among the schemas of a keyword.
  private mutating func alternatives(_ member: JSONMember, depth: Int) -> [JSONNode] {
    guard depth < 8 else { return [] }
    var result: [JSONNode] = []
    for node in member.value.elements ?? [.object([member])] where left > 0 {
      left -= 1
      let target = node["$ref"]?.string.map(target) ?? node
      let isObject = target.members != nil && target["type"]?.string ?? "object" == "object"
      if isObject { result.append(folded(target, depth: depth + 1)) }
    }
    return result
  }

  /// What a reference inside the schema means; null for any other.
  private func target(of reference: String) -> JSONNode {
    guard reference.hasPrefix("#/") else { return .null }
    var node: JSONNode? = root
    for part in reference.dropFirst(2).split(separator: "/") {
      node = node?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
    }
    return node ?? .null
  }
}

/// An object that several schemas make.
private struct FoldedObject {
  /// What the object itself says of its properties stays.
  private let own: [JSONMember]
  private var names: [String] = []
  private var schemas: [String: [JSONNode]] = [:]
  private let ownNames: Set<String>
  private var required: [String] = []
  private var needed: Set<String> = []
  private var closed = 0
  private var count = 0

  init(_ schema: JSONNode) {
    own = schema["properties"]?.members ?? []
    ownNames = Set(own.map(\.key))
    require(Self.required(schema))
  }

  mutating func addAll(_ schemas: [JSONNode]) {
    for schema in schemas {
      add(schema)
      require(Self.required(schema))
    }
  }

  mutating func addOne(of schemas: [JSONNode]) {
    for schema in schemas { add(schema) }
    guard let first = schemas.first else { return }
    let others = schemas.dropFirst().map { Set(Self.required($0)) }
    require(Self.required(first).filter { name in others.allSatisfy { $0.contains(name) } })
  }

  /// The object with its properties.
  func written(_ rest: JSONNode) -> JSONNode {
    let added = names.map { name in JSONMember(key: name, value: Self.union(schemas[name] ?? [])) }
    var result = rest.setting("properties", to: .object(own + added))
    if !required.isEmpty { result = result.setting("required", to: .strings(required)) }
    guard count > 0, closed == count, result["additionalProperties"] == nil else { return result }
    return result.setting("additionalProperties", to: .boolean(false))
  }

  private mutating func add(_ schema: JSONNode) {
    count += 1
    if schema["additionalProperties"]?.boolean == false { closed += 1 }
    for member in schema["properties"]?.members ?? [] where !ownNames.contains(member.key) {
      if schemas[member.key] == nil { names.append(member.key) }
      if schemas[member.key]?.contains(member.value) != true { schemas[member.key, default: []].append(member.value) }
    }
  }

  private mutating func require(_ names: [String]) {
    for name in names where needed.insert(name).inserted { required.append(name) }
  }

  private static func required(_ schema: JSONNode) -> [String] {
    (schema["required"]?.elements ?? []).compactMap(\.string)
  }

  private static func union(_ schemas: [JSONNode]) -> JSONNode {
    schemas.count == 1 ? schemas[0] : .object(["anyOf": .array(schemas)])
  }
}
