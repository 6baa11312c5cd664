import Testing

@testable import TextKit

/// JSON that is made: random values, written by hand and by the builder, compared and hashed.
@Suite struct JSONValueTests {
  private struct Random {
    var draws: Draws

    mutating func below(_ limit: Int) -> Int { draws.below(limit) }

    mutating func text() -> String {
      let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "/", "é", "\u{301}", "😀", "\u{2028}"]
      return String(String.UnicodeScalarView((0..<below(12)).map { _ in scalars[below(scalars.count)] }))
    }

    mutating func node(depth: Int) -> JSONNode {
      switch below(depth > 0 ? 8 : 6) {
      case 0: .null
      case 1: .boolean(below(2) == 0)
      case 2: .integer(below(1_000) - 500)
      case 3: .number(Double(below(1_000)) / 64)
      case 4, 5: .string(text())
      case 6: .array((0..<below(4)).map { _ in node(depth: depth - 1) })
      default:
        .object((0..<below(4)).map { place in JSONMember(key: "\(place)" + text(), value: node(depth: depth - 1)) })
      }
    }
  }

  private static let nodes: [JSONNode] = {
    var random = Random(draws: Draws(state: 11))
    return (0..<400).map { _ in random.node(depth: 4) }
  }()

  @Test func everySpellingReadsBack() throws {
    for node in Self.nodes {
      for text in [node.jsonText, node.text(), node.text(indent: nil), node.text(indent: 0)] {
        let read = try JSONParser.parse(Array(text.utf8))
        #expect(read == node && read.hashValue == node.hashValue && read.jsonText == node.jsonText, "\(text)")
      }
      #expect(!node.text(indent: nil).contains("\n"))
      let lines: [Substring] = node.text(indent: 3).split(separator: "\n")
      let indents = lines.map { line in line.prefix { $0 == " " }.count }
      #expect(indents.allSatisfy { $0 % 3 == 0 } && indents.first == 0 && indents.last == 0)
      #expect(zip(indents, indents.dropFirst()).allSatisfy { abs($0 - $1) <= 3 })
    }
  }

  /// The same value with keys turned round and numbers respelled is equal, and has the hash; with one value changed it is not.
  @Test func equalityIsOfValues() {
    func respelled(_ node: JSONNode) -> JSONNode {
      switch node.content {
      case .object(let members):
        .object(members.reversed().map { JSONMember(key: $0.key, value: respelled($0.value)) })
      case .array(let elements): .array(elements.map(respelled))
      case .number(let text): JSONNode(content: .number(text.contains(".") ? text + "0e0" : text + ".0"), range: 5..<9)
      default: node
      }
    }
    func changes(_ node: JSONNode) -> [JSONNode] {
      switch node.content {
      case .object(let members):
        [.object(members + [JSONMember(key: "new", value: .null)])]
          + members.indices.flatMap { place in
            changes(members[place].value).map { other in
              var copy = members
              copy[place].value = other
              return JSONNode.object(copy)
            }
          }
      case .array(let elements):
        [.array(elements + [.null])]
          + elements.indices.flatMap { place in
            changes(elements[place]).map { other in
              var copy = elements
              copy[place] = other
              return JSONNode.array(copy)
            }
          }
      case .string(let text): [.string(text + "x"), .null]
      case .number: [.integer(1_000), .string(node.jsonText)]
      case .boolean(let boolean): [.boolean(!boolean), .integer(boolean ? 1 : 0)]
      case .null: [.boolean(false), .integer(0), .string("")]
      }
    }
    for node in Self.nodes {
      let other = respelled(node)
      #expect(node == other && node.hashValue == other.hashValue, "\(node.jsonText)")
      for changed in changes(node) { #expect(node != changed && changed != other, "\(changed.jsonText)") }
    }
  }

  /// Characters that look alike are other keys and other texts.
  @Test func keysAreComparedByTheirScalars() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    func object(_ key: String) -> JSONNode { .object([JSONMember(key: key, value: .integer(1))]) }
    #expect(JSONNode.string(composed) != .string(decomposed))
    #expect(object(composed) != object(decomposed) && object(composed) == object(composed))
  }

  /// Commas come by themselves, whatever was written before.
  @Test func theBuilderPutsCommas() {
    var text = JSONBuilder()
    for _ in 0..<2 {
      text.beginObject()
      text.append(key: "a\"")
      text.beginArray()
      for number in [1, -0.5, 1e21] {
        text.beginElement()
        text.append(number: number)
      }
      text.beginElement()
      text.beginArray()
      text.endArray()
      text.endArray()
      text.append(key: "b")
      text.beginObject()
      text.endObject()
      text.append(key: "c")
      text.append(raw: Array("[1]".utf8))
      text.append(key: "d")
      text.append(boolean: false)
      text.endObject()
      #expect(String(decoding: text.bytes, as: UTF8.self) == #"{"a\"":[1.0,-0.5,1e+21,[]],"b":{},"c":[1],"d":false}"#)
      text.removeAll()
      #expect(text.bytes.isEmpty)
    }
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1e14, "100000000000000"), (-1e14, "-100000000000000"), (1e15, "1000000000000000.0"),
    (0.1, "0.1"), (1.0 / 3, "0.3333333333333333"), (.nan, "null"), (-.infinity, "null"), (2.5e-300, "2.5e-300"),
  ]) func figuresHaveTheFewestDigits(value: Double, text: String) {
    #expect(JSONNode.figure(value).jsonText == text)
    #expect(JSONNode.figures([value, nil]).jsonText == "[\(text),null]")
  }

  @Test(arguments: [
    ("9223372036854775807", Int.max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
    ("1e18", 1_000_000_000_000_000_000),
    ("-0", 0), ("-0.0", 0), ("12.5e1", 125),
  ]) func wholeNumbersFit64Bits(text: String, number: Int?) throws {
    #expect(try JSONParser.parse(Array(text.utf8)).integer == number)
  }
}
