import TextKit

/// The form of text that a request's `response_format` asks for.
///
/// Schemas come from clients, so that only those are checked whose cost is bounded: patterns are passed over (a regular
/// expression may backtrack for ever), and a schema whose references could multiply the work is not checked beyond JSON.
struct AnswerForm: Sendable {
  private enum Kind: Sendable {
    case text
    case object
    case schema(Schema, references: Int)
    /// JSON of a form that cannot be checked here.
    case json
  }

  private let kind: Kind

  /// The longest schema that is checked, as nodes.
  private static let maximumNodes = 10_000
  private static let maximumReferences = 16
  /// What references may multiply the work by.
  private static let maximumPaths = 1e5

  init(_ format: JSONNode?) {
    switch format?["type"]?.string {
    case "json_object": kind = .object
    case "json_schema": kind = Self.schema(format?["json_schema"]?["schema"] ?? format?["schema"])
    default: kind = .text
    }
  }

  private static func schema(_ node: JSONNode?) -> Kind {
    guard let node else { return .json }
    var survey = Survey()
    survey.visit(node)
    guard survey.nodes <= maximumNodes, survey.references <= maximumReferences, !survey.hasPatternProperties,
      let schema = try? Schema(withoutPatterns(node))
    else { return .json }
    return .schema(schema, references: survey.references)
  }

  /// What is wrong with the form of a text.
  func flaw(of text: String) -> AnswerFlaw? {
    if case .text = kind { return nil }
    guard let value = try? JSONParser.parse(Array(text.utf8)) else { return .invalidJSON }
    switch kind {
    case .text, .json: return nil
    case .object: return value.members == nil ? .invalidJSON : nil
    case .schema(let schema, let references): return fits(value, schema, references) ? nil : .schemaMismatch
    }
  }

  private func fits(_ value: JSONNode, _ schema: Schema, _ references: Int) -> Bool {
    var paths = 1.0
    if references > 1 { for _ in 0..<Self.depth(of: value) { paths *= Double(references) } }
    return paths > Self.maximumPaths || schema.accepts(value)
  }

  private static func depth(of node: JSONNode) -> Int {
    let children = node.elements ?? node.members?.map(\.value) ?? []
    return children.isEmpty ? 0 : 1 + (children.map(depth).max() ?? 0)
  }

  /// What of a schema makes it costly to check.
  private struct Survey {
    var nodes = 0
    var references = 0
    var hasPatternProperties = false

    mutating func visit(_ node: JSONNode) {
      nodes += 1
      for element in node.elements ?? [] { visit(element) }
      for member in node.members ?? [] {
        if member.key == "$ref", member.value.string != nil { references += 1 }
        if member.key == "patternProperties" { hasPatternProperties = true }
        visit(member.value)
      }
    }
  }

  /// The schema without `pattern`, which has a text; a property of that name has a schema and stays.
  private static func withoutPatterns(_ node: JSONNode) -> JSONNode {
    var copy = node
    if let members = node.members {
      let kept = members.filter { $0.key != "pattern" || $0.value.string == nil }
      copy.content = .object(kept.map { JSONMember(key: $0.key, value: withoutPatterns($0.value)) })
    } else if let elements = node.elements {
      copy.content = .array(elements.map(withoutPatterns))
    }
    return copy
  }
}
