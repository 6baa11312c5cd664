import GRDB
import Ockham
import Testing

@testable import RequestLog

/// How a request was routed, why its outcomes were rated, and what was answered.
@Suite struct DrawTests {
  @Test func everyKey() throws {
    let line =
      #"{"id":"r2","prompt":"x","outcomes":{"small":{"quality":0.5,"origin":"shadow","inclusion":0.08,"gold":{"quality":1,"inclusion":0.1,"raters":["a","b"]}}},"served":"mid","#
      + #""propensity":0.98,"allowed":["small","mid"],"eligible":true,"conversation":"c9","policy_hash":"1f0c","#
      + #""steps":[{"tier":"small","propensity":1,"accepted":false},{"tier":"mid","propensity":0.98,"accepted":true}],"#
      + #""label_rate":0.25,"audit_rate":0.01,"failed":true}"#
    var expected = LogRecord(
      id: "r2", request: Request(prompt: "x"),
      outcomes: [
        ModelOutcome(
          name: "small", quality: 0.5, inclusion: 0.08, origin: .shadow,
          gold: GoldRating(quality: 1, inclusion: 0.1, raters: ["a", "b"]))
      ], propensity: 0.98)
    expected.served = "mid"
    expected.allowed = ["small", "mid"]
    expected.eligible = true
    expected.conversation = "c9"
    expected.policyHash = "1f0c"
    expected.steps = [
      CascadeStep(tier: "small", propensity: 1, isAccepted: false),
      CascadeStep(tier: "mid", propensity: 0.98, isAccepted: true),
    ]
    (expected.labelRate, expected.auditRate, expected.failed) = (0.25, 0.01, true)
    #expect(try record(line) == expected)
  }

  @Test func nullIsAbsent() throws {
    let line =
      #"{"id":"a","prompt":"x","outcomes":{"m":{"answer":null,"origin":null,"inclusion":null,"gold":null}},"served":null,"#
      + #""allowed":null,"eligible":null,"conversation":null,"policy_hash":null,"steps":null,"label_rate":null,"audit_rate":null,"failed":null}"#
    let expected = LogRecord(id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m")])
    #expect(try record(line, options: LogOptions(keepsAnswers: true)) == expected)
  }

  @Test func aNumberNamesAConversation() throws {
    #expect(try record(#"{"prompt":"x","conversation":17}"#).conversation == "17")
  }

  @Test(arguments: [
    (#""served":"b","outcomes":{"a":{"quality":1},"b":null}"#, "b"),
    (#""outcomes":{"a":{"quality":1},"b":{"cost_usd":1}}"#, "a"),
    (#""outcomes":{"a":{"quality":1},"b":{"quality":1}}"#, nil),
    (#""outcomes":{"a":{"quality":1},"b":{"quality":1,"origin":"shadow"}}"#, "a"),
    (#""outcomes":{"b":{"quality":1,"origin":"audit"}}"#, nil), (#""outcomes":{}"#, nil), (#""served":"a""#, "a"),
  ])
  func whoServed(fields: String, served: String?) throws {
    #expect(try record(#"{"prompt":"x",\#(fields)}"#).servedName == served)
  }

  @Test(arguments: [
    ("", false), (#","propensity":1"#, false), (#","propensity":0.9"#, true),
    (#","propensity":0.9,"eligible":false"#, false), (#","eligible":true"#, true),
  ])
  func whatChanceCouldDraw(fields: String, isEligible: Bool) throws {
    #expect(try record(#"{"prompt":"x"\#(fields)}"#).isEligible == isEligible)
  }

  @Test func whatWasAllowed() throws {
    let all = try record(#"{"prompt":"x"}"#)
    #expect(all.allows("small") && all.allows("frontier"))
    let some = try record(#"{"prompt":"x","allowed":["small"]}"#)
    #expect(some.allows("small") && !some.allows("frontier"))
  }
}

@Suite struct AnswerTests {
  private func answer(_ json: String, keepsAnswers: Bool = true) throws -> ModelAnswer? {
    let line = #"{"prompt":"x","outcomes":{"m":{"quality":1,"answer":\#(json)}}}"#
    return try record(line, options: LogOptions(keepsAnswers: keepsAnswers)).outcomes[0].answer
  }

  @Test(arguments: [
    (#""four""#, ModelAnswer.text("four")), (#""""#, .text("")),
    (#"{"role":"assistant","content":"four"}"#, .message(AnswerMessage(text: "four"))),
    (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, .message(AnswerMessage(text: "a\nb"))),
    (#"{"content":null,"finish_reason":"length"}"#, .message(AnswerMessage(finishReason: "length"))),
    (
      #"{"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"function":{"name":"g"}}]}"#,
      .message(AnswerMessage(toolCalls: [.init(name: "f", arguments: "{}"), .init(name: "g")]))
    ),
    (#"{"content":"a","logprobs":[-0.5,0]}"#, .message(AnswerMessage(text: "a", logprobs: [-0.5, 0]))),
    (
      #"{"content":"a","logprobs":{"content":[{"token":"a","logprob":-0.25,"bytes":[97],"top_logprobs":[]}]}}"#,
      .message(AnswerMessage(text: "a", logprobs: [-0.25]))
    ),
    (#"{"content":"a","logprobs":{"content":null}}"#, .message(AnswerMessage(text: "a"))),
    (#"{"content":"a","logprobs":[{"logprob":-2}]}"#, .message(AnswerMessage(text: "a", logprobs: [-2]))),
  ])
  func forms(json: String, expected: ModelAnswer) throws {
    #expect(try answer(json) == expected)
  }

  @Test func textOfEitherForm() {
    #expect(ModelAnswer.text("a").text == "a" && ModelAnswer.text("a").message == nil)
    let message = AnswerMessage(text: "b", finishReason: "stop")
    #expect(ModelAnswer.message(message).text == "b" && ModelAnswer.message(message).message == message)
  }

  /// Logs that kept something else under this name are read as they were before answers were known.
  @Test func answersThatNobodyAsksForAreNotLookedAt() throws {
    #expect(try answer("17", keepsAnswers: false) == nil)
    #expect(try answer(#""four""#, keepsAnswers: false) == nil)
  }

  @Test func anOutcomeGrowsByOneWordForIt() {
    #expect(MemoryLayout<ModelAnswer?>.size == MemoryLayout<Int>.size)
  }

  @Test func unwritableLogprobs() {
    let answer = ModelAnswer.message(AnswerMessage(text: "a", logprobs: [.nan]))
    let record = LogRecord(
      id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m", answer: answer)])
    let violation = #expect(throws: RecordViolation.self) { try record.validate() }
    #expect(violation?.reason == .notFinite && violation?.field == #"outcomes["m"].answer.logprobs[0]"#)
  }
}

/// Databases of every age and of other programs.
@Suite struct DrawColumnTests {
  private static let options = LogOptions(keepsAnswers: true)

  private func database(_ path: String, upTo migration: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path)
    try LogSchema.migrator.migrate(queue, upTo: migration)
    try queue.write { database in
      try database.execute(sql: "INSERT INTO requests (id, request) VALUES ('a', '{\"prompt\":\"x\"}')")
      try database.execute(sql: "INSERT INTO outcomes (request_id, name, quality) VALUES ('a', 'small', 1)")
    }
    return queue
  }

  @Test(arguments: [
    "requests and outcomes", "features in place of text", "draws, answers, inclusion", "rates of labels",
  ])
  func olderSchemas(migration: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    try database(path, upTo: migration).close()
    let old = LogRecord(
      id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "small", quality: 1)])
    #expect(try drain(LogSource(paths: [path], options: Self.options)).records == [old])
    var new = LogRecord(
      id: "b", request: Request(prompt: "y"),
      outcomes: [ModelOutcome(name: "m", inclusion: 0.5, origin: .audit, answer: .text("z"))])
    new.served = "m"
    let writer = try SQLiteWriter(path: path, mode: .append)
    try writer.write(new)
    try writer.finish()
    #expect(try drain(LogSource(paths: [path], options: Self.options)).records == [old, new])
  }

  /// A gateway's own table says how requests ended; who caused an error is no evidence about them.
  @Test func failuresOfAGateway() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let queue = try database(path, upTo: "rates of labels")
    try queue.write { database in
      try database.execute(
        sql: "CREATE TABLE decisions (request_id TEXT PRIMARY KEY NOT NULL, status INTEGER NOT NULL, error_code TEXT)")
    }
    func failed(_ values: String) throws -> Bool? {
      try queue.write { try $0.execute(sql: "INSERT OR REPLACE INTO decisions VALUES ('a', \(values))") }
      return try drain(LogSource(paths: [path])).records[0].failed
    }
    let found = [
      try failed("200, NULL"), try failed("200, 'upstream'"), try failed("502, 'upstream'"), try failed("429, 'x'"),
    ]
    #expect(found == [false, true, true, nil])
    try queue.close()
    try SQLiteWriter(path: path, mode: .append).finish()
    let left = try drain(LogSource(paths: [path])).records[0]
    #expect(left.failed == nil)
  }

  /// Each column is read where it is there, and may be missing by itself.
  @Test func someOfTheColumns() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let queue = try database(path, upTo: "features in place of text")
    try queue.write { database in
      try database.execute(sql: "ALTER TABLE requests ADD COLUMN Served TEXT")
      try database.execute(sql: "ALTER TABLE outcomes ADD COLUMN origin TEXT")
      try database.execute(sql: "UPDATE requests SET served = 'small'")
      try database.execute(sql: "UPDATE outcomes SET origin = 'served'")
    }
    try queue.close()
    let read = { try drain(LogSource(paths: [path], options: Self.options)).records[0] }
    #expect(try read().served == "small" && read().outcomes[0].origin == .served)
    try SQLiteWriter(path: path, mode: .append).finish()
    #expect(try read().served == "small" && read().outcomes[0].origin == .served)
  }

  @Test(arguments: [
    ("requests", "eligible = 2", "eligible: expected 0 or 1, found 2; fix the value or set it to NULL"),
    ("requests", "served = 'smal'", "served: expected a name of outcomes or allowed, found \"smal\""),
    ("requests", "allowed = '[]'", "allowed: expected at least one name, found an empty array"),
    ("requests", "allowed = '[1]'", "allowed[0]: expected a name, found 1"),
    ("requests", "allowed = 'small'", "allowed: expected a JSON array, found a string of 5 bytes"),
    ("requests", "steps = '[{}]'", "steps[0].tier: expected the tier that was asked, found none; add it"),
    ("requests", "conversation = x'00'", "conversation: expected a string, found a blob of 1 bytes"),
    ("outcomes", "inclusion = 0", #"outcomes["small"].inclusion: expected a number above 0, at most 1, found 0.0"#),
    ("outcomes", "origin = 'x'", #"outcomes["small"].origin: expected served, shadow, audit, feedback, collected"#),
    (
      "outcomes", "answer = 'four'", #"outcomes["small"].answer: expected a JSON string or object, found a string of 4"#
    ),
    ("outcomes", "answer = '[]'", #"outcomes["small"].answer: expected a string or a message object, found an array"#),
  ])
  func violations(table: String, assignment: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let queue = try database(path, upTo: "draws, answers, inclusion")
    try queue.write { try $0.execute(sql: "UPDATE \(table) SET \(assignment)") }
    try queue.close()
    let (records, summary) = try drain(LogSource(paths: [path], options: Self.options))
    #expect(records.isEmpty)
    #expect("\(summary.problems[0].violation)".hasPrefix(message), "\(summary.problems[0].violation)")
  }

  /// A program that keeps tables of its own beside the log has applied its migrations before the log got a new one.
  @Test func aFileThatIsMoreThanALog() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let queue = try database(path, upTo: "features in place of text")
    var own = DatabaseMigrator()
    own.registerMigration("own") { try $0.execute(sql: "CREATE TABLE own (id INTEGER)") }
    try own.migrate(queue)
    var both = LogSchema.migrator
    both.registerMigration("own") { try $0.execute(sql: "CREATE TABLE own (id INTEGER)") }
    try both.migrate(queue)
    #expect(try queue.read { try $0.columns(in: "requests").map(\.name).contains("served") })
    try queue.close()
    #expect(try drain(LogSource(paths: [path], options: Self.options)).records.map(\.id) == ["a"])
  }

  /// Long answers end a batch early, and the order stays.
  @Test func longAnswers() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    let text = String(repeating: "é", count: LogRows.batchBytes / 4)
    let records = (0..<7).map {
      LogRecord(
        id: "\($0)", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m", answer: .text(text))])
    }
    for record in records { try writer.write(record) }
    try writer.finish()
    #expect(try drain(LogSource(paths: [path], options: Self.options)).records == records)
  }
}
