/// JSON that is made, not read: its values stand nowhere, so their ranges are empty.
extension JSONNode {
  private init(made content: Content) { self.init(content: content, range: 0..<0) }

  package static let null = JSONNode(made: .null)

  /// An object with the members in order; those without a value are left out.
  package static func object(_ members: KeyValuePairs<String, JSONNode?>) -> JSONNode {
    JSONNode(made: .object(members.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } }))
  }

  package static func object(_ members: [JSONMember]) -> JSONNode { JSONNode(made: .object(members)) }
  package static func array(_ elements: [JSONNode]) -> JSONNode { JSONNode(made: .array(elements)) }
  package static func string(_ text: String) -> JSONNode { JSONNode(made: .string(text)) }
  package static func boolean(_ boolean: Bool) -> JSONNode { JSONNode(made: .boolean(boolean)) }
  package static func integer(_ number: Int) -> JSONNode { JSONNode(made: .number(String(number))) }

  /// A number in the shortest decimal that reads back the same; null where it is not finite: JSON has no others.
  package static func number(_ number: Double) -> JSONNode {
    number.isFinite ? JSONNode(made: .number(number.description)) : .null
  }

  /// The same with the digits of a 32-bit number.
  package static func number(_ number: Float) -> JSONNode {
    number.isFinite ? JSONNode(made: .number(number.description)) : .null
  }

  /// The value as JSON without white space; numbers as they were written.
  /// - Complexity: O(bytes).
  package var jsonBytes: [UInt8] {
    var text = JSONBuilder()
    text.append(node: self)
    return text.bytes
  }
}

extension JSONNode {
  /// ``jsonBytes`` as a string.
  package var jsonText: String { String(decoding: jsonBytes, as: UTF8.self) }

  /// An array of texts.
  package static func strings(_ texts: [String]) -> JSONNode { .array(texts.map(JSONNode.string)) }
}

extension JSONBuilder {
  /// Writes a value. Recursion is as deep as the value, which a parser has bounded.
  package mutating func append(node: JSONNode) {
    switch node.content {
    case .object(let members):
      beginObject()
      for member in members {
        append(key: member.key)
        append(node: member.value)
      }
      endObject()
    case .array(let elements):
      beginArray()
      for element in elements {
        beginElement()
        append(node: element)
      }
      endArray()
    case .string(let text): append(string: text)
    case .number(let text): append(raw: text)
    case .boolean(let boolean): append(boolean: boolean)
    case .null: append(raw: "null")
    }
  }
}
