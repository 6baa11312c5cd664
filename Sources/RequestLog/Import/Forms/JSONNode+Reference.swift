package import TextKit

/// The keys of a row's right answer.
package enum ReferenceKeys {
  /// Names that it usually has; the first is the one of request logs.
  package static var names: [String] { FieldPart.reference.names }
}

extension JSONNode {
  /// The right answer that a row gives under one of the usual names, as it stands.
  fileprivate var usualReference: JSONNode? {
    for place in [self, field("metadata")] {
      if let found = place.flatMap({ FieldMap.first(.reference, in: $0) }), found.string?.isEmpty != true {
        return found
      }
    }
    return nil
  }
}

extension FormContext {
  /// The right answer of a row, which `ockham label` compares answers with. One that is no single text is noted.
  /// - Parameter names: models and tiers, which a key such as `target` may name as well.
  func reference(of row: JSONNode, besides names: [String] = []) -> String? {
    guard let found = row.usualReference else { return nil }
    guard let text = found.referenceText else {
      note("reference that is no single text: left out")
      return nil
    }
    return names.contains(text) ? nil : text
  }
}

extension JSONNode {
  /// A text, a number as it is written, true or false, or the one of these in a list; `nil` otherwise.
  package var referenceText: String? {
    switch content {
    case .string(let text): text
    case .number(let text): text
    case .boolean(let boolean): boolean ? "true" : "false"
    case .array(let elements): elements.count == 1 && elements[0].elements == nil ? elements[0].referenceText : nil
    default: nil
    }
  }
}
