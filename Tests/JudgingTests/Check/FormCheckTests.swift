import Testing
import TextKit

@testable import Judging

/// The form that a request asks for, checked for the owner of a log and for a client of the gateway.
struct FormCheckTests {
  private static func form(_ format: String) throws -> AnswerForm {
    AnswerForm(try JSONParser.parse(Array(format.utf8)))
  }

  private static func schema(_ schema: String) throws -> AnswerForm {
    try form(#"{"type":"json_schema","json_schema":{"schema":\#(schema)}}"#)
  }

  /// Where both agree: forms without patterns and without costly references.
  @Test(
    arguments: [
      (#"{"type":"text"}"#, "no JSON", nil), ("{}", "", nil), ("null", "x", nil),
      (#"{"type":"json_object"}"#, " {} ", nil),
      (#"{"type":"json_object"}"#, "[]", .invalidJSON), (#"{"type":"json_object"}"#, "{", .invalidJSON),
      (#"{"type":"json_object"}"#, "```json\n{}\n```", .invalidJSON),
      (#"{"type":"json_schema","schema":{"type":"integer"}}"#, "1", nil),
      (#"{"type":"json_schema","schema":{"type":"integer"}}"#, "\"1\"", .schemaMismatch),
      (#"{"type":"json_schema","json_schema":{"schema":{"required":["a"]}}}"#, "{}", .schemaMismatch),
      (#"{"type":"json_schema","json_schema":{"schema":{"required":["a"]}}}"#, "a", .invalidJSON),
      (#"{"type":"json_schema"}"#, "1", nil), (#"{"type":"json_schema"}"#, "one", .invalidJSON),
    ] as [(String, String, ValidationFailure?)])
  func checks(format: String, text: String, failure: ValidationFailure?) throws {
    let form = try Self.form(format)
    #expect(FormCheck(bounded: form).failure(of: text) == failure)
    #expect(try FormCheck(complete: form).failure(of: text) == failure)
  }

  @Test func onlyTheOwnerOfALogHasPatternsChecked() throws {
    let form = try Self.schema(#"{"pattern":"^a+$"}"#)
    #expect(FormCheck(bounded: form).failure(of: "\"b\"") == nil)
    #expect(try FormCheck(complete: form).failure(of: "\"b\"") == .schemaMismatch)
  }

  /// What a client's schema makes of a long answer takes no longer than the steps allow; unchecked it counts as one that fits.
  @Test func aSmallSchemaCannotTakeTheProcessor() throws {
    let unique = FormCheck(bounded: try Self.schema(#"{"type":"array","uniqueItems":true}"#))
    let numbers = (0..<100_000).map(String.init).joined(separator: ",")
    #expect(unique.failure(of: "[\(numbers)]") == nil)
    #expect(unique.failure(of: "[\(numbers),7]") == .schemaMismatch)
    let constants = (0..<3_200).map { #"{"const":"\#($0)"}"# }.joined(separator: ",")
    let any = FormCheck(bounded: try Self.schema(#"{"items":{"anyOf":[\#(constants)]}}"#))
    #expect(any.failure(of: #"["3199","none"]"#) == .schemaMismatch)
    #expect(any.failure(of: "[\(numbers)]") == .schemaMismatch, "the first is no text")
    let last = [String](repeating: "\"3199\"", count: 4_000).joined(separator: ",")
    #expect(any.failure(of: "[\(last),1]") == nil, "too much to check")
  }

  @Test func aSchemaThatCannotBeReadIsAnErrorOrJSON() throws {
    let form = try Self.schema(#"{"if":true}"#)
    #expect(throws: SchemaError.unknownKeyword(path: "#/\"if\"")) { try FormCheck(complete: form) }
    #expect(FormCheck(bounded: form).failure(of: "{}") == nil)
    #expect(FormCheck(bounded: form).failure(of: "{") == .invalidJSON)
  }
}
