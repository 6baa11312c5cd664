/// JSON that people and scripts read: members in the order in which they were given, so that equal reports are equal bytes.
extension JSONNode {
  /// An object of names and values, in order.
  package static func object(_ members: [(String, JSONNode)]) -> JSONNode {
    .object(members.map { JSONMember(key: $0.0, value: $0.1) })
  }

  /// A measured number in the fewest digits that read back as the same one, integers below 10¹⁵ without a fraction;
  /// null for `nil` and for what is not finite.
  package static func figure(_ value: Double?) -> JSONNode {
    guard let value, value.isFinite else { return .null }
    return value == value.rounded() && abs(value) < 1e15 ? .integer(Int(value)) : .number(value)
  }

  /// A list of ``figure(_:)``.
  package static func figures(_ values: [Double?]) -> JSONNode { .array(values.map(figure)) }

  /// The value as text with a space after colons and commas.
  ///
  /// - Parameter indent: spaces per level, or `nil` for one line. Lists of plain values stay on one line either way.
  /// - Complexity: O(bytes). Recursion is as deep as the value.
  package func text(indent: Int? = 2) -> String {
    var result = ""
    write(into: &result, indent: indent, depth: 0)
    return result
  }

  private func write(into text: inout String, indent: Int?, depth: Int) {
    switch content {
    case .array(let values):
      let isFlat = values.allSatisfy(\.isPlain)
      Self.write(values.map { (nil, $0) }, "[", "]", into: &text, indent: isFlat ? nil : indent, depth: depth)
    case .object(let members):
      Self.write(members.map { ($0.key, $0.value) }, "{", "}", into: &text, indent: indent, depth: depth)
    case .string, .number, .boolean, .null: text += String(decoding: jsonBytes, as: UTF8.self)
    }
  }

  private static func write(
    _ members: [(String?, JSONNode)], _ open: String, _ close: String, into text: inout String, indent: Int?, depth: Int
  ) {
    text += open
    for (index, (name, value)) in members.enumerated() {
      if index > 0 { text += indent == nil ? ", " : "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent * (depth + 1)) }
      if let name { text += String(decoding: JSONNode.string(name).jsonBytes, as: UTF8.self) + ": " }
      value.write(into: &text, indent: indent, depth: depth + 1)
    }
    if let indent, !members.isEmpty { text += "\n" + String(repeating: " ", count: indent * depth) }
    text += close
  }

  private var isPlain: Bool {
    switch content {
    case .array, .object: false
    case .string, .number, .boolean, .null: true
    }
  }
}
