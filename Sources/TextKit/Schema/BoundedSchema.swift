/// A schema of a stranger's, which is checked as far as that costs little.
///
/// Patterns are skipped: a regular expression may backtrack for ever.
package struct BoundedSchema: Sendable {
  private let schema: Schema

  /// The longest schema that is checked, as nodes.
  private static let maximumNodes = 10_000
  /// What a check may take: a few hundredths of a second.
  private static let maximumSteps = 500_000

  /// - Returns: `nil` for a schema that cannot be read, or is too long to be checked.
  package init?(_ node: JSONNode) {
    var survey = Survey()
    survey.visit(node)
    guard survey.nodes <= Self.maximumNodes, !survey.hasPatternProperties,
      let schema = try? Schema(Self.withoutPatterns(node))
    else { return nil }
    self.schema = schema
  }

  /// Whether a value fits; `nil` where schema and value together ask for too much work.
  package func accepts(_ value: JSONNode) -> Bool? { schema.accepts(value, steps: Self.maximumSteps) }

  /// What of a schema makes it costly to check.
  private struct Survey {
    var nodes = 0
    var hasPatternProperties = false

    mutating func visit(_ node: JSONNode) {
      nodes += 1
      for element in node.elements ?? [] { visit(element) }
      for member in node.members ?? [] {
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
