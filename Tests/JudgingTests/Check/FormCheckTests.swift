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
    ] as [(String, String, AnswerFlaw?)])
  func checks(format: String, text: String, flaw: AnswerFlaw?) throws {
    let form = try Self.form(format)
    #expect(FormCheck(bounded: form).flaw(of: text) == flaw)
    #expect(try FormCheck(complete: form).flaw(of: text) == flaw)
  }

  @Test func onlyTheOwnerOfALogHasPatternsChecked() throws {
    let form = try Self.schema(#"{"pattern":"^a+$"}"#)
    #expect(FormCheck(bounded: form).flaw(of: "\"b\"") == nil)
    #expect(try FormCheck(complete: form).flaw(of: "\"b\"") == .schemaMismatch)
  }

  @Test func aSchemaThatCannotBeReadIsAnErrorOrJSON() throws {
    let form = try Self.schema(#"{"if":true}"#)
    #expect(throws: SchemaError.unknownKeyword(path: "#/\"if\"")) { try FormCheck(complete: form) }
    #expect(FormCheck(bounded: form).flaw(of: "{}") == nil)
    #expect(FormCheck(bounded: form).flaw(of: "{") == .invalidJSON)
  }
}
