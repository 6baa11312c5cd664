/// What is wrong with one record, without the place where the record stands.
///
/// Texts hold no request text: labels are quoted, everything else is described by ``SafeText``.
package struct RecordViolation: Error, Sendable, Hashable {
  /// The path of the field, such as `outcomes["gpt-4o"].quality`; `nil` where the whole record is meant.
  package var field: String?
  /// Why the record cannot be used.
  package var reason: RejectionReason
  /// What should stand there, as a noun phrase.
  package var expected: String
  /// What stands there, as a noun phrase.
  package var found: String
  /// What to do about it, as an imperative.
  package var remedy: String

  package init(_ reason: RejectionReason, field: String?, expected: String, found: String, remedy: String) {
    self.reason = reason
    self.field = field
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

  /// The same violation seen from the object around it: `quality` inside `outcomes["a"]` is `outcomes["a"].quality`.
  func inside(_ parent: String) -> RecordViolation {
    var outer = self
    guard let field else {
      outer.field = parent
      return outer
    }
    outer.field = field.hasPrefix("[") ? parent + field : parent + "." + field
    return outer
  }
}

extension RecordViolation: CustomStringConvertible {
  /// `field: expected …, found …; remedy`.
  package var description: String {
    let place = field.map { $0 + ": " } ?? ""
    return "\(place)expected \(expected), found \(found); \(remedy)"
  }
}
