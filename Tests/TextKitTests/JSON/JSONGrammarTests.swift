import Testing

@testable import TextKit

/// The reader of JSON against its grammar, over all short texts of the marks that matter.
@Suite struct JSONGrammarTests {
  /// RFC 8259 spelled out: what a text is follows from trying every place where it could be cut.
  private struct Grammar {
    private var known: [Substring: Bool] = [:]

    mutating func isValue(_ text: Substring) -> Bool {
      let text = Self.trimmed(text)
      if let known = known[text] { return known }
      let result =
        isLiteral(text) || isList(text, "[", "]") { $0.isValue($1) } || isList(text, "{", "}") { $0.isMember($1) }
      known[text] = result
      return result
    }

    private static func trimmed(_ text: Substring) -> Substring {
      var text = text.drop { $0 == " " }
      while text.last == " " { text.removeLast() }
      return text
    }

    private func isLiteral(_ text: Substring) -> Bool {
      ["true", "false", "null"].contains(text) || isNumber(text) || isString(text)
    }

    private func isNumber(_ text: Substring) -> Bool {
      let parts = text.split(separator: "e", omittingEmptySubsequences: false)
      let digits = (parts[0].first == "-" ? parts[0].dropFirst() : parts[0])
        .split(separator: ".", omittingEmptySubsequences: false)
      let power =
        parts.count < 2 ? "0" : parts[1].first.map { "+-".contains($0) } == true ? parts[1].dropFirst() : parts[1]
      return parts.count <= 2 && digits.count <= 2 && (digits[0] == "0" || digits[0].first != "0")
        && (digits + [power]).allSatisfy { !$0.isEmpty && $0.allSatisfy { "0"..."9" ~= $0 } }
    }

    private func isString(_ text: Substring) -> Bool {
      guard text.count >= 2, text.first == "\"", text.last == "\"" else { return false }
      // What stands for something else is whole, and then nothing is left that could end the text.
      let rest = text.dropFirst().dropLast().replacing("\\\\", with: "").replacing("\\\"", with: "").replacing(
        "\\n", with: "")
      return !rest.contains { $0 == "\"" || $0 == "\\" }
    }

    private mutating func isMember(_ text: Substring) -> Bool {
      text.indices.contains { colon in
        text[colon] == ":" && isString(Self.trimmed(text[..<colon]))
          && isValue(text[text.index(after: colon)...])
      }
    }

    private mutating func isList(
      _ text: Substring, _ open: Character, _ close: Character, _ isElement: (inout Grammar, Substring) -> Bool
    ) -> Bool {
      guard text.count >= 2, text.first == open, text.last == close else { return false }
      let inner = text.dropFirst().dropLast()
      return inner.allSatisfy { $0 == " " } || isSequence(inner, isElement)
    }

    private mutating func isSequence(_ text: Substring, _ isElement: (inout Grammar, Substring) -> Bool) -> Bool {
      if isElement(&self, text) { return true }
      return text.indices.contains { comma in
        text[comma] == "," && isElement(&self, text[..<comma])
          && isSequence(text[text.index(after: comma)...], isElement)
      }
    }
  }

  private func check(_ alphabet: [String], length: Int) {
    var grammar = Grammar()
    var texts = [""]
    for _ in 0..<length {
      texts = texts.flatMap { text in alphabet.map { text + $0 } }
      for text in texts {
        let isRead = (try? JSONParser.parse(Array(text.utf8))) != nil
        if isRead != grammar.isValue(text[...]) { Issue.record("\(text) is \(isRead ? "" : "not ")read") }
      }
    }
  }

  @Test func numbers() { check(["0", "1", "-", "+", ".", "e", " "], length: 5) }
  @Test func arrays() { check(["[", "]", ",", "1", " ", "null"], length: 5) }
  @Test func objects() { check(["{", "}", ",", ":", "\"\"", "0"], length: 5) }
  @Test func strings() { check(["\"", "\\", "n", "a", ","], length: 5) }

  /// Where the fault is, and what should stand there.
  @Test(arguments: [
    ("", 0, "a value"), ("  ", 2, "a value"), ("[1,]", 3, "a value"), (#"{"a":}"#, 5, "a value"), ("tru", 0, "a value"),
    ("nulx", 0, "a value"), ("[-]", 2, "a digit"), ("1.", 2, "a digit"), ("[1e+]", 4, "a digit"), ("1 2", 2, "the end"),
    ("[1 2]", 3, "a comma or ]"), (#"{"a":1 "b"}"#, 7, "a comma or }"), (#"{"a" 1}"#, 5, "a colon"),
    ("{1:2}", 1, "a key"),
    (#"{"a":1,}"#, 7, "a key"), ("\"abc", 4, "a closing quote"), ("\"a\u{1}\"", 3, "no control character before"),
    (#""\q""#, 3, "a known escape before"), (#""\u12g4""#, 5, "four hexadecimal digits"),
    (#""\ud800x""#, 7, "a surrogate pair"), (#""\udc00\ud800""#, 7, "a surrogate pair"),
    (#""\ud800\ud800""#, 13, "the second half of a surrogate pair before"), ("01", 1, "the end"),
    ("\"\\", 2, "an escape"),
  ]) func faultsHaveTheirPlace(text: String, offset: Int, expected: String) {
    #expect(throws: JSONSyntaxError(offset: offset, expected: expected)) { try JSONParser.parse(Array(text.utf8)) }
  }

  /// Every pair of surrogates that are halves of one character is that character.
  @Test func surrogatePairsAreCharacters() throws {
    for value in stride(from: UInt32(0x1_0000), through: 0x10_FFFF, by: 4_093) {
      let scalar = try #require(Unicode.Scalar(value))
      let escaped = String(scalar).utf16.map { "\\u" + String($0, radix: 16) }.joined()
      for text in [escaped, escaped.uppercased().replacing("U", with: "u")] {
        #expect(try JSONParser.parse(Array("\"\(text)\"".utf8)).string == String(scalar))
      }
    }
  }

  /// The ranges of values tile their text: what is replaced at its range changes nothing else.
  @Test func valuesAreReplacedInPlace() throws {
    let text = #" {"é": [1.50, {"b": "x\"y"} , null ],"c":true , "é" : -0e1}"#
    let bytes = Array(text.utf8)
    func visit(_ node: JSONNode, _ body: (JSONNode) throws -> Void) rethrows {
      try body(node)
      for inner in (node.elements ?? []) + (node.members ?? []).map(\.value) { try visit(inner, body) }
    }
    let whole = try JSONParser.parse(bytes)
    var count = 0
    try visit(whole) { node in
      count += 1
      let own = try JSONParser.parse(Array(bytes[node.range]))
      #expect(own == node && own.jsonBytes == node.jsonBytes)
      let changed =
        Array(bytes[..<node.range.lowerBound]) + Array("\"new\"".utf8) + Array(bytes[node.range.upperBound...])
      let read = try JSONParser.parse(changed)
      let expected = String(decoding: whole.jsonBytes, as: UTF8.self)
      // Written without spaces, the new text differs in that one value.
      #expect(
        String(decoding: read.jsonBytes, as: UTF8.self).count - 5 == expected.count - node.jsonText.count,
        "\(node.range)")
    }
    #expect(count == 8)
  }
}
