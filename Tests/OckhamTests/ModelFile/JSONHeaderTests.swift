import Foundation
import Testing

@testable import Ockham

/// The header's JSON against the system's reader, and what is refused.
struct JSONHeaderTests {
  private static func parse(_ text: String) throws(ModelFileError) -> JSONHeader { try parse(Array(text.utf8)) }

  private static func parse(_ bytes: [UInt8]) throws(ModelFileError) -> JSONHeader {
    try JSONHeader(parsing: bytes.span)
  }

  /// Whether a header is the same as what the system's reader made of the text.
  private static func agree(_ header: JSONHeader, _ value: Any) -> Bool {
    switch header {
    case .string(let text): return (value as? String).map { $0.utf8.elementsEqual(text.utf8) } ?? false
    case .integer(let number): return !(value is String) && (value as? NSNumber)?.intValue == number
    case .array(let elements):
      guard let list = value as? [Any], list.count == elements.count else { return false }
      return zip(elements, list).allSatisfy(agree)
    case .object(let members):
      guard let object = value as? [String: Any], object.count == members.count else { return false }
      return members.allSatisfy { member in object[member.name].map { agree(member.value, $0) } ?? false }
    }
  }

  private static let strings = [
    "", "a", "é", "日本", "😀", "\"", "\\", "/", "\n\t\r\u{8}\u{C}", "a\\u0041", "\u{7F}", "\u{FFFF}", "e\u{301}", "{}",
    "__metadata__",
  ]

  private static func random(_ draws: inout SplitMix64, depth: Int) -> Any {
    switch draws.next() % (depth > 0 ? 4 : 2) {
    case 0: return strings[Int(draws.next() % UInt64(strings.count))]
    case 1: return [0, 1, 9, 10, 4096, Int.max][Int(draws.next() % 6)]
    case 2: return (0..<draws.next() % 4).map { _ in random(&draws, depth: depth - 1) }
    default:
      let names = (0..<draws.next() % 4).map { "\(strings[Int(draws.next() % UInt64(strings.count))])\($0)" }
      return Dictionary(names.map { ($0, random(&draws, depth: depth - 1)) }) { first, _ in first }
    }
  }

  /// What another program writes is read as it is meant, with slashes escaped or not, on one line or on many.
  @Test func readsWhatOthersWrite() throws {
    var draws = SplitMix64(seed: 4)
    for round in 0..<400 {
      let value = Self.random(&draws, depth: 3)
      var options: JSONSerialization.WritingOptions = [.fragmentsAllowed]
      if round % 2 == 0 { options.insert(.prettyPrinted) }
      if round % 3 == 0 { options.insert(.withoutEscapingSlashes) }
      let data = try JSONSerialization.data(withJSONObject: value, options: options)
      let expected = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      let text = String(decoding: data, as: UTF8.self)
      #expect(Self.agree(try Self.parse(" \t\r\n\(text)\n"), expected), "\(text)")
      // Cut anywhere inside, nothing is left that could be read; a number alone is the exception.
      guard !(value is Int) else { continue }
      let bytes = Array(data)
      for end in bytes.indices where end % 7 == 0 {
        #expect(throws: ModelFileError.self) { try Self.parse(Array(bytes[..<end])) }
      }
    }
  }

  @Test(arguments: [
    (#""\ud83d\ude00""#, "😀"), (#""\u0041\u00e9\u65E5""#, "Aé日"), (#""\u0000""#, "\u{0}"),
    (#""\/\b\f""#, "/\u{8}\u{C}"),
    (#""\uFFFD""#, "\u{FFFD}"), (#""\ud800\udc00""#, "\u{10000}"), (#""\udbff\udfff""#, "\u{10FFFF}"),
  ])
  func escapesAreRead(text: String, string: String) throws { #expect(try Self.parse(text) == .string(string)) }

  /// Each refusal with the byte at which it was found out, and what should have stood there.
  @Test(arguments: [
    ("", 0, "a value"), ("  ", 2, "a value"), ("null", 0, "a string, a non-negative integer, an array or an object"),
    ("-1", 0, "non-negative"), ("1.5", 1, "the end of the header"), ("1e3", 1, "the end of the header"),
    ("01", 2, "without leading zeros"), ("9223372036854775808", 18, "below 2^63"), ("{}{}", 2, "the end of the header"),
    ("[1,]", 3, "a string, a non-negative integer"), ("[1 2]", 3, "',' or ']'"), (#"{"a":1,}"#, 7, "a string"),
    (#"{"a" 1}"#, 5, "':'"), ("{1:2}", 1, "a string"), (#"{"a":1"#, 6, "',' or '}'"),
    (#""a"#, 2, "at the end of a string"),
    ("\"a\nb\"", 2, "no control character"), (#""\x""#, 3, "one of the escapes"),
    (#""\u12g4""#, 5, "four hexadecimal digits"),
    (#""\ud800""#, 7, "second half"), (#""\ud800\u0041""#, 13, "second half"), (#""\ud800\ue000""#, 13, "second half"),
    (#""\udc00""#, 7, "a Unicode scalar"),
    ("[[[[1]]]]", 4, "at most 4 levels"), (#""\"#, 2, "an escape"),
  ])
  func refusalsNameTheirByte(text: String, offset: Int, expected: String) {
    let error = #expect(throws: ModelFileError.self) { try Self.parse(text) }
    guard case .headerSyntax(let place, let words)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place == offset && words.contains(expected), "\(place) \(words)")
  }

  /// A name that stands twice is one name, however it is written.
  @Test(arguments: [
    #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"é":1,"e\u0301":2}"#, #"[{"b":1,"a":{"c":1,"c":2}}]"#,
  ])
  func namesStandOnce(text: String) {
    let error = #expect(throws: ModelFileError.self) { try Self.parse(text) }
    guard case .duplicateName? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    for bytes in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]] {
      let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
      #expect(throws: ModelFileError.self) { try Self.parse(text) }
    }
  }
}
