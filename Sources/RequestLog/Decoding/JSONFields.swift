/// The keys that one kind of JSON object is read for; raw values count from 0.
protocol JSONFieldName: RawRepresentable<Int>, CaseIterable {
  /// The key in the text.
  var key: StaticString { get }
}

/// The known fields of one JSON object. Other keys are skipped; null counts as absent.
///
/// A known key that stands twice makes the object ambiguous, and is refused: readers disagree on which one counts.
struct JSONFields<Name: JSONFieldName> {
  /// The most fields that one kind of object can have: ``RecordField`` has the most, and a test holds it below.
  static var capacity: Int { InlineArray<28, Int>.count }

  private let document: JSONDocument
  private var indices: InlineArray<28, Int> = .init(repeating: 0)
  /// How many keys were skipped.
  private(set) var passedOver = 0

  /// Finds the fields of an object. `role` says what it is in messages, such as `a tool`.
  /// - Throws: ``RejectionReason/wrongType`` for anything but an object, ``RejectionReason/duplicateKey``.
  init(_ object: JSONValue, role: String) throws(RecordViolation) {
    precondition(Name.allCases.count <= Self.capacity, "more fields than slots")
    guard object.kind == .object else {
      throw .wrongType(expected: "an object (\(role))", found: object, remedy: "write an object or leave it out")
    }
    document = object.document
    for (key, value) in JSONMembers(of: object) {
      guard let name = Self.name(of: key) else {
        passedOver += 1
        continue
      }
      guard indices[name.rawValue] == 0 else { throw Self.duplicate(name) }
      indices[name.rawValue] = value.index
    }
  }

  /// The value of a field; `nil` where it is absent or null.
  subscript(name: Name) -> JSONValue? {
    let index = indices[name.rawValue]
    guard index > 0 else { return nil }
    let value = JSONValue(document: document, index: index)
    return value.isNull ? nil : value
  }

  private static func name(of key: JSONValue) -> Name? {
    for name in Name.allCases where key.equals(name.key) { return name }
    return nil
  }

  private static func duplicate(_ name: Name) -> RecordViolation {
    RecordViolation(
      .duplicateKey, field: "\(name.key)", expected: "each key once", found: "the key twice", remedy: "remove one")
  }
}
