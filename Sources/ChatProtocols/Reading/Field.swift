package import TextKit

/// A value of a request and the way to it, so that what is wrong can be named.
///
/// Null counts as absent, as all providers read it.
package struct Field: Sendable {
  package let node: JSONNode
  let path: FieldPath

  init(_ node: JSONNode, path: FieldPath = .root) {
    self.node = node
    self.path = path
  }

  /// The value of a key; `nil` where it is absent or null.
  subscript(key: String) -> Field? {
    guard let value = node[key], !value.isNull else { return nil }
    return Field(value, path: .key(path, key))
  }

  /// The value of a key that must be there.
  func required(_ key: String, _ expected: String) throws(GatewayError) -> Field {
    guard let value = self[key] else { throw missing(key, expected: expected) }
    return value
  }
}

extension Field {
  /// The text.
  func string(_ expected: String = "a string") throws(GatewayError) -> String {
    guard let text = node.string else { throw wrongType(expected) }
    return text
  }

  /// The text, with at least one character.
  func name(_ expected: String) throws(GatewayError) -> String {
    let text = try string(expected)
    guard !text.isEmpty else { throw invalid(expected, found: "an empty string") }
    return text
  }

  func boolean() throws(GatewayError) -> Bool {
    guard let boolean = node.boolean else { throw wrongType("true or false") }
    return boolean
  }

  /// The number, inside a range.
  func number(in range: ClosedRange<Double>) throws(GatewayError) -> Double {
    if let number = node.number, range.contains(number) { return number }
    let expected = "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
    throw node.number == nil ? wrongType(expected) : invalid(expected, found: numberSummary)
  }

  /// The integer, inside a range.
  func integer(in range: ClosedRange<Int>) throws(GatewayError) -> Int {
    if let number = node.integer, range.contains(number) { return number }
    let isOpen = range.upperBound == .max
    let bounds = isOpen ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    let expected = "an integer \(bounds)"
    throw node.number == nil ? wrongType(expected) : invalid(expected, found: numberSummary)
  }

  /// The elements of an array.
  func elements(_ expected: String) throws(GatewayError) -> [Field] {
    guard let elements = node.elements else { throw wrongType(expected) }
    return elements.enumerated().map { Field($1, path: .index(path, $0)) }
  }

  /// The elements of an array that holds at least one.
  func someElements(_ expected: String) throws(GatewayError) -> [Field] {
    let elements = try elements(expected)
    guard !elements.isEmpty else {
      throw .violation(.emptyArray, at: path, expected: "at least one element", found: "an empty array")
    }
    return elements
  }

  /// The object itself, once it is known to be one.
  func object(_ expected: String) throws(GatewayError) -> Field {
    guard node.members != nil else { throw wrongType(expected) }
    return self
  }

  /// The text, where it is one of a few words.
  func word(of words: [String]) throws(GatewayError) -> String {
    if let text = node.string, words.contains(text) { return text }
    let expected =
      words.count == 1 ? words[0] : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
    guard let text = node.string else { throw wrongType(expected) }
    throw invalid(expected, found: SafeText.label(text, maximumBytes: 20))
  }

  private static func short(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? number.description }

  /// A number as it is written, where that is short.
  private var numberSummary: String {
    guard case .number(let text) = node.content, text.utf8.count <= 24 else { return "a number of many digits" }
    return text
  }
}
