import Ockham

/// A JSON document whose objects keep the order of their keys, so that equal reports are equal bytes.
package indirect enum JSONValue: Sendable, Equatable {
  /// A missing or undefined value.
  case null
  /// A truth value.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A number, written with the fewest digits that read back as the same one; `null` when it is not finite.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Names and values in order.
  case object([(String, JSONValue)])

  /// Compares documents; the order of keys counts.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.text(indent: nil) == right.text(indent: nil)
  }

  /// A number, or null for `nil`.
  static func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }

  /// A list of numbers, with null for `nil`.
  static func numbers(_ values: [Double?]) -> JSONValue { .array(values.map(optional)) }
}

extension JSONValue {
  /// The document as text.
  ///
  /// - Parameter indent: spaces per level, or `nil` for one line. Lists of plain values stay on one line either way.
  package func text(indent: Int? = 2) -> String {
    var result = ""
    write(into: &result, indent: indent, depth: 0)
    return result
  }

  private func write(into text: inout String, indent: Int?, depth: Int) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += Self.digits(value)
    case .string(let value): text += JSONText.quote(value)
    case .array(let values):
      let isFlat = values.allSatisfy(\.isPlain)
      Self.write(values.map { (nil, $0) }, "[", "]", into: &text, indent: isFlat ? nil : indent, depth: depth)
    case .object(let members):
      Self.write(members.map { (.some($0.0), $0.1) }, "{", "}", into: &text, indent: indent, depth: depth)
    }
  }

  private static func write(
    _ members: [(String?, JSONValue)], _ open: String, _ close: String, into text: inout String, indent: Int?,
    depth: Int
  ) {
    text += open
    for (index, (name, value)) in members.enumerated() {
      if index > 0 { text += indent == nil ? ", " : "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent * (depth + 1)) }
      if let name { text += JSONText.quote(name) + ": " }
      value.write(into: &text, indent: indent, depth: depth + 1)
    }
    if let indent, !members.isEmpty { text += "\n" + String(repeating: " ", count: indent * depth) }
    text += close
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
