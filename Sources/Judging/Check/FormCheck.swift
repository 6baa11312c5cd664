package import TextKit

/// Whether texts have the form that was asked for.
package struct FormCheck: Sendable {
  private enum Rule: Sendable {
    case text
    case object
    /// JSON of a form that cannot be checked here.
    case json
    /// `steps` is what a check may take.
    case schema(Schema, steps: Int)
  }

  private let rule: Rule

  /// The longest schema that is checked within bounds, as nodes.
  private static let maximumNodes = 10_000
  /// What a bounded check may take: a few hundredths of a second.
  private static let maximumSteps = 500_000

  /// Checks all that a schema says: for schemas whose owner waits for the answer.
  package init(complete form: AnswerForm) throws(SchemaError) {
    rule =
      switch form {
      case .text: .text
      case .object: .object
      case .json: .json
      case .schema(let node): .schema(try Schema(node), steps: .max)
      }
  }

  /// Checks what costs little: for schemas that come from clients.
  ///
  /// Patterns are passed over (a regular expression may backtrack for ever), and a schema that cannot be read is not checked
  /// beyond JSON. Where schema and answer together ask for too much work, the answer counts as one that fits.
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
    guard survey.nodes <= maximumNodes, !survey.hasPatternProperties, let schema = try? Schema(withoutPatterns(node))
    else { return .json }
    return .schema(schema, steps: maximumSteps)
  }

  /// What is wrong with the form of a text, white space around JSON aside.
  package func flaw(of text: String) -> AnswerFlaw? {
    if case .text = rule { return nil }
    guard let value = try? JSONParser.parse(Array(text.utf8)) else { return .invalidJSON }
    switch rule {
    case .text, .json: return nil
    case .object: return value.members == nil ? .invalidJSON : nil
    case .schema(let schema, let steps): return schema.accepts(value, steps: steps) ?? true ? nil : .schemaMismatch
    }
  }

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
