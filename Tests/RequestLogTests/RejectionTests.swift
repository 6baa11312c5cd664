import Foundation
import Testing

@testable import RequestLog

/// A line that must be rejected, and how.
struct BadLine: CustomTestStringConvertible, Sendable {
  let line: String
  let reason: RejectionReason
  let field: String?
  let says: String
  var testDescription: String { "\(reason.rawValue) \(line.prefix(60))" }

  init(_ line: String, _ reason: RejectionReason, _ field: String? = nil, says: String = "") {
    self.line = line
    self.reason = reason
    self.field = field
    self.says = says
  }
}

@Suite struct RejectionTests {
  /// Each holds the word `swordfish` where a user's text could stand.
  static let lines: [BadLine] = [
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"gpt-4o":{"quality":1.5}}}"#, .outOfRange, #"outcomes["gpt-4o"].quality"#,
      says:
        #":1: outcomes["gpt-4o"].quality: expected a number from 0 to 1, found 1.5; bring the marks to 0…1, as `ockham import LOG --quality-range 1..5 --output LOG2` does, or fix the value"#
    ),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"quality":-1}}}"#, .outOfRange, #"outcomes["m"].quality"#,
      says: "--quality-range -1..1"),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"quality":5}}}"#, .outOfRange, #"outcomes["m"].quality"#,
      says: "found 5.0; bring the marks to 0…1, as `ockham import LOG --quality-range 1..5 --output LOG2` does"),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"quality":[1]}}}"#, .wrongType, #"outcomes["m"].quality"#,
      says: "expected a number from 0 to 1, true or false, found an array"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"quality":"swordfish"}}}"#, .wrongType, #"outcomes["m"].quality"#,
      says: "9 bytes"),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"quality":NaN}}}"#, .notFinite, says: "found NaN"),
    BadLine(#"{"prompt":"swordfish NaN","outcomes":{"m":{"cost_usd":-Infinity}}}"#, .notFinite, says: "found Infinity"),
    BadLine(#"{"prompt":"swordfish","weight":1e400}"#, .invalidNumber),
    BadLine(#"{"prompt":"swordfish","id":123456789012345678901234567890}"#, .invalidNumber, says: "quote"),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"cost_usd":-1}}}"#, .outOfRange, #"outcomes["m"].cost_usd"#),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"cost_usd":"1"}}}"#, .wrongType, #"outcomes["m"].cost_usd"#),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"latency_ms":-1}}}"#, .outOfRange, #"outcomes["m"].latency_ms"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"output_tokens":-1}}}"#, .outOfRange, #"outcomes["m"].output_tokens"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"output_tokens":1.5}}}"#, .wrongType, #"outcomes["m"].output_tokens"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"output_tokens":18446744073709551615}}}"#, .wrongType,
      #"outcomes["m"].output_tokens"#),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":1}}"#, .wrongType, #"outcomes["m"]"#),
    BadLine(#"{"prompt":"swordfish","outcomes":[1]}"#, .wrongType, "outcomes", says: "found an array"),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{},"m":{}}}"#, .duplicateKey, #"outcomes["m"]"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"quality":1,"quality":0}}}"#, .duplicateKey, #"outcomes["m"].quality"#),
    BadLine(#"{"prompt":"swordfish","outcomes":{"a swordfish!":{"quality":7}}}"#, .outOfRange),
    BadLine(#"{"prompt":"swordfish","outcomes":{"":{}}}"#, .invalidName),
    BadLine(#"{"prompt":"swordfish","prompt":"swordfish"}"#, .duplicateKey, "prompt"),
    BadLine(#"{"id":"swordfish"}"#, .missingRequest, says: "expected prompt or messages, found neither"),
    BadLine(#"{"prompt":"swordfish","messages":[]}"#, .ambiguousRequest, says: "found both"),
    BadLine(#"{"prompt":""}"#, .emptyPrompt, says: "an empty string"),
    BadLine(#"{"prompt":" \n\t\u00a0\u3000"}"#, .emptyPrompt, says: "white space"),
    BadLine(#"{"prompt":["swordfish"]}"#, .wrongType, "prompt", says: "an array"),
    BadLine(#"{"messages":"swordfish"}"#, .wrongType, "messages"),
    BadLine(#"{"messages":[]}"#, .emptyArray, "messages"),
    BadLine(#"{"messages":["swordfish"]}"#, .wrongType, "messages[0]"),
    BadLine(#"{"messages":[{"content":"swordfish"}]}"#, .missingField, "messages[0].role"),
    BadLine(
      #"{"messages":[{"role":"usr","content":"swordfish"}]}"#, .unknownRole, "messages[0].role", says: #"found "usr""#),
    BadLine(#"{"messages":[{"role":"the swordfish role","content":"x"}]}"#, .unknownRole, "messages[0].role"),
    BadLine(#"{"messages":[{"role":5,"content":"swordfish"}]}"#, .wrongType, "messages[0].role", says: "found 5"),
    BadLine(#"{"messages":[{"role":"user","content":7}]}"#, .wrongType, "messages[0].content", says: "found 7"),
    BadLine(
      #"{"messages":[{"role":"user","content":[{"text":"swordfish"}]}]}"#, .missingField, "messages[0].content[0].type"),
    BadLine(
      #"{"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}"#, .wrongType, "messages[0].content[0].text"
    ),
    BadLine(#"{"messages":[{"role":"system","content":"swordfish"}]}"#, .noUserText, "messages"),
    BadLine(
      #"{"messages":[{"role":"system","content":"swordfish"},{"role":"user","content":" "}]}"#, .noUserText, "messages"),
    BadLine(#"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, .emptyPrompt),
    BadLine(
      #"{"messages":[{"role":"user","content":"x","tool_calls":[{}]}]}"#, .missingField,
      "messages[0].tool_calls[0].name"),
    BadLine(#"{"prompt":"swordfish","tools":{}}"#, .wrongType, "tools"),
    BadLine(#"{"prompt":"swordfish","tools":[{"name":"a"},{}]}"#, .missingField, "tools[1].name"),
    BadLine(#"{"prompt":"swordfish","tools":[{"function":{"name":3}}]}"#, .wrongType, "tools[0].name"),
    BadLine(
      #"{"prompt":"swordfish","response_format":{"type":"xml"}}"#, .unknownFormat, "response_format.type",
      says: #""xml""#),
    BadLine(#"{"prompt":"swordfish","response_format":{}}"#, .missingField, "response_format.type"),
    BadLine(#"{"prompt":"swordfish","max_tokens":-1}"#, .outOfRange, "max_tokens"),
    BadLine(#"{"prompt":"swordfish","max_tokens":"many"}"#, .wrongType, "max_tokens"),
    BadLine(#"{"prompt":"swordfish","weight":0}"#, .outOfRange, "weight"),
    BadLine(#"{"prompt":"swordfish","weight":-1}"#, .outOfRange, "weight"),
    BadLine(#"{"prompt":"swordfish","weight":1e39}"#, .notFinite, "weight"),
    BadLine(#"{"prompt":"swordfish","weight":1e-60}"#, .outOfRange, "weight"),
    BadLine(#"{"prompt":"swordfish","task":3}"#, .wrongType, "task"),
    BadLine(#"{"prompt":"swordfish","propensity":0}"#, .outOfRange, "propensity"),
    BadLine(#"{"prompt":"swordfish","propensity":1.01}"#, .outOfRange, "propensity"),
    BadLine(#"{"prompt":"swordfish","timestamp":"yesterday"}"#, .invalidTimestamp, "timestamp"),
    BadLine(#"{"prompt":"swordfish","timestamp":1740830400000}"#, .outOfRange, "timestamp", says: "milliseconds"),
    BadLine(
      #"{"prompt":"swordfish","tier":"huge"}"#, .unknownTier, "tier", says: #"small, mid, frontier, found "huge""#),
    BadLine(#"{"prompt":"swordfish","tier":3}"#, .wrongType, "tier"),
    BadLine(#"{"id":true,"prompt":"swordfish"}"#, .wrongType, "id"),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"inclusion":0}}}"#, .outOfRange, #"outcomes["m"].inclusion"#,
      says: "expected a number above 0, at most 1, found 0.0; fix it or leave it out"),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"inclusion":1.01}}}"#, .outOfRange, #"outcomes["m"].inclusion"#),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"inclusion":"1"}}}"#, .wrongType, #"outcomes["m"].inclusion"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"origin":"guess"}}}"#, .unknownOrigin, #"outcomes["m"].origin"#,
      says:
        #"expected served, shadow, audit, feedback, collected, found "guess"; use one of these, or leave origin out"#),
    BadLine(#"{"prompt":"p","outcomes":{"m":{"origin":"a swordfish"}}}"#, .unknownOrigin, #"outcomes["m"].origin"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"origin":3}}}"#, .wrongType, #"outcomes["m"].origin"#, says: "found 3"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":["swordfish"]}}}"#, .wrongType, #"outcomes["m"].answer"#,
      says: "expected a string or a message object, found an array; write the answer's text"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"role":"swordfish"}}}}"#, .missingField, #"outcomes["m"].answer"#,
      says: "expected content, tool_calls or finish_reason, found a message without any of them"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"content":5}}}}"#, .wrongType, #"outcomes["m"].answer.content"#),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"tool_calls":[{"function":{}}]}}}}"#, .missingField,
      #"outcomes["m"].answer.tool_calls[0].name"#),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"content":"swordfish","finish_reason":1}}}}"#, .wrongType,
      #"outcomes["m"].answer.finish_reason"#),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"content":"swordfish","logprobs":"x"}}}}"#, .wrongType,
      #"outcomes["m"].answer.logprobs"#, says: "expected an array of log probabilities"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"content":"swordfish","logprobs":[-1,0.5]}}}}"#, .outOfRange,
      #"outcomes["m"].answer.logprobs[1]"#, says: "expected a number of at most 0, found 0.5; fix it"),
    BadLine(
      #"{"prompt":"p","outcomes":{"m":{"answer":{"content":"x","logprobs":{"content":[{"token":"swordfish"}]}}}}}"#,
      .missingField, #"outcomes["m"].answer.logprobs.content[0].logprob"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"small":{},"mid":{}},"served":"smal"}"#, .unknownTier, "served",
      says: #"expected a name of outcomes or allowed, found "smal"; spell it as there, or add it to outcomes"#),
    BadLine(#"{"prompt":"swordfish","allowed":["small"],"served":"mid"}"#, .unknownTier, "served"),
    BadLine(#"{"prompt":"swordfish","served":3}"#, .wrongType, "served"),
    BadLine(#"{"prompt":"swordfish","served":""}"#, .invalidName, "served"),
    BadLine(
      #"{"prompt":"swordfish","allowed":[]}"#, .emptyArray, "allowed",
      says: "expected at least one name, found an empty array; leave allowed out where every tier was"),
    BadLine(#"{"prompt":"swordfish","allowed":"small"}"#, .wrongType, "allowed", says: "an array of names"),
    BadLine(#"{"prompt":"swordfish","allowed":["small",3]}"#, .wrongType, "allowed[1]", says: "found 3"),
    BadLine(#"{"prompt":"swordfish","allowed":["a",""]}"#, .invalidName, "allowed[1]"),
    BadLine(
      #"{"prompt":"swordfish","allowed":["a","b","a"]}"#, .duplicateKey, "allowed[2]",
      says: #"expected each name once, found "a" twice; remove one"#),
    BadLine(
      #"{"prompt":"swordfish","eligible":"yes"}"#, .wrongType, "eligible",
      says: "expected true or false, found a string of 3 bytes"),
    BadLine(#"{"prompt":"swordfish","eligible":1}"#, .wrongType, "eligible"),
    BadLine(#"{"prompt":"swordfish","conversation":true}"#, .wrongType, "conversation"),
    BadLine(#"{"prompt":"swordfish","conversation":""}"#, .invalidName, "conversation"),
    BadLine(#"{"prompt":"swordfish","policy_hash":7}"#, .wrongType, "policy_hash"),
    BadLine(
      #"{"prompt":"swordfish","label_rate":0}"#, .outOfRange, "label_rate", says: "above 0, at most 1, found 0.0"),
    BadLine(#"{"prompt":"swordfish","label_rate":"1"}"#, .wrongType, "label_rate"),
    BadLine(
      #"{"prompt":"swordfish","audit_rate":1.5}"#, .outOfRange, "audit_rate",
      says: "expected a number from 0 to 1, found 1.5; fix it or leave it out"),
    BadLine(#"{"prompt":"swordfish","audit_rate":-0.1}"#, .outOfRange, "audit_rate"),
    BadLine(#"{"prompt":"swordfish","failed":1}"#, .wrongType, "failed"),
    BadLine(#"{"prompt":"swordfish","outcomes":{"m":{"gold":{}}}}"#, .missingField, #"outcomes["m"].gold.quality"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"gold":{"quality":2}}}}"#, .outOfRange, #"outcomes["m"].gold.quality"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"gold":{"quality":1,"inclusion":0}}}}"#, .outOfRange,
      #"outcomes["m"].gold.inclusion"#),
    BadLine(
      #"{"prompt":"swordfish","outcomes":{"m":{"gold":{"quality":1,"raters":"x"}}}}"#, .wrongType,
      #"outcomes["m"].gold.raters"#),
    BadLine(#"{"prompt":"swordfish","steps":{}}"#, .wrongType, "steps", says: "an array of steps"),
    BadLine(#"{"prompt":"swordfish","steps":[]}"#, .emptyArray, "steps", says: "at least one step"),
    BadLine(#"{"prompt":"swordfish","steps":["small"]}"#, .wrongType, "steps[0]", says: "tier, propensity, accepted"),
    BadLine(#"{"prompt":"swordfish","steps":[{"propensity":1,"accepted":true}]}"#, .missingField, "steps[0].tier"),
    BadLine(#"{"prompt":"swordfish","steps":[{"tier":"a","accepted":true}]}"#, .missingField, "steps[0].propensity"),
    BadLine(#"{"prompt":"swordfish","steps":[{"tier":"a","propensity":1}]}"#, .missingField, "steps[0].accepted"),
    BadLine(
      #"{"prompt":"swordfish","steps":[{"tier":"a","propensity":1,"accepted":"no"}]}"#, .wrongType,
      "steps[0].accepted"),
    BadLine(
      #"{"prompt":"swordfish","steps":[{"tier":"a","propensity":1,"accepted":false},{"tier":"b","propensity":0,"accepted":true}]}"#,
      .outOfRange, "steps[1].propensity", says: "expected a number above 0, at most 1, found 0.0"),
    BadLine(#"{"id":"","prompt":"swordfish"}"#, .invalidName, "id"),
    BadLine(#"{"id":"a\u0000b","prompt":"swordfish"}"#, .invalidName, "id", says: "U+0000"),
    BadLine(#"{"prompt":"swordfish \udc00"}"#, .invalidJSON, says: "surrogates in pairs"),
    BadLine(#"{"prompt":"swordfish \ud800 x"}"#, .invalidJSON, says: "escape"),
    BadLine(#"{"prompt":"swordfish \x"}"#, .invalidJSON),
    BadLine(#"["swordfish"]"#, .notAnObject, says: "found an array"),
    BadLine(#""swordfish""#, .notAnObject),
    BadLine("17", .notAnObject, says: "found 17"),
    BadLine("swordfish", .invalidJSON, says: "9 bytes, hash"),
    BadLine(#"{"prompt":"swordfish",}"#, .invalidJSON),
    BadLine(#"{"prompt":"swordfish"} {}"#, .invalidJSON),
    BadLine(#"{"prompt":"swordfish"#, .invalidJSON),
    BadLine(
      #"{"prompt":"swordfish","x":"# + String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000) + "}",
      .tooDeep),
  ]

  @Test(arguments: lines)
  func rejected(bad: BadLine) throws {
    let good = #"{"id":"next","prompt":"x"}"#
    let all = try entries(
      "\(bad.line)\n\(good)\n", options: LogOptions(tiers: ["small", "mid", "frontier"], keepsAnswers: true))
    try #require(all.count == 2)
    let problem = try #require(all[0].problem, "\(all[0])")
    #expect(problem.reason == bad.reason, "\(problem)")
    if let field = bad.field { #expect(problem.field == field, "\(problem)") }
    #expect(bad.says.isEmpty || problem.description.contains(bad.says), "\(problem)")
    #expect(problem.description.hasPrefix("pieces:1: "))
    #expect(!problem.description.contains("swordfish"), "the text leaks: \(problem)")
    #expect(all[1].record?.id == "next")
  }

  @Test func everyReasonOfALineIsCovered() {
    let elsewhere: Set<RejectionReason> = [.invalidUTF8, .truncated, .tooLong, .duplicateID, .incompatibleFeatures]
    #expect(Set(Self.lines.map(\.reason)).union(elsewhere) == Set(RejectionReason.allCases))
  }

  @Test func invalidUTF8() throws {
    let bytes = Array(#"{"prompt":"ab"#.utf8) + [0xFF] + Array("\"}\n".utf8)
    let problem = try #require(try entries(bytes)[0].problem)
    #expect(problem.reason == .invalidUTF8)
    #expect(problem.description.contains("column 14"))
  }

  @Test func duplicateIDs() throws {
    let all = try entries(
      #"{"id":"a","prompt":"x"}"# + "\n\n" + #"{"id":7,"prompt":"x"}"# + "\n" + #"{"id":"a","prompt":"y"}"# + "\n"
        + #"{"id":"7","prompt":"x"}"#)
    #expect(all.map(\.problem?.reason) == [nil, nil, .duplicateID, .duplicateID])
    #expect(all[2].problem?.description.contains("line 4 has the id of line 1") == true)
    #expect(all[3].problem?.description.contains("line 5 has the id of line 3") == true)
  }

  @Test func rejectedRecordsReserveNoID() throws {
    let all = try entries(#"{"id":"a","prompt":""}"# + "\n" + #"{"id":"a","prompt":"y"}"#)
    #expect(all[1].record != nil)
  }

  @Test func anyTierWithoutAList() throws {
    #expect(try record(#"{"prompt":"x","tier":"huge"}"#).tier == "huge")
  }

  @Test func nestingWithinTheLimit() throws {
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    #expect(try record(#"{"prompt":"x","y":\#(deep)}"#).request.segments.count == 1)
  }

  /// Damaged lines of any kind end in a record or a problem, never in a crash, and never stop the reading.
  @Test func mutations() throws {
    var generator = SplitMix(state: 11)
    let line =
      Array(
        #"{"id":"r","messages":[{"role":"user","content":[{"type":"text","text":"é\n"}]}],"outcomes":{"m":{"quality":0.5,"cost_usd":1e-5}},"tier":"small","weight":2,"served":"m","allowed":["m"],"eligible":true,"conversation":7,"#
          .utf8)
      + Array(
        #""steps":[{"tier":"m","propensity":0.5,"accepted":true}],"policy_hash":"1f"}"#.utf8)
    for _ in 0..<5000 {
      var bytes = line
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 1...255, using: &generator)
      }
      let bad = bytes.filter { $0 != 0x0A }
      let all = try entries(
        Array("{\"prompt\":\"first\"}\n".utf8) + bad + Array("\n{\"id\":\"last\",\"prompt\":\"x\"}\n".utf8))
      #expect(all.last?.record?.id == "last")
    }
  }
}
