import Foundation
import GRDB
import Ockham
import Testing
import TextKit

@testable import RequestLog

/// What a logged answer says about itself, for response heads.
@Suite struct ResponseOfAnswerTests {
  private func facts(
    _ answer: ModelAnswer, format: ResponseFormat = .text, tools: [String] = []
  ) -> ResponseFacts {
    let attributes = RequestAttributes(toolNames: tools, responseFormat: format)
    return Response(answer, to: Request(segments: [], attributes: attributes)).facts
  }

  @Test func ofATextAloneNothingIsKnown() { #expect(facts(.text("{")) == ResponseFacts()) }

  @Test(arguments: [
    ("{\"a\": 1}", true, true), (" [1] ", false, true), ("{\"a\": 1", false, false), ("```json\n{}\n```", false, false),
    ("", false, false),
  ]) func jsonIsLookedAtWhereItWasAskedFor(text: String, isObject: Bool, isJSON: Bool) {
    #expect(facts(.text(text), format: .jsonObject).jsonIsValid == isObject)
    #expect(facts(.text(text), format: .jsonSchema).jsonIsValid == isJSON)
    #expect(facts(.text(text), format: .jsonSchema).schemaIsValid == nil)
  }

  @Test(arguments: [
    ("find", "{\"q\": 1}", true), ("find", " ", true), ("find", "[1]", false), ("find", "{", false),
    ("other", "{}", false),
  ]) func callsAreHeldAgainstTheTools(name: String, arguments: String, isValid: Bool) {
    let answer = ModelAnswer.message(
      AnswerMessage(toolCalls: [.init(name: name, arguments: arguments)], finishReason: "tool_calls"))
    let found = facts(answer, format: .jsonObject, tools: ["find"])
    #expect(found.toolCallsAreValid == isValid && found.finishReason == .toolCalls)
    // Calls take the place of the JSON that was asked for.
    #expect(found.jsonIsValid == nil)
    #expect(facts(answer).toolCallsAreValid == (isValid || name == "other"))
  }

  private static let format = """
    {"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["a"],
    "properties":{"a":{"type":"integer"}}}}}
    """
  private static let tools = """
    [{"type":"function","function":{"name":"find","parameters":{"type":"object","required":["q"]}}},
    {"name":"plain","input_schema":{"type":"object","properties":{"n":{"type":"number"}}}},{"type":"web_search"}]
    """

  /// A text is held against the schema where it is known, a call against its tool's parameters.
  @Test(arguments: [
    (#"{"a": 1}"#, true, true), (#"{"a": "1"}"#, true, false), ("{", false, false), ("[]", true, false),
  ]) func schemasAreLookedAtWhereTheyAreKnown(text: String, isJSON: Bool, isValid: Bool) throws {
    let schemas = AskedSchemas(responseFormat: try JSONParser.parse(Array(Self.format.utf8)), tools: nil)
    let request = Request(
      segments: [], attributes: RequestAttributes(responseFormat: .jsonSchema, responseSchemaBytes: 80))
    let facts = Response(.text(text), to: request, schemas: schemas).facts
    #expect(facts.jsonIsValid == isJSON && facts.schemaIsValid == isValid)
    #expect(Response(.text(text), to: Request(prompt: "x"), schemas: schemas).facts == ResponseFacts())
  }

  @Test(arguments: [
    ("find", #"{"q": 1}"#, true), ("find", "{}", false), ("plain", #"{"n": 2}"#, true),
    ("plain", #"{"n": "2"}"#, false),
    ("plain", "", true), ("web_search", #"{"x": 1}"#, true), ("other", "{}", false),
  ]) func callsAreHeldAgainstTheirParameters(name: String, arguments: String, isValid: Bool) throws {
    let schemas = AskedSchemas(responseFormat: nil, tools: try JSONParser.parse(Array(Self.tools.utf8)))
    let request = Request(
      segments: [], attributes: RequestAttributes(toolNames: ["find", "plain", "web_search"]))
    let answer = ModelAnswer.message(AnswerMessage(toolCalls: [.init(name: name, arguments: arguments)]))
    #expect(Response(answer, to: request, schemas: schemas).facts.toolCallsAreValid == isValid)
  }

  /// A log's row carries its schemas to its answers, in either form, and only for readers of answers.
  @Test func rowsCarryTheirSchemas() throws {
    let folder = try TemporaryFolder()
    let object = "\"prompt\":\"x\",\"response_format\":\(Self.format),\"tools\":\(Self.tools)"
      .replacingOccurrences(of: "\n", with: "")
    let line = "{\"id\":\"a\",\(object),\"outcomes\":{\"small\":{\"answer\":\"{}\"}}}\n"
    let (lines, database) = (folder.path + "/log.jsonl", folder.path + "/log.sqlite")
    try Data(line.utf8).write(to: URL(filePath: lines))
    let writer = try SQLiteWriter(path: database)
    try writer.write(
      LogRecord(id: "a", request: Request(prompt: "y"), outcomes: [.init(name: "small", answer: .text("{}"))]))
    try writer.finish()
    try DatabaseQueue(path: database).write {
      try $0.execute(sql: "UPDATE requests SET request = ?", arguments: ["{\(object)}"])
    }
    for path in [lines, database] {
      let record = try drain(LogSource(paths: [path], options: LogOptions(keepsAnswers: true))).records[0]
      #expect(record.outcomes[0].response(to: record)?.facts.schemaIsValid == false)
      #expect(try drain(LogSource(paths: [path])).records[0].asked == nil)
      #expect(record.redacted().asked == nil)
    }
  }

  @Test(arguments: [
    ("stop", ResponseFacts.FinishReason.stop), ("end_turn", .stop), ("length", .length), ("max_tokens", .length),
    ("tool_use", .toolCalls), ("content_filter", .contentFilter), ("xyzzy", .other), ("", .other),
  ]) func reasonsAreKnownByTheirWords(word: String, reason: ResponseFacts.FinishReason) {
    #expect(facts(.message(AnswerMessage(text: "x", finishReason: word))).finishReason == reason)
  }

  @Test func logprobsAreSummedUp() {
    let found = facts(.message(AnswerMessage(text: "x", logprobs: [-1, -3])))
    #expect(found.meanLogprob == -2 && found.minimumLogprob == -3 && found.logprobSpread == 1)
    #expect(found.finishReason == nil)
  }
}
