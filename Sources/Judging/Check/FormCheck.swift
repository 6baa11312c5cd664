package import TextKit

/// Whether texts have the form that was asked for.
package struct FormCheck: Sendable {
  private enum Rule: Sendable {
    case text
    case object
    /// JSON of a form that cannot be checked here.
    case json
    case schema(Schema)
    case bounded(BoundedSchema)
  }

  private let rule: Rule

  /// Checks all that a schema says: for schemas whose owner waits for the answer.
  package init(complete form: AnswerForm) throws(SchemaError) {
    rule =
      switch form {
      case .text: .text
      case .object: .object
      case .json: .json
      case .schema(let node): .schema(try Schema(node))
      }
  }

  /// Checks what costs little: for schemas that come from clients; see `BoundedSchema`.
  ///
  /// A schema that cannot be read is not checked beyond JSON. Where schema and answer together ask for too much work, the
  /// answer counts as one that fits.
  package init(bounded form: AnswerForm) {
    rule =
      switch form {
      case .text: .text
      case .object: .object
      case .json: .json
      case .schema(let node): BoundedSchema(node).map(Rule.bounded) ?? .json
      }
  }

  /// What is wrong with the form of a text, white space around JSON aside.
  package func failure(of text: String) -> ValidationFailure? {
    if case .text = rule { return nil }
    guard let value = try? JSONParser.parse(Array(text.utf8)) else { return .invalidJSON }
    switch rule {
    case .text, .json: return nil
    case .object: return value.members == nil ? .invalidJSON : nil
    case .schema(let schema): return schema.accepts(value, steps: .max) ?? true ? nil : .schemaMismatch
    case .bounded(let schema): return schema.accepts(value) ?? true ? nil : .schemaMismatch
    }
  }
}
