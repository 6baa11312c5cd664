import Judging
import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

struct AnswerCheckTests {
  static func answer(
    _ text: String?, _ finish: FinishReason = .stop, refusal: String? = nil, calls: [ToolCall] = [],
    logprobs: String? = nil
  ) throws -> ChatResponse {
    let node = try logprobs.map { try JSONParser.parse(Array($0.utf8)) }
    let choice = ChatChoice(
      index: 0, content: text, refusal: refusal, toolCalls: calls, finishReason: finish, logprobs: node)
    return ChatResponse(id: "a", created: 0, model: "m", choices: [choice], usage: nil)
  }

  private func failure(_ answer: ChatResponse, more: String = "", minimumLogprob: Double? = nil) throws
    -> ValidationFailure?
  {
    var configuration = CascadeConfiguration()
    configuration.minimumMeanLogprob = minimumLogprob
    return AnswerCheck(for: try RouterFixture.chat("Hello", more: more), configuration).failure(of: answer)
  }

  @Test func finishReasons() throws {
    #expect(try failure(Self.answer("Fine.")) == nil)
    #expect(try failure(Self.answer("Fine", .length)) == .cutOff)
    #expect(try failure(Self.answer("Fine", .length), more: #","max_tokens":5"#) == nil)
    #expect(try failure(Self.answer("Fine", .contentFilter)) == .contentFiltered)
    #expect(try failure(Self.answer("Fine", .other("end_turn"))) == nil)
    #expect(try failure(Self.answer("", .other("odd"))) == .empty)
    #expect(try failure(Self.answer(" \n\t")) == .empty)
    #expect(try failure(Self.answer(nil)) == .empty)
    #expect(try failure(Self.answer(nil, refusal: "No.")) == .refusal)
    #expect(try failure(ChatResponse(id: "", created: 0, model: "", choices: [], usage: nil)) == .empty)
  }

  @Test func everyChoiceMustPass() throws {
    var answer = try Self.answer("Fine.")
    answer.choices.append(try Self.answer("").choices[0])
    #expect(try failure(answer) == .empty)
  }

  @Test(
    arguments: [
      ("{\"a\":1}", nil), (" {\"a\":1}\n", nil), ("[1]", .invalidJSON), ("{\"a\":1", .invalidJSON),
      ("```json\n{}\n```", .invalidJSON), ("Sure: {}", .invalidJSON),
    ] as [(String, ValidationFailure?)])
  func objects(text: String, expected: ValidationFailure?) throws {
    #expect(try failure(Self.answer(text), more: #","response_format":{"type":"json_object"}"#) == expected)
  }

  @Test(
    arguments: [
      (#"{"a":1}"#, nil), (#"{"a":"x"}"#, .schemaMismatch), ("{}", .schemaMismatch), ("nothing", .invalidJSON),
    ] as [(String, ValidationFailure?)])
  func schemas(text: String, expected: ValidationFailure?) throws {
    let schema = #"{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}"#
    let format = #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":"# + schema + "}}"
    #expect(try failure(Self.answer(text), more: format) == expected)
  }

  /// Each level doubles the work.
  private static let doubling: String = {
    let levels = (0..<40).map { level -> String in
      let next = ##"{"$ref":"#/$defs/a\##(level + 1)"}"##
      return #""a\#(level)":{"allOf":[\#(next),\#(next)]}"#
    }
    return ##"{"$ref":"#/$defs/a0","$defs":{"## + levels.joined(separator: ",") + #","a40":{}}}"#
  }()

  @Test(arguments: [
    #"{"type":"nonsense"}"#, #"{"$ref":"nowhere"}"#, #"{"pattern":"(a+)+$"}"#,
    #"{"patternProperties":{"(a+)+$":{"type":"integer"}}}"#, doubling,
    ##"{"properties":{"a":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}}"##,
  ])
  func schemasThatCostTooMuchAreNotChecked(schema: String) throws {
    let format = #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":"# + schema + "}}"
    let deep = String(repeating: "{\"a\":", count: 60) + "1" + String(repeating: "}", count: 60)
    #expect(try failure(Self.answer(deep), more: format) == nil)
    #expect(try failure(Self.answer("\"" + String(repeating: "a", count: 40) + "!\""), more: format) == nil)
    #expect(try failure(Self.answer("{"), more: format) == .invalidJSON)
  }

  @Test func recursiveSchemasAreChecked() throws {
    let schema = ##"""
      {"type":"object","properties":{"left":{"$ref":"#"},"right":{"$ref":"#"}},"additionalProperties":false}
      """##
    let format = #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":"# + schema + "}}"
    #expect(try failure(Self.answer(#"{"left":{"right":{}}}"#), more: format) == nil)
    #expect(try failure(Self.answer(#"{"left":{"middle":{}}}"#), more: format) == .schemaMismatch)
  }

  @Test(
    arguments: [
      ("f", "{}", nil), ("f", "", nil), ("f", "{\"a\":", .invalidToolCall), ("f", "[]", .invalidToolCall),
      ("g", "{}", .invalidToolCall),
    ] as [(String, String, ValidationFailure?)])
  func toolCalls(name: String, arguments: String, expected: ValidationFailure?) throws {
    let tools = #","tools":[{"type":"function","function":{"name":"f"}}]"#
    let call = ToolCall(id: "c", name: name, arguments: arguments)
    #expect(try failure(Self.answer(nil, .toolCalls, calls: [call]), more: tools) == expected)
  }

  @Test func logprobs() throws {
    let logprobs = #"{"content":[{"token":"a","logprob":-1},{"token":"b","logprob":-3}]}"#
    let answer = try Self.answer("ab", logprobs: logprobs)
    #expect(AnswerCheck.meanLogprob(answer.choices[0].logprobs) == -2)
    #expect(try failure(answer, minimumLogprob: -1.9) == .lowLogprob)
    #expect(try failure(answer, minimumLogprob: -2) == nil)
    #expect(try failure(Self.answer("ab"), minimumLogprob: -0.1) == nil)
    #expect(try failure(Self.answer("ab", logprobs: #"{"content":null}"#), minimumLogprob: -0.1) == nil)
    #expect(
      try failure(Self.answer("ab", logprobs: #"{"content":[{"logprob":-9999}]}"#), minimumLogprob: -99) == .lowLogprob)
  }

  @Test(arguments: [
    "I'm sorry, but I can't help with that.", "I\u{2019}m sorry, I can\u{2019}t assist with this request.",
    "I cannot provide instructions for that.", "Sorry – I'm unable to do so.", "As an AI language model, I cannot …",
    "Es tut mir leid, aber dabei kann ich nicht helfen.", "Je suis désolé, mais je ne peux pas vous aider.",
    "Lo siento, pero no puedo ayudarte con eso.", "Mi dispiace, ma non posso aiutarti.", "抱歉，我无法提供帮助。",
    "  \n I  can't   help with that", "К сожалению, я не могу помочь.", "Unfortunately, I am not able to share that.",
  ])
  func refusals(text: String) throws { #expect(try failure(Self.answer(text)) == .refusal) }

  @Test(arguments: [
    "Sorry for the confusion! The answer is 4.", "I can't believe it is already May; here is the plan.",
    "I'm sorry to hear that. Here is what you can do.", "Unfortunately, the train was late, she wrote.",
    "Dabei kann ich dir helfen: …", "No.", "I won't lie: it is hard.", "You can't help with that here; use x.",
    "The phrase \"I cannot help with that\" is common.",
  ])
  func noRefusals(text: String) throws { #expect(try failure(Self.answer(text)) == nil) }
}
