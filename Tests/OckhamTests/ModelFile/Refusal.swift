@testable import Ockham

/// A file that must be refused, and how.
struct Refusal {
  var name: String
  var bytes: [UInt8]
  var error: ModelFileError

  init(_ name: String, _ bytes: [UInt8], _ error: ModelFileError) {
    (self.name, self.bytes, self.error) = (name, bytes, error)
  }

  /// A good file, damaged.
  init(
    _ name: String, of fixture: ModelFixture = .logistic, _ error: ModelFileError, _ damage: (inout TensorFile) -> Void
  ) {
    var file = fixture.file
    let isSealed = file.metadata["tensors_sha256"] != nil
    damage(&file)
    if isSealed, file.metadata["tensors_sha256"] != nil { file = file.sealed() }
    self.init(name, file.encoded(), error)
  }

  static var all: [Refusal] {
    lengths + syntax + entries + tiling + versions + checksums + names + shapes + values + costs + responses
  }
}

extension Refusal {
  static let maximum = 1 << 20

  static var lengths: [Refusal] {
    [
      Refusal("empty", [], .truncated(part: "header length", expectedBytes: 8, foundBytes: 0)),
      Refusal(
        "seven bytes", [2, 0, 0, 0, 0, 0, 0], .truncated(part: "header length", expectedBytes: 8, foundBytes: 7)),
      Refusal("length 0", rawFile("{}", length: 0), .headerLength(found: 0, maximum: maximum)),
      Refusal("length 1", rawFile("{}", length: 1), .headerLength(found: 1, maximum: maximum)),
      Refusal(
        "length above the limit", rawFile("{}", length: 1_048_577), .headerLength(found: 1_048_577, maximum: maximum)),
      Refusal("length huge", rawFile("{}", length: .max), .headerLength(found: .max, maximum: maximum)),
      Refusal("header cut", rawFile("{}", length: 100), .truncated(part: "header", expectedBytes: 100, foundBytes: 2)),
    ]
  }

  private static func syntax(_ name: String, _ header: String, _ offset: Int, _ expected: String) -> Refusal {
    Refusal("syntax: " + name, rawFile(header), .headerSyntax(offset: offset, expected: expected))
  }

  static var syntax: [Refusal] {
    let value = "a string, a non-negative integer, an array or an object"
    let surrogate = "the second half of a surrogate pair"
    return [
      syntax("only spaces", "  ", 2, "a value"),
      syntax("an array", "[]", 0, "an object"),
      syntax("text behind", "{} x", 3, "the end of the header"),
      syntax("no colon", #"{"a"}"#, 4, "':'"),
      syntax("no value", #"{"a":}"#, 5, value),
      syntax("object not closed", #"{"a":1  "#, 8, "',' or '}'"),
      syntax("array not closed", #"{"a":[1,2}"#, 9, "',' or ']'"),
      syntax("bare name", "{a:1}", 1, "a string"),
      syntax("comma before the end", #"{"a":1,}"#, 7, "a string"),
      syntax("negative number", #"{"a":-1}"#, 5, value),
      syntax("fraction", #"{"a":1.5}"#, 6, "',' or '}'"),
      syntax("exponent", #"{"a":1e3}"#, 6, "',' or '}'"),
      syntax("literal", #"{"a":true}"#, 5, value),
      syntax("leading zero", #"{"a":01}"#, 7, "an integer without leading zeros"),
      syntax("number of 2^63", #"{"a":9223372036854775808}"#, 23, "an integer below 2^63"),
      syntax("nested too deeply", #"{"a":[[[[1]]]]}"#, 8, "at most 4 levels"),
      syntax("line feed in a string", "{\"a\n\":1}", 3, "no control character in a string"),
      syntax("unknown escape", #"{"\x":1}"#, 4, #"one of the escapes \" \\ \/ \b \f \n \r \t \u"#),
      syntax("cut escape", #"{"\"#, 3, "an escape"),
      syntax("short hexadecimal", #"{"\u12g4":1}"#, 6, "four hexadecimal digits"),
      syntax("low surrogate alone", #"{"\udc00":1}"#, 8, "a Unicode scalar"),
      syntax("high surrogate alone", #"{"\ud83dx":1}"#, 8, surrogate),
      syntax("space in a surrogate pair", #"{"\ud83d \ude00":1}"#, 8, surrogate),
      syntax("high surrogate twice", #"{"\ud83d\ud83d":1}"#, 14, surrogate),
      syntax("string not closed", #"{"abc"#, 5, "'\"' at the end of a string"),
      Refusal(
        "syntax: not UTF-8", rawFile([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]),
        .headerSyntax(offset: 4, expected: "UTF-8 in a string")),
      Refusal("duplicate tensor", rawFile(#"{"a":1,"a":2}"#), .duplicateName("a")),
      Refusal("duplicate by escape", rawFile(#"{"a":1,"\u0061":2}"#), .duplicateName("a")),
      Refusal("duplicate metadata", rawFile(#"{"__metadata__":{"k":"1","k":"2"}}"#), .duplicateName("k")),
      Refusal("duplicate field", rawFile(#"{"a":{"dtype":"F32","dtype":"F32","shape":[]}}"#), .duplicateName("dtype")),
    ]
  }

  private static func entry(_ name: String, _ entry: String, _ error: ModelFileError) -> Refusal {
    Refusal("entry: " + name, rawFile("{\"a\":\(entry)}", data: [0, 0, 0, 0]), error)
  }

  static var entries: [Refusal] {
    let fields = ModelFileError.tensorEntry(tensor: "a", expected: "an object with dtype, shape and data_offsets")
    let offsets = ModelFileError.tensorEntry(
      tensor: "a", expected: "\"data_offsets\" of a begin and an end that is not before it")
    return [
      entry("a number", "1", fields),
      entry("two fields", #"{"dtype":"F32","shape":[]}"#, fields),
      entry("four fields", #"{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}"#, fields),
      entry(
        "no dtype", #"{"type":"F32","shape":[],"data_offsets":[0,4]}"#,
        .tensorEntry(tensor: "a", expected: "a string \"dtype\"")),
      entry(
        "dtype a number", #"{"dtype":32,"shape":[],"data_offsets":[0,4]}"#,
        .tensorEntry(tensor: "a", expected: "a string \"dtype\"")),
      entry(
        "unknown dtype", #"{"dtype":"BF16","shape":[],"data_offsets":[0,4]}"#,
        .unknownElementType(tensor: "a", found: "BF16")),
      entry(
        "no shape", #"{"dtype":"F32","form":[],"data_offsets":[0,4]}"#,
        .tensorEntry(tensor: "a", expected: "an array \"shape\"")),
      entry(
        "shape of strings", #"{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}"#,
        .tensorEntry(tensor: "a", expected: "non-negative integers in \"shape\"")),
      entry("one offset", #"{"dtype":"F32","shape":[],"data_offsets":[4]}"#, offsets),
      entry("offsets backwards", #"{"dtype":"F32","shape":[],"data_offsets":[4,0]}"#, offsets),
      entry(
        "offsets an integer", #"{"dtype":"F32","shape":[],"data_offsets":4}"#,
        .tensorEntry(tensor: "a", expected: "an array \"data_offsets\"")),
      entry(
        "shape overflows", #"{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}"#,
        .tensorEntry(tensor: "a", expected: "a shape below 2^63 bytes")),
      entry(
        "shape of other size", #"{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#,
        .tensorBytes(tensor: "a", expected: "8 bytes for its shape", found: "4")),
      Refusal(
        "metadata an array", rawFile(#"{"__metadata__":[]}"#),
        .tensorEntry(tensor: "__metadata__", expected: "an object of strings")),
      Refusal(
        "metadata of numbers", rawFile(#"{"__metadata__":{"a":1}}"#),
        .tensorEntry(tensor: "__metadata__", expected: "only strings as values")),
    ]
  }

  private static func tiles(_ name: String, _ ranges: [(Int, Int)], data: Int, _ error: ModelFileError) -> Refusal {
    let entries = ranges.enumerated().map { index, range in
      "\"t\(index)\":{\"dtype\":\"F32\",\"shape\":[\((range.1 - range.0) / 4)],\"data_offsets\":[\(range.0),\(range.1)]}"
    }
    return Refusal(
      "tiling: " + name, rawFile("{\(entries.joined(separator: ","))}", data: [UInt8](repeating: 0, count: data)), error
    )
  }

  static var tiling: [Refusal] {
    [
      tiles(
        "late begin", [(4, 8)], data: 8, .tensorBytes(tensor: "t0", expected: "data from byte 0", found: "from byte 4")),
      tiles(
        "hole", [(0, 4), (8, 12)], data: 12,
        .tensorBytes(tensor: "t1", expected: "data from byte 4", found: "from byte 8")),
      tiles(
        "overlap", [(0, 8), (4, 12)], data: 12,
        .tensorBytes(tensor: "t1", expected: "data from byte 8", found: "from byte 4")),
      tiles(
        "same range", [(0, 8), (0, 8)], data: 8,
        .tensorBytes(tensor: "t1", expected: "data from byte 8", found: "from byte 0")),
      tiles(
        "data cut", [(0, 8), (8, 12)], data: 11, .truncated(part: "tensor data", expectedBytes: 12, foundBytes: 11)),
      tiles("no data", [(0, 8)], data: 0, .truncated(part: "tensor data", expectedBytes: 8, foundBytes: 0)),
      tiles("trailing bytes", [(0, 8)], data: 9, .tensorBytes(tensor: "", expected: "8 bytes of data", found: "9")),
      tiles("data without tensors", [], data: 1, .tensorBytes(tensor: "", expected: "0 bytes of data", found: "1")),
    ]
  }
}
