/// Why a price catalogue cannot be used.
package enum PriceCatalogueError: Error, Sendable, Hashable {
  /// The text is no JSON; the offset is in bytes.
  case notJSON(offset: Int, expected: String)
  /// The text is JSON, but no object.
  case notAnObject(found: String)
  /// Entries with values that are no prices; all of them.
  case badEntries([Fault])

  /// What is wrong with one value.
  package struct Fault: Sendable, Hashable {
    package var entry: String
    package var field: String
    package var expected: String
    package var found: String

    /// The entry, and the field where it is not the whole of it.
    var place: String { field.isEmpty ? entry : "\(entry).\(field)" }
  }
}

extension PriceCatalogueError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notJSON(let offset, let expected):
      "price catalogue: expected \(expected) at byte \(offset), found something else; fix the JSON"
    case .notAnObject(let found):
      "price catalogue: expected an object of models to prices, found \(found); is this the right file?"
    case .badEntries(let faults):
      faults.prefix(20).map {
        "price catalogue: \($0.place): expected \($0.expected), found \($0.found); fix or remove it"
      }.joined(separator: "\n") + (faults.count > 20 ? "\n… and \(faults.count - 20) more" : "")
    }
  }
}
