import Foundation

/// Turns the JSON of a schema into assertions, each schema once.
struct SchemaCompiler {
  private let document: JSONNode
  private var schemas: [[Schema.Assertion]] = []
  private var places: [String: Int] = [:]
  private var depth = 0

  /// Schemas within schemas and behind references: more than people write, and no more than a stack holds.
  private static let maximumDepth = 500

  static func compile(_ document: JSONNode) throws(SchemaError) -> Schema {
    var compiler = SchemaCompiler(document: document)
    let root = try compiler.schema(document, at: "#")
    try compiler.checkCircles()
    return Schema(schemas: compiler.schemas, root: root)
  }

  private init(document: JSONNode) { self.document = document }

  /// The place of a schema; compiles it on first sight.
  private mutating func schema(_ node: JSONNode, at path: String) throws(SchemaError) -> Int {
    if let known = places[path] { return known }
    guard depth < Self.maximumDepth else {
      throw .badKeyword(path: path, expected: "at most \(Self.maximumDepth) schemas within each other")
    }
    depth += 1
    defer { depth -= 1 }
    let place = schemas.count
    places[path] = place
    schemas.append([])
    schemas[place] = try assertions(of: node, at: path)
    return place
  }

  private mutating func assertions(of node: JSONNode, at path: String) throws(SchemaError) -> [Schema.Assertion] {
    if case .boolean(let boolean) = node.content { return boolean ? [] : [.never] }
    guard let members = node.members else { throw .badKeyword(path: path, expected: "an object, true or false") }
    for member in members where !Self.known.contains(member.key) {
      throw .unknownKeyword(path: path + "/" + Self.shown(member.key))
    }
    var result = try generalAssertions(of: node, at: path)
    result += try objectAssertions(of: node, at: path)
    result += try arrayAssertions(of: node, at: path)
    return try result + textAndNumberAssertions(of: node, at: path)
  }

  private mutating func generalAssertions(
    of node: JSONNode, at path: String
  ) throws(SchemaError) -> [Schema.Assertion] {
    var result: [Schema.Assertion] = []
    if let type = node["type"] { result.append(.types(try Self.types(type, at: path + "/type"))) }
    if let values = node["enum"] {
      guard let elements = values.elements else { throw .badKeyword(path: path + "/enum", expected: "an array") }
      result.append(.oneOfValues(Set(elements)))
    }
    if let value = node["const"] { result.append(.oneOfValues([value])) }
    if let places = try list("allOf", of: node, at: path) { result.append(.all(places)) }
    if let places = try list("anyOf", of: node, at: path) { result.append(.any(places)) }
    if let places = try list("oneOf", of: node, at: path) { result.append(.exactlyOne(places)) }
    if let inner = node["not"] { result.append(.not(try schema(inner, at: path + "/not"))) }
    if let reference = node["$ref"] { result.append(.reference(try resolve(reference, at: path + "/$ref"))) }
    return result
  }

  private mutating func objectAssertions(
    of node: JSONNode, at path: String
  ) throws(SchemaError) -> [Schema.Assertion] {
    var result: [Schema.Assertion] = []
    let properties = try map("properties", of: node, at: path)
    var patterns: [(TextPattern, Int)] = []
    for (source, place) in try map("patternProperties", of: node, at: path) {
      patterns.append((try Self.pattern(source, at: path + "/patternProperties"), place))
    }
    let additional = try optional("additionalProperties", of: node, at: path)
    if !properties.isEmpty || !patterns.isEmpty || additional != nil {
      let byName = Dictionary(properties) { $1 }
      result.append(.properties(byName, patterns: patterns, additional: additional))
    }
    if let required = node["required"] {
      result.append(.required(try Self.strings(required, at: path + "/required")))
    }
    if let place = try optional("propertyNames", of: node, at: path) { result.append(.propertyNames(place)) }
    let count = try Self.bounds("minProperties", "maxProperties", of: node, at: path)
    return result + (count.map { [.propertyCount($0)] } ?? [])
  }

  private mutating func arrayAssertions(of node: JSONNode, at path: String) throws(SchemaError) -> [Schema.Assertion] {
    var result: [Schema.Assertion] = []
    let prefix = try list("prefixItems", of: node, at: path) ?? []
    let rest = try optional("items", of: node, at: path)
    if !prefix.isEmpty || rest != nil { result.append(.items(prefix: prefix, rest: rest)) }
    if let count = try Self.bounds("minItems", "maxItems", of: node, at: path) { result.append(.itemCount(count)) }
    if let unique = node["uniqueItems"] {
      guard case .boolean(let boolean) = unique.content else {
        throw .badKeyword(path: path + "/uniqueItems", expected: "true or false")
      }
      if boolean { result.append(.uniqueItems) }
    }
    return result
  }

  private func textAndNumberAssertions(of node: JSONNode, at path: String) throws(SchemaError) -> [Schema.Assertion] {
    var result: [Schema.Assertion] = []
    if let length = try Self.bounds("minLength", "maxLength", of: node, at: path) { result.append(.length(length)) }
    if let pattern = node["pattern"] {
      guard let source = pattern.string else { throw .badKeyword(path: path + "/pattern", expected: "a string") }
      result.append(.pattern(try Self.pattern(source, at: path + "/pattern")))
    }
    if let range = try Self.range(of: node, at: path) { result.append(.range(range)) }
    if let divisor = try Self.number("multipleOf", of: node, at: path) {
      guard divisor > 0 else { throw .badKeyword(path: path + "/multipleOf", expected: "a number above 0") }
      result.append(.multipleOf(divisor))
    }
    return result
  }
}

extension SchemaCompiler {
  /// Keywords that assert something, and annotations that do not.
  private static let known: Set<String> = [
    "type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "$ref", "properties", "patternProperties",
    "additionalProperties", "required", "propertyNames", "minProperties", "maxProperties", "prefixItems", "items",
    "minItems",
    "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf",
    "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated",
    "readOnly", "writeOnly", "format", "contentEncoding", "contentMediaType",
  ]

  private mutating func optional(
    _ key: String, of node: JSONNode, at path: String
  ) throws(SchemaError) -> Int? {
    guard let inner = node[key] else { return nil }
    return try schema(inner, at: path + "/" + key)
  }

  private mutating func list(_ key: String, of node: JSONNode, at path: String) throws(SchemaError) -> [Int]? {
    guard let value = node[key] else { return nil }
    guard let elements = value.elements, !elements.isEmpty else {
      throw .badKeyword(path: path + "/" + key, expected: "an array of schemas")
    }
    var places: [Int] = []
    for (index, element) in elements.enumerated() { places.append(try schema(element, at: "\(path)/\(key)/\(index)")) }
    return places
  }

  private mutating func map(
    _ key: String, of node: JSONNode, at path: String
  ) throws(SchemaError) -> [(String, Int)] {
    guard let value = node[key] else { return [] }
    guard let members = value.members else { throw .badKeyword(path: path + "/" + key, expected: "an object") }
    var places: [(String, Int)] = []
    for member in members {
      places.append((member.key, try schema(member.value, at: "\(path)/\(key)/\(Self.escaped(member.key))")))
    }
    return places
  }

  /// The schema that `#` or a JSON pointer names. Source: RFC 6901, in its URI form.
  private mutating func resolve(_ reference: JSONNode, at path: String) throws(SchemaError) -> Int {
    guard let text = reference.string, text == "#" || text.hasPrefix("#/") else {
      throw .unresolvedReference(path: path)
    }
    var node = document
    var place = "#"
    for part in text.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) where text != "#" {
      let key = Self.unescaped(String(part).removingPercentEncoding ?? String(part))
      let index = node.elements != nil ? Int(key) : nil
      guard
        let next = node[key]
          ?? index.flatMap({ node.elements?.indices.contains($0) == true ? node.elements?[$0] : nil })
      else { throw .unresolvedReference(path: path) }
      node = next
      place += "/" + Self.escaped(key)
    }
    return try schema(node, at: place)
  }

  /// Finds circles of schemas that apply each other to the same value.
  private func checkCircles() throws(SchemaError) {
    // 0 unseen, 1 on the way, 2 done.
    var marks = [UInt8](repeating: 0, count: schemas.count)
    for start in schemas.indices { try visit(start, &marks) }
  }

  private func visit(_ place: Int, _ marks: inout [UInt8]) throws(SchemaError) {
    if marks[place] == 2 { return }
    guard marks[place] == 0 else {
      throw .endlessReference(path: places.first { $0.value == place }?.key ?? "#")
    }
    marks[place] = 1
    for next in schemas[place].flatMap(\.sameValueSchemas) { try visit(next, &marks) }
    marks[place] = 2
  }
}

extension Schema.Assertion {
  /// The schemas that are applied to the very same value.
  fileprivate var sameValueSchemas: [Int] {
    switch self {
    case .all(let places), .any(let places), .exactlyOne(let places): places
    case .not(let place), .reference(let place): [place]
    default: []
    }
  }
}
