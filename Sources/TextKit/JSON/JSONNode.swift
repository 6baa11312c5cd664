/// A JSON value with the place of its text, so that a line can be changed in one spot and kept byte for byte elsewhere.
package struct JSONNode: Sendable {
  /// What the value is.
  package enum Content: Sendable {
    case object([JSONMember])
    case array([JSONNode])
    case string(String)
    /// A number as it is written.
    case number(String)
    case boolean(Bool)
    case null
  }

  package var content: Content
  /// Where the value stands in its text, in bytes.
  package var range: Range<Int>

  package init(content: Content, range: Range<Int>) {
    self.content = content
    self.range = range
  }
}

/// A key and its value.
package struct JSONMember: Sendable {
  package var key: String
  package var value: JSONNode

  package init(key: String, value: JSONNode) {
    self.key = key
    self.value = value
  }
}

extension JSONNode {
  /// The value of a key; the last counts where it stands twice, as most programs read it. `nil` for anything but
  /// objects.
  package subscript(key: String) -> JSONNode? { members?.last { $0.key == key }?.value }

  /// The members of an object.
  package var members: [JSONMember]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  /// The elements of an array.
  package var elements: [JSONNode]? {
    guard case .array(let elements) = content else { return nil }
    return elements
  }

  /// The text of a string.
  package var string: String? {
    guard case .string(let text) = content else { return nil }
    return text
  }

  /// The number, rounded to the nearest double.
  package var number: Double? {
    guard case .number(let text) = content else { return nil }
    return Double(text)
  }

  /// The number where it is whole and fits 64 bits, also where it is written as `40.0`.
  package var integer: Int? {
    guard case .number(let text) = content else { return nil }
    return Int(text) ?? Double(text).flatMap(Int.init(exactly:))
  }

  /// The true value of `true` and `false`.
  package var boolean: Bool? {
    guard case .boolean(let boolean) = content else { return nil }
    return boolean
  }

  package var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// What the value is, for messages: a kind, never a text.
  package var kindName: String {
    switch content {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .boolean(let boolean): boolean ? "true" : "false"
    case .null: "null"
    }
  }
}

extension JSONNode: Hashable {
  /// Equality as JSON Schema defines it: numbers by value (`1` equals `1.0`), objects whatever the order of their keys.
  package static func == (left: JSONNode, right: JSONNode) -> Bool {
    switch (left.content, right.content) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.string(let a), .string(let b)): a.unicodeScalars.elementsEqual(b.unicodeScalars)
    case (.number(let a), .number(let b)): a == b || equalNumbers(a, b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): equalObjects(a, b)
    default: false
    }
  }

  /// Equal values have equal hashes: numbers by their double, objects whatever the order of their keys.
  package func hash(into hasher: inout Hasher) {
    switch content {
    case .null: hasher.combine(0)
    case .boolean(let boolean): hasher.combine(boolean)
    case .string(let text): hasher.combine(text)
    case .number(let text): hasher.combine(Double(text))
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(Dictionary(members.map { (ScalarKey(text: $0.key), $0.value) }) { $1 })
    }
  }

  private static func equalNumbers(_ left: String, _ right: String) -> Bool {
    // Whole numbers beyond 2^53 would be rounded together as doubles.
    if let a = Int(left), let b = Int(right) { return a == b }
    return Double(left) == Double(right)
  }

  private static func equalObjects(_ left: [JSONMember], _ right: [JSONMember]) -> Bool {
    let a = Dictionary(left.map { (ScalarKey(text: $0.key), $0.value) }) { $1 }
    let b = Dictionary(right.map { (ScalarKey(text: $0.key), $0.value) }) { $1 }
    return a == b
  }
}

/// A key that is another where its characters are, also where they look alike.
private struct ScalarKey: Hashable {
  let text: String

  static func == (left: ScalarKey, right: ScalarKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
