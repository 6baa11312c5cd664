import Testing

@testable import TextKit

/// Random schemas against what their words mean, value by value.
@Suite struct SchemaReferenceTests {
  /// A schema with what it says of each value, as a plain function.
  private struct Model {
    var json: String
    var accepts: (JSONNode) -> Bool
  }

  private struct Random {
    var draws: Draws

    mutating func below(_ limit: Int) -> Int { draws.below(limit) }

    /// An assertion about one kind of value, which holds of every other kind.
    mutating func leaf() -> Model {
      let number = below(7) - 3
      func ofNumbers(_ holds: @escaping (Double) -> Bool) -> (JSONNode) -> Bool { { $0.number.map(holds) ?? true } }
      switch below(14) {
      case 0: return Model(json: #"{"minimum":\#(number)}"#, accepts: ofNumbers { $0 >= Double(number) })
      case 1: return Model(json: #"{"maximum":\#(number)}"#, accepts: ofNumbers { $0 <= Double(number) })
      case 2: return Model(json: #"{"exclusiveMinimum":\#(number)}"#, accepts: ofNumbers { $0 > Double(number) })
      case 3: return Model(json: #"{"exclusiveMaximum":\#(number)}"#, accepts: ofNumbers { $0 < Double(number) })
      case 4: return Model(json: #"{"multipleOf":0.5}"#, accepts: ofNumbers { $0 * 2 == ($0 * 2).rounded() })
      case 5: return Model(json: #"{"type":"integer"}"#, accepts: { $0.number.map { $0 == $0.rounded() } ?? false })
      case 6: return Model(json: #"{"type":["string","boolean"]}"#, accepts: { $0.string != nil || $0.boolean != nil })
      case 7: return Model(json: #"{"const":\#(number).0}"#, accepts: { $0.number == Double(number) })
      case 8:
        return Model(
          json: #"{"enum":[\#(number),"b",[],{"a":1}]}"#,
          accepts: { value in
            value.number == Double(number) || value.string == "b" || value.elements?.isEmpty == true
              || value.members?.count == 1 && value["a"]?.number == 1
          })
      case 9:
        let least = below(3)
        return Model(
          json: #"{"minLength":\#(least),"maxItems":\#(least),"minProperties":\#(least)}"#,
          accepts: { value in
            (value.string?.unicodeScalars.count ?? least) >= least && (value.elements?.count ?? least) <= least
              && (value.members?.count ?? least) >= least
          })
      case 10: return Model(json: #"{"required":["a"]}"#, accepts: { $0.members == nil || $0["a"] != nil })
      case 11:
        return Model(json: #"{"pattern":"^b"}"#, accepts: { $0.string?.hasPrefix("b") ?? true })
      case 12:
        return Model(
          json: #"{"uniqueItems":true}"#, accepts: { ($0.elements.map { Set($0).count == $0.count }) ?? true })
      default: return below(2) == 0 ? Model(json: "true") { _ in true } : Model(json: "false") { _ in false }
      }
    }

    mutating func schema(depth: Int) -> Model {
      guard depth > 0 else { return leaf() }
      let parts = (0..<1 + below(3)).map { _ in schema(depth: depth - 1) }
      let list = parts.map(\.json).joined(separator: ",")
      let (first, last) = (parts[0], parts[parts.count - 1])
      switch below(8) {
      case 0: return Model(json: #"{"allOf":[\#(list)]}"#) { value in parts.allSatisfy { $0.accepts(value) } }
      case 1: return Model(json: #"{"anyOf":[\#(list)]}"#) { value in parts.contains { $0.accepts(value) } }
      case 2: return Model(json: #"{"oneOf":[\#(list)]}"#) { value in parts.count { $0.accepts(value) } == 1 }
      case 3: return Model(json: #"{"not":\#(first.json)}"#) { !first.accepts($0) }
      case 4:
        // The same schemas by reference, from inside a list and by a name that has to be escaped.
        return Model(
          json: ##"{"$ref":"#/$defs/~01~1%20/allOf/\##(parts.count - 1)","$defs":{"~1/ ":{"allOf":[\##(list)]}}}"##,
          accepts: last.accepts)
      case 5:
        return Model(json: #"{"prefixItems":[\#(first.json)],"items":\#(last.json)}"#) { value in
          (value.elements ?? []).enumerated().allSatisfy { $0 == 0 ? first.accepts($1) : last.accepts($1) }
        }
      case 6:
        return Model(
          json:
            #"{"properties":{"a":\#(first.json)},"patternProperties":{"b$":\#(last.json)},"additionalProperties":false}"#
        ) { value in
          (value.members ?? []).allSatisfy { member in
            (member.key == "a" || member.key.hasSuffix("b")) && (member.key != "a" || first.accepts(member.value))
              && (!member.key.hasSuffix("b") || last.accepts(member.value))
          }
        }
      default:
        return Model(json: #"{"propertyNames":\#(first.json),"additionalProperties":\#(last.json)}"#) { value in
          (value.members ?? []).allSatisfy { first.accepts(.string($0.key)) && last.accepts($0.value) }
        }
      }
    }
  }

  private static let values = [
    "null", "true", "false", "0", "1", "-1.0", "2.5", "0.25", "3", "-3", "\"\"", "\"b\"", "\"ab\"", "\"😀b\"", "[]",
    "[1]",
    "[1,1.0]", "[0,\"b\",null]", "[[],[2.5]]", "{}", #"{"a":1}"#, #"{"a":2,"b":"b"}"#, #"{"bb":[1]}"#, #"{"c":null}"#,
    #"{"a":{"a":{"a":1}},"ab":3}"#,
  ]

  @Test func wordsMeanWhatTheySay() throws {
    let values = try Self.values.map { try JSONParser.parse(Array($0.utf8)) }
    var random = Random(draws: Draws(state: 5))
    var counts = [0, 0]
    for round in 0..<600 {
      var model = random.schema(depth: round % 4)
      // Pointers of nested schemas count from the root of the document.
      if round % 4 > 1, model.json.contains("$ref") { model = random.leaf() }
      let node = try JSONParser.parse(Array(model.json.utf8))
      let schema = try Schema(node)
      for (value, text) in zip(values, Self.values) {
        let expected = model.accepts(value)
        counts[expected ? 1 : 0] += 1
        #expect(schema.accepts(value) == expected, "\(model.json) of \(text)")
        #expect(schema.accepts(value, steps: 100_000) == expected)
        if !model.json.contains("attern") { #expect(BoundedSchema(node)?.accepts(value) == expected) }
      }
    }
    #expect(counts.allSatisfy { $0 > 3_000 }, "both answers are met often: \(counts)")
  }

  /// With fewer steps than it takes nothing is said; with as many as it takes, what is true.
  @Test func tooFewStepsSayNothing() throws {
    let values = try Self.values.map { try JSONParser.parse(Array($0.utf8)) }
    var random = Random(draws: Draws(state: 9))
    for _ in 0..<15 {
      let model = random.schema(depth: 1)
      let schema = try Schema(JSONParser.parse(Array(model.json.utf8)))
      for value in values {
        let whole = schema.accepts(value)
        let answers = (0..<100).map { schema.accepts(value, steps: $0) }
        let least = try #require(answers.firstIndex { $0 != nil })
        #expect(least > 0 && answers[least...].allSatisfy { $0 == whole }, "\(model.json)")
      }
    }
  }

  @Test(arguments: [
    (##"{"$ref":"#/$defs/list/1","$defs":{"list":[true]}}"##, "#/$ref"),
    (##"{"$ref":"#/$defs/list/-1","$defs":{"list":[true]}}"##, "#/$ref"),
    (##"{"$ref":"#/$defs/list/x","$defs":{"list":[true]}}"##, "#/$ref"), (##"{"$ref":7}"##, "#/$ref"),
    (##"{"items":{"$ref":"#a"}}"##, "#/items/$ref"),
    (##"{"properties":{"a/b~":{"$ref":"other.json#/x"}}}"##, "#/properties/a~1b~0/$ref"),
  ]) func referencesThatLeadNowhere(json: String, path: String) throws {
    #expect(throws: SchemaError.unresolvedReference(path: path)) { try Schema(JSONParser.parse(Array(json.utf8))) }
    #expect(
      "\(SchemaError.unresolvedReference(path: path))"
        == "\(path): expected # or #/… naming a place in the schema, found none there; fix the reference")
  }

  @Test func messagesNameThePlaceAndShowNoText() throws {
    func message(_ json: String) throws -> String {
      let node = try JSONParser.parse(Array(json.utf8))
      let error = #expect(throws: SchemaError.self) { try Schema(node) }
      return "\(try #require(error))"
    }
    let unknown = try message(#"{"properties":{"a":{"my secret words":1}}}"#)
    #expect(
      unknown.hasPrefix("#/properties/a/a string of 15 bytes, hash ") && unknown.hasSuffix("or judge another way"))
    #expect(
      try message(#"{"anyOf":[true,{"maxItems":1.5}]}"#).hasPrefix(
        "#/anyOf/1/maxItems: expected an integer of at least 0"))
    #expect(
      try message(#"{"not":{"minimum":"1"}}"#).hasPrefix("#/not/minimum: expected a number, found something else; "))
    #expect(try message(#"{"uniqueItems":1}"#).hasPrefix("#/uniqueItems: expected true or false"))
    #expect(try message(#"{"required":["a",1]}"#).hasPrefix("#/required: expected an array of texts"))
    #expect(
      try message(#"{"patternProperties":{"(":true}}"#).hasPrefix("#/patternProperties: expected a regular expression"))
    #expect(try message(#"{"properties":[]}"#).hasPrefix("#/properties: expected an object"))
    #expect(try message(#"{"enum":1}"#).hasPrefix("#/enum: expected an array"))
  }
}

/// Schemas that a stranger sent.
@Suite struct BoundedSchemaTests {
  private func node(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

  /// An expression that would take for ever is not looked at; a property of that name is.
  @Test func patternsAreLeftOut() throws {
    let schema = try #require(
      BoundedSchema(node(#"{"items":{"pattern":"^(a+)+$","maxLength":40,"properties":{"pattern":{"type":"null"}}}}"#)))
    #expect(schema.accepts(try node("[\"\(String(repeating: "a", count: 39))!\"]")) == true)
    #expect(schema.accepts(try node("[\"\(String(repeating: "a", count: 41))\"]")) == false)
    #expect(
      try schema.accepts(node(#"[{"pattern":1}]"#)) == false && schema.accepts(node(#"[{"pattern":null}]"#)) == true
    )
    #expect(BoundedSchema(try node(#"{"patternProperties":{"a":true}}"#)) == nil)
    #expect(BoundedSchema(try node(#"{"pattern":"("}"#))?.accepts(.string("x")) == true)
    #expect(try BoundedSchema(node(#"{"unknown":1}"#)) == nil && BoundedSchema(.null) == nil)
  }

  @Test func longSchemasAreNotChecked() throws {
    func schema(_ count: Int) -> JSONNode {
      .object([JSONMember(key: "enum", value: .array((0..<count).map(JSONNode.integer)))])
    }
    #expect(BoundedSchema(schema(9_998))?.accepts(.integer(9_997)) == true)
    #expect(BoundedSchema(schema(9_999)) == nil)
  }

  /// Thousands of references one behind the other, as deep as a schema may be long.
  @Test func longChainsOfReferencesEnd() throws {
    let links = (1..<4_900).map { ##""\##($0)":{"$ref":"#/$defs/\##($0 + 1)"}"## }.joined(separator: ",")
    let schema = try node(##"{"$ref":"#/$defs/1","$defs":{\##(links),"4900":{"type":"null"}}}"##)
    #expect(BoundedSchema(schema)?.accepts(.null) == nil)
    let short = (1..<200).map { ##""\##($0)":{"$ref":"#/$defs/\##($0 + 1)"}"## }.joined(separator: ",")
    let whole = try node(##"{"$ref":"#/$defs/1","$defs":{\##(short),"200":{"type":"null"}}}"##)
    #expect(BoundedSchema(whole)?.accepts(.null) == true && BoundedSchema(whole)?.accepts(.integer(1)) == false)
  }

  /// A value that asks for a chain at each of its levels: too much is told, and no stack runs out.
  @Test func longChainsAtEveryLevelAreToldToBeTooMuch() throws {
    let links = (1..<100).map { ##""\##($0)":{"$ref":"#/$defs/\##($0 + 1)"}"## }.joined(separator: ",")
    let schema = try #require(
      BoundedSchema(node(##"{"$ref":"#/$defs/1","$defs":{\##(links),"100":{"properties":{"n":{"$ref":"#"}}}}}"##)))
    func value(_ depth: Int) throws -> JSONNode {
      try node(String(repeating: #"{"n":"#, count: depth) + "1" + String(repeating: "}", count: depth))
    }
    #expect(try schema.accepts(value(10)) == true && schema.accepts(value(200)) == nil)
  }
}
