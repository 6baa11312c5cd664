import TextKit
import Testing

/// JSON Schema: each keyword by values that fit and values that do not.
struct SchemaTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var schema: String
    var good: [String]
    var bad: [String]
    var testDescription: String { schema }
  }

  static let cases: [Case] = [
    Case(schema: "true", good: ["1", "{}"], bad: []),
    Case(schema: "false", good: [], bad: ["1", "null"]),
    Case(schema: "{}", good: ["1", "\"x\""], bad: []),
    Case(schema: #"{"type":"object"}"#, good: ["{}"], bad: ["[]", "null"]),
    Case(schema: #"{"type":"integer"}"#, good: ["1", "1.0", "-3e2"], bad: ["1.5", "\"1\""]),
    Case(schema: #"{"type":["string","null"]}"#, good: ["\"\"", "null"], bad: ["0", "false"]),
    Case(schema: #"{"type":"number"}"#, good: ["1", "1.5"], bad: ["true"]),
    Case(schema: #"{"enum":[1,"a",{"b":[]}]}"#, good: ["1.0", "\"a\"", #"{"b":[]}"#], bad: ["2", "{}"]),
    Case(schema: #"{"const":null}"#, good: ["null"], bad: ["0", "false"]),
    Case(
      schema: #"{"properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#,
      good: [#"{"a":""}"#, "1"], bad: ["{}", #"{"a":1}"#, #"{"a":"","b":1}"#]),
    Case(
      schema: #"{"properties":{"a":true},"additionalProperties":{"type":"integer"}}"#, good: [#"{"a":"x","b":1}"#],
      bad: [#"{"b":"x"}"#]),
    Case(schema: #"{"additionalProperties":false}"#, good: ["{}"], bad: [#"{"a":1}"#]),
    Case(
      schema: #"{"patternProperties":{"^n_":{"type":"number"}},"additionalProperties":false}"#, good: [#"{"n_a":1}"#],
      bad: [#"{"n_a":""}"#, #"{"x":1}"#]),
    Case(schema: #"{"items":{"type":"integer"}}"#, good: ["[]", "[1,2]", "{}"], bad: ["[1,\"2\"]"]),
    Case(
      schema: #"{"prefixItems":[{"type":"string"}],"items":false}"#, good: ["[]", "[\"a\"]"], bad: ["[1]", "[\"a\",1]"]),
    Case(schema: #"{"minItems":1,"maxItems":2}"#, good: ["[1]", "[1,2]", "\"\""], bad: ["[]", "[1,2,3]"]),
    Case(schema: #"{"uniqueItems":true}"#, good: ["[1,2,\"1\"]"], bad: ["[1,1.0]", "[{},{}]"]),
    Case(schema: #"{"minimum":1,"maximum":2}"#, good: ["1", "2", "\"9\""], bad: ["0.99", "2.01"]),
    Case(schema: #"{"exclusiveMinimum":1,"exclusiveMaximum":2}"#, good: ["1.5"], bad: ["1", "2"]),
    Case(schema: #"{"multipleOf":0.1}"#, good: ["0.3", "1", "0"], bad: ["0.35"]),
    Case(schema: #"{"minLength":2,"maxLength":3}"#, good: [#""ab""#, #""😀😀😀""#, "1"], bad: [#""a""#, #""abcd""#]),
    Case(schema: #"{"pattern":"^[0-9]{3}$"}"#, good: [#""123""#], bad: [#""1234""#, #""a123""#]),
    Case(schema: #"{"pattern":"b"}"#, good: [#""abc""#], bad: [#""ac""#]),
    Case(
      schema: #"{"minProperties":1,"maxProperties":1,"propertyNames":{"maxLength":1}}"#, good: [#"{"a":1}"#],
      bad: ["{}", #"{"ab":1}"#]),
    Case(schema: #"{"anyOf":[{"type":"string"},{"minimum":3}]}"#, good: ["\"\"", "3"], bad: ["2"]),
    Case(schema: #"{"allOf":[{"minimum":1},{"maximum":3}]}"#, good: ["2"], bad: ["0", "4"]),
    Case(schema: #"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#, good: ["2", "3"], bad: ["6", "5"]),
    Case(schema: #"{"not":{"type":"null"}}"#, good: ["1"], bad: ["null"]),
    Case(
      schema: ##"{"$defs":{"a/b":{"type":"integer"}},"properties":{"x":{"$ref":"#/$defs/a~1b"}}}"##,
      good: [##"{"x":1}"##],
      bad: [#"{"x":""}"#]),
    Case(
      schema: ##"{"type":"object","properties":{"next":{"$ref":"#"}},"required":["v"]}"##,
      good: [#"{"v":1,"next":{"v":2}}"#], bad: [#"{"v":1,"next":{}}"#]),
    Case(schema: ##"{"$ref":"#/$defs/s%20t","$defs":{"s t":{"type":"null"}}}"##, good: ["null"], bad: ["1"]),
    Case(schema: #"{"title":"t","description":"d","format":"email","default":1,"$schema":"x"}"#, good: ["1"], bad: []),
  ]

  @Test(arguments: cases)
  func checks(_ example: Case) throws {
    let schema = try Schema(json(example.schema))
    for text in example.good { #expect(schema.accepts(try json(text)), "\(text)") }
    for text in example.bad { #expect(!schema.accepts(try json(text)), "\(text)") }
  }

  @Test(arguments: [
    (##"{"dependentRequired":{}}"##, SchemaError.unknownKeyword(path: "#/\"dependentRequired\"")),
    (##"{"properties":{"a":{"if":true}}}"##, .unknownKeyword(path: "#/properties/a/\"if\"")),
    (
      ##"{"type":"text"}"##,
      .badKeyword(path: "#/type", expected: "object, array, string, number, integer, boolean, null")
    ),
    (##"{"minItems":-1}"##, .badKeyword(path: "#/minItems", expected: "an integer of at least 0")),
    (##"{"pattern":"("}"##, .badKeyword(path: "#/pattern", expected: "a regular expression")),
    (##"{"required":"a"}"##, .badKeyword(path: "#/required", expected: "an array of texts")),
    (##"{"anyOf":[]}"##, .badKeyword(path: "#/anyOf", expected: "an array of schemas")),
    (##"{"multipleOf":0}"##, .badKeyword(path: "#/multipleOf", expected: "a number above 0")),
    (##"{"items":[true]}"##, .badKeyword(path: "#/items", expected: "an object, true or false")),
    (##"{"$ref":"http://x/y"}"##, .unresolvedReference(path: "#/$ref")),
    (##"{"$ref":"#/$defs/x"}"##, .unresolvedReference(path: "#/$ref")),
    (##"{"$ref":"#"}"##, .endlessReference(path: "#")),
  ])
  func refuses(text: String, error: SchemaError) {
    #expect(throws: error) { try Schema(json(text)) }
  }

  @Test func findsCirclesOfSeveralSteps() {
    let text =
      ##"{"properties":{"x":{"$ref":"#/$defs/a"}},"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}"##
    do {
      _ = try Schema(json(text))
      Issue.record("expected a refusal")
    } catch let error as SchemaError {
      guard case .endlessReference = error else {
        Issue.record("\(error)")
        return
      }
    } catch { Issue.record("\(error)") }
  }

  /// All arrays of up to four of eight values, against comparing each with each.
  @Test func uniqueItemsAreThoseThatDifferPairwise() throws {
    let schema = try Schema(json(#"{"uniqueItems":true}"#))
    let values = try [
      "1", "1.0", "9007199254740993", "9007199254740992", "\"1\"", "[]", #"{"a":1,"b":2}"#, #"{"b":2.0,"a":1}"#,
    ]
    .map(json)
    for left in values { for right in values where left == right { #expect(left.hashValue == right.hashValue) } }
    var arrays: [[Int]] = [[]]
    for _ in 0..<4 { arrays += arrays.flatMap { array in values.indices.map { array + [$0] } } }
    for array in Set(arrays) {
      let differ = array.indices.allSatisfy { i in
        array.indices.allSatisfy { $0 <= i || values[array[$0]] != values[array[i]] }
      }
      #expect(schema.accepts(JSONNode(content: .array(array.map { values[$0] }), range: 0..<0)) == differ, "\(array)")
    }
  }

  /// Schemas and values that ask for billions of comparisons: told to be too much after the steps given.
  @Test(arguments: ["anyOf", "oneOf", "allOf"]) func workIsBounded(keyword: String) throws {
    let constants = (0..<3_000).map { #"{"not":{"const":\#($0)}}"# }.joined(separator: ",")
    let schema = try Schema(json(#"{"items":{"\#(keyword)":[\#(constants),{"not":{"enum":[[0,1]]}}]}}"#))
    let few = try json("[0,1]")
    #expect(schema.accepts(few, steps: 200_000) == schema.accepts(few))
    let elements = (0..<20_000).map { "[\($0)]" }.joined(separator: ",")
    let many = try json("[\(elements)]")
    #expect(schema.accepts(many, steps: 200_000) == (keyword == "oneOf" ? false : keyword == "anyOf" ? true : nil))
  }

  /// References that branch at each level of a value.
  @Test func branchingReferencesAreBounded() throws {
    let schema = try Schema(
      json(##"{"properties":{"n":{"allOf":[{"anyOf":[false,{"$ref":"#"}]},{"anyOf":[false,{"$ref":"#"}]}]}}}"##))
    let deep = String(repeating: #"{"n":"#, count: 60) + "1" + String(repeating: "}", count: 60)
    #expect(schema.accepts(try json(deep), steps: 200_000) == nil)
    #expect(schema.accepts(try json(#"{"n":{"n":{}}}"#), steps: 200_000) == true)
  }
}

private func json(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }
