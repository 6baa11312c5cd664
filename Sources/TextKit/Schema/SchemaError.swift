/// Why a schema cannot be used to judge answers.
package enum SchemaError: Error, Sendable, Hashable {
  /// A keyword that is not checked here: to pass it over would call bad answers good.
  case unknownKeyword(path: String)
  /// A keyword's value has not the form that the specification asks for.
  case badKeyword(path: String, expected: String)
  /// A `$ref` that leads nowhere or out of the document.
  case unresolvedReference(path: String)
  /// References that lead in a circle without ever looking at the answer.
  case endlessReference(path: String)
}

extension SchemaError: CustomStringConvertible {
  /// One line that names the place in the schema.
  package var description: String {
    switch self {
    case .unknownKeyword(let path):
      "\(path): expected a keyword that is checked here, found another; remove it from the schema, or judge another way"
    case .badKeyword(let path, let expected): "\(path): expected \(expected), found something else; fix the schema"
    case .unresolvedReference(let path):
      "\(path): expected # or #/… naming a place in the schema, found none there; fix the reference"
    case .endlessReference(let path): "\(path): expected a reference to something, found a circle; fix the schema"
    }
  }
}
