package import TextKit

/// Whether texts have the form that was asked for.
package struct FormCheck: Sendable {
  private enum Rule: Sendable {
    case text
    case object
    /// JSON of a form that cannot be checked here.
    case json
    /// `references` is `nil` where a check may take as long as it takes.
    case schema(Schema, references: Int?)
  }

  private let rule: Rule

  /// The longest schema that is checked within bounds, as nodes.
  private static let maximumNodes = 10_000
  private static let maximumReferences = 16
  /// What references may multiply the work by.
  private static let maximumPaths = 1e5

  /// Checks all that a schema says: for schemas whose owner waits for the answer.
  package init(complete form: AnswerForm) throws(SchemaError) {
    rule =
      switch form {
      case .text: .text
      case .object: .object
      case .json: .json
      case .schema(let node): .schema(try Schema(node), references: nil)
      }
  }

  /// Checks what costs little: for schemas that come from clients.
  ///
  /// Patterns are passed over (a regular expression may backtrack for ever), and a schema whose references could multiply
  /// the work, or that cannot be read, is not checked beyond JSON.
  package init(bounded form: AnswerForm) {
    rule =
      switch form {
      case .text: .text
      case .object: .object
      case .json: .json
      case .schema(let node): Self.bounded(node)
      }
  }

  private static func bounded(_ node: JSONNode) -> Rule {
    var survey = Survey()
    survey.visit(node)
    guard survey.nodes <= maximumNodes, survey.references <= maximumReferences, !survey.hasPatternProperties,
      let schema = try? Schema(withoutPatterns(node))
    else { return .json }
    return .schema(schema, references: survey.references)
  }

  /// What is wrong with the form of a text, white space around JSON aside.
  package func flaw(of text: String) -> AnswerFlaw? {
    if case .text = rule { return nil }
    guard let value = try? JSONParser.parse(Array(text.utf8)) else { return .invalidJSON }
    switch rule {
    case .text, .json: return nil
    case .object: return value.members == nil ? .invalidJSON : nil
    case .schema(let schema, let references): return Self.fits(value, schema, references) ? nil : .schemaMismatch
    }
  }

  private static func fits(_ value: JSONNode, _ schema: Schema, _ references: Int?) -> Bool {
    var paths = 1.0
    if let references, references > 1 { for _ in 0..<depth(of: value) { paths *= Double(references) } }
    return paths > maximumPaths || schema.accepts(value)
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
