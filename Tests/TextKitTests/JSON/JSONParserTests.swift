import Ockham
import Foundation
import Testing

@testable import TextKit

/// The reader of JSON with places, against Foundation's and by hand.
struct JSONParserTests {
  @Test(arguments: [
    "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "01", "1.", ".5", "-", "+1", "1e", "nul", "truex",
    "\"", "\"\\x\"",
    "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "[1] 2", "NaN", "'a'", "[1 2]",
    "{\"a\" 1}", "\"\\\"",
  ])
  func refuses(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try json(text) }
  }

  /// A value more than may be is refused where it begins; keys are no values.
  @Test(arguments: [("[0,0]", 3), ("{\"a\":[{}]}", 3), ("1", 1), ("[[],[],[]]", 4)])
  func countsValues(text: String, values: Int) throws {
    let bytes = Array(text.utf8)
    _ = try JSONParser.parse(bytes, maximumValues: values)
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes, maximumValues: values - 1) }
  }

  @Test func requestsHaveRoomForTheirTokens() {
    #expect(JSONParser.maximumValues(ofRequestBytes: 0) == 500_000)
    #expect(JSONParser.maximumValues(ofRequestBytes: 32 << 20) == 1 << 20)
  }

  @Test func refusesDamagedUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  @Test func boundsNesting() throws {
    let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
    _ = try json(deep(256))
    #expect(throws: JSONSyntaxError.self) { try json(deep(257)) }
  }

  @Test func readsEscapes() throws {
    #expect(try json(#""\u00e4\ud83d\ude00\n\"\\\/\b\f\r\t é""#).string == "ä😀\n\"\\/\u{8}\u{C}\r\t é")
  }

  @Test func agreesWithFoundation() throws {
    let text = #" { "a" : [ 1 , -2.5e3 , 0 , true , false , null , "x" , { } , [ ] ] , "b" : { "c" : "d" } } "#
    let node = try json(text)
    let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    #expect(Self.object(node) as? NSDictionary == theirs)
  }

  @Test func knowsPlaces() throws {
    let text = #"{"a": [1, "two"], "b":{"c":null}}"#
    let node = try json(text)
    let bytes = Array(text.utf8)
    func source(_ node: JSONNode?) -> String { String(decoding: bytes[node?.range ?? 0..<0], as: UTF8.self) }
    #expect(source(node) == text)
    #expect(source(node["a"]) == #"[1, "two"]"#)
    #expect(source(node["a"]?.elements?[1]) == #""two""#)
    #expect(source(node["b"]?["c"]) == "null")
  }

  @Test(arguments: [
    ("1", "1.0", true), ("100", "1e2", true), ("9007199254740993", "9007199254740992", false), ("\"1\"", "1", false),
    (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true), ("[1,2]", "[2,1]", false), ("true", "1", false),
    ("null", "false", false),
    ("\"\\u00e9\"", "\"é\"", true), ("{}", "[]", false),
  ])
  func comparesByValue(left: String, right: String, equal: Bool) throws {
    #expect((try json(left) == json(right)) == equal)
  }

  @Test func quotesAsItReads() throws {
    let text = String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init))) + "😀\\\""
    #expect(try json(JSONText.quote(text)).string == text)
  }

  /// Strings with what ends a run of plain bytes at every place around a word's end, against a reader of one byte a time.
  @Test func readsStringsOfEveryLength() throws {
    let marks = ["", "\\n", "\\\"", "\\\\", "\\u00e9", "é", "😀", "\\ud83d\\ude00", "\u{7F}", "!", "#", "[", "]"]
    let plain = ["", "\n", "\"", "\\", "é", "é", "😀", "😀", "\u{7F}", "!", "#", "[", "]"]
    for before in 0..<18 {
      for (mark, meaning) in zip(marks, plain) {
        let (head, tail) = (String(repeating: "a", count: before), String(repeating: "b", count: 17 - before))
        #expect(try json("\"\(head)\(mark)\(tail)\"").string == head + meaning + tail)
        #expect(throws: JSONSyntaxError.self) { try json("\"\(head)\(mark)\u{1}\(tail)\"") }
      }
    }
  }

  @Test func findsTheEndOfEveryRun() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 20)
        bytes[place] = byte
        let end = bytes.firstIndex { !PlainRun.isPlain($0) } ?? bytes.count
        #expect(PlainRun.end(in: bytes.span, from: 0) == end)
        #expect(PlainRun.end(in: bytes.span, from: place) == end)
      }
    }
  }

  @Test func writesWhatItReads() throws {
    let text = #"{"a":[1.50,-0,1e5,true,false,null,"\u0001\n\"\\é😀",{},[]],"a":{"b":""}}"#
    let node = try json(text)
    #expect(String(decoding: node.jsonBytes, as: UTF8.self) == text)
    let made: JSONNode = .object(["x": .integer(1), "left out": nil, "y": .number(0.5), "z": .number(Double.nan)])
    #expect(String(decoding: made.jsonBytes, as: UTF8.self) == #"{"x":1,"y":0.5,"z":null}"#)
  }

  @Test(arguments: [("40", 40), ("40.0", 40), ("4e1", 40), ("-1", -1), ("0.5", nil), ("1e99", nil), ("\"1\"", nil)])
  func readsWholeNumbers(text: String, number: Int?) throws {
    #expect(try json(text).integer == number)
  }

  private static func object(_ node: JSONNode) -> Any {
    switch node.content {
    case .object(let members):
      NSDictionary(dictionary: Dictionary(members.map { ($0.key, object($0.value)) }) { $1 })
    case .array(let elements): NSArray(array: elements.map(object))
    case .string(let text): NSString(string: text)
    case .number(let text): NSNumber(value: Double(text) ?? .nan)
    case .boolean(let trueValue): NSNumber(value: trueValue)
    case .null: NSNull()
    }
  }
}

private func json(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }
