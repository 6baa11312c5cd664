import Foundation
import GRDB
import Testing
import TextKit

@testable import RequestLog

/// A gateway's database of some age, made of the columns that this reader asks for.
private struct GatewayFile {
  let folder: TemporaryFolder
  let queue: DatabaseQueue
  var path: String { folder.path + "/gateway.sqlite" }

  private static let oldColumns = """
    request_id TEXT PRIMARY KEY NOT NULL, time REAL NOT NULL, requested_model TEXT NOT NULL DEFAULT 'auto', key_name TEXT,
    policy TEXT NOT NULL DEFAULT 'p', reason TEXT NOT NULL DEFAULT 'r', rules TEXT, tier TEXT, target TEXT,
    probabilities TEXT, gain REAL, threshold REAL, task TEXT, decision_ns INTEGER NOT NULL DEFAULT 9, answered_tier TEXT,
    answered_target TEXT, status INTEGER NOT NULL DEFAULT 200, error_code TEXT, ttft_ms REAL,
    latency_ms REAL NOT NULL DEFAULT 5, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL
    """

  init(isOld: Bool = false) throws {
    folder = try TemporaryFolder()
    queue = try DatabaseQueue(path: folder.path + "/gateway.sqlite")
    try LogSchema.migrator.migrate(queue)
    let newColumns = ", conversation TEXT, eligible INTEGER, observed_tier TEXT, booked_usd REAL, strongest_usd REAL"
    try run(
      "CREATE TABLE decisions (\(Self.oldColumns)\(isOld ? "" : newColumns))",
      """
      CREATE TABLE attempts (request_id TEXT, position INTEGER, target TEXT, tier TEXT, failure TEXT, input_tokens INTEGER,
        output_tokens INTEGER, cached_input_tokens INTEGER, cache_write_tokens INTEGER, cost_usd REAL)
      """, "CREATE TABLE feedback (id INTEGER PRIMARY KEY, request_id TEXT, quality REAL)")
    if isOld { return }
    try run(
      "CREATE TABLE labels (request_id TEXT, cost_usd REAL, judge_usd REAL, missing TEXT)",
      """
      CREATE TABLE canary_turns (canary TEXT, conversation TEXT, time REAL, is_candidate INTEGER, cost_usd REAL,
        latency_ms REAL, failed INTEGER)
      """,
      """
      CREATE TABLE experiment_turns (experiment TEXT, arm TEXT, conversation TEXT, time REAL, cost_usd REAL, latency_ms REAL,
        failed INTEGER, quality REAL)
      """, "CREATE TABLE alerts (name TEXT, cause TEXT, remedy TEXT, time REAL)",
      "CREATE TABLE receipts (sequence INTEGER PRIMARY KEY NOT NULL, request_id TEXT, content TEXT, hash TEXT)")
  }

  func run(_ statements: String...) throws {
    try queue.write { database in for statement in statements { try database.execute(sql: statement) } }
  }

  func decisions(_ period: Range<Double> = 0..<1e10) throws -> [GatewayDecision] {
    var found: [GatewayDecision] = []
    try GatewayLog(path: path).forEach(in: period) { found.append($0) }
    return found
  }
}

/// What a gateway did, as its database has it.
@Suite struct GatewayLogTests {
  @Test func periodsAreHalfOpenAndInOrderOfTime() throws {
    let file = try GatewayFile()
    try file.run("INSERT INTO decisions (request_id, time) VALUES ('d', 30), ('b', 20), ('a', 10), ('c', 25)")
    #expect(try file.decisions().map(\.id) == ["a", "b", "c", "d"])
    #expect(try file.decisions(20..<30).map(\.id) == ["b", "c"] && file.decisions(30..<30).isEmpty)
  }

  /// What was tried: thrown away, failed, and the one attempt that answered, whose tokens and dollars are its own.
  @Test func attemptsAreAddedUp() throws {
    let file = try GatewayFile()
    try file.run(
      """
      INSERT INTO decisions (request_id, time, tier, answered_tier, answered_target, cost_usd)
        VALUES ('a', 1, 'small', 'mid', 'x', 1.5), ('b', 2, 'small', NULL, NULL, NULL)
      """,
      """
      INSERT INTO attempts (request_id, position, target, tier, failure, input_tokens, output_tokens, cost_usd) VALUES
        ('a', 3, 'x', 'mid', NULL, 40, 41, 0.5), ('a', 4, 'x', 'mid', NULL, 50, 51, 8), ('a', 0, 's', 'small', 'rejected', 1, 2, 0.25),
        ('a', 1, 'x', 'mid', 'timeout', 9, 9, 4), ('a', 2, 'x', 'other', NULL, 30, 31, 2), ('a', 5, 's', 'small', 'rejected', 1, 2, NULL)
      """)
    let found = try file.decisions()
    #expect(found[0].attempts == 6 && found[0].rejected == 2 && found[0].rejectedUSD == 0.25 && found[0].failed == 1)
    #expect(found[0].answerInputTokens == 40 && found[0].answerOutputTokens == 41 && found[0].answerUSD == 0.5)
    #expect(found[0].costUSD == 1.5 && found[0].target == "x")
    #expect(found[1].attempts == 0 && found[1].answerUSD == nil && found[1].costUSD == nil)
  }

  /// Outcomes belong to requests that were drawn; of several words of the client the last counts.
  @Test func labelsAndFeedback() throws {
    let file = try GatewayFile()
    try file.run(
      "INSERT INTO decisions (request_id, time, rules, probabilities, eligible) VALUES ('a', 1, '[\"x\",7,\"y\"]', '{\"t2\":0.5,\"t1\":0.25,\"t0\":null}', 1), ('b', 2, 'damaged', '[', 0), ('c', 3, NULL, NULL, NULL)",
      "INSERT INTO requests (id, request, features) VALUES ('a', '{\"prompt\":\"q\"}', NULL), ('b', NULL, x'00')",
      "INSERT INTO outcomes (request_id, name, quality, cost_usd, origin, inclusion) VALUES ('a', 'm', 1, 0.5, 'served', 0.125), ('a', 'n', NULL, 2, 'later', NULL), ('b', 'm', 0, 1, 'shadow', 1)",
      "INSERT INTO labels VALUES ('a', 0.75, 0.5, NULL), ('c', 0, 0, 'judge')",
      "INSERT INTO feedback (id, request_id, quality) VALUES (3, 'a', 0.5), (1, 'a', 1), (2, 'b', 0)")
    let found = try file.decisions()
    #expect(
      found[0].outcomes == [
        GatewayDecision.Outcome(name: "m", quality: 1, costUSD: 0.5, inclusion: 0.125, origin: .served),
        GatewayDecision.Outcome(name: "n", quality: nil, costUSD: 2, inclusion: nil, origin: nil),
      ])
    #expect(found[1].outcomes.isEmpty && found[2].outcomes.isEmpty, "what was not drawn has no outcomes here")
    #expect(found.map(\.isDrawn) == [true, false, true] && found.map(\.missing) == [nil, nil, "judge"])
    #expect(found.map(\.labelUSD) == [0.75, 0, 0] && found.map(\.judgeUSD) == [0.5, 0, 0])
    #expect(found.map(\.feedback) == [0.5, 0, nil] && found.map(\.hasText) == [true, false, false])
    #expect(found.map(\.rules) == [["x", "y"], [], []] && found.map(\.isEligible) == [true, false, nil])
    #expect(found[0].probabilities.map(\.tier) == ["t2", "t1"] && found[0].probabilities.map(\.value) == [0.5, 0.25])
    #expect(found[1].probabilities.isEmpty)
  }

  @Test func whatAnOlderGatewayDidNotWriteIsUnknown() throws {
    let file = try GatewayFile(isOld: true)
    try file.run(
      "INSERT INTO decisions (request_id, time, tier, key_name) VALUES ('a', 1, 'small', 'team')",
      "INSERT INTO requests (id, request) VALUES ('a', '{}')",
      "INSERT INTO outcomes (request_id, name, quality) VALUES ('a', 'm', 1)")
    let found = try #require(try file.decisions().first)
    #expect(
      found.tier == "small" && found.key == "team" && found.latencyMilliseconds == 5 && found.decisionNanoseconds == 9)
    #expect(found.conversation == nil && found.isEligible == nil && found.observedTier == nil && found.bookedUSD == nil)
    #expect(!found.isDrawn && found.outcomes.isEmpty && found.labelUSD == 0)
    let log = try GatewayLog(path: file.path)
    let (arms, alerts) = (try log.arms(in: 0..<9), try log.alerts())
    #expect(try arms == nil && alerts == nil && (log.survey().drawn) == 0)
  }

  @Test func aSurveyAddsUpAttemptsThatWerePaidInFull() throws {
    let file = try GatewayFile()
    let empty = try GatewayLog(path: file.path).survey()
    #expect(
      empty.times == nil && empty.requests == 0 && empty.tokens.isEmpty && !empty.keepsRequests && !empty.keepsTexts)
    try file.run(
      "INSERT INTO decisions (request_id, time, tier, answered_tier, probabilities) VALUES ('a', 7, 'mid', 'big', '{\"b\":0.5,\"a\":1}'), ('b', 3, 'mid', NULL, '{\"old\":1}'), ('c', 9, NULL, 'all', NULL)",
      "INSERT INTO requests (id, request, features) VALUES ('a', NULL, x'00')",
      "INSERT INTO labels VALUES ('a', 0, 0, NULL)")
    let rows: [(tier: String, target: String, input: Int?, output: Int?, cost: Double?, cached: Int?)] = [
      ("mid", "x", 3, 4, 0.5, nil), ("mid", "x", 1, 2, 0.25, 0), ("mid", "y", 5, 6, 1, nil), ("mid", "x", 9, 9, 9, 1),
      ("mid", "x", nil, 9, 9, nil), ("mid", "x", 9, 9, nil, nil), ("", "x", 9, 9, 9, nil),
      ("big", "x", 2_000_000_000, 7_000_000_000, 1, nil),
    ]
    try file.queue.write { database in
      for (place, row) in rows.enumerated() {
        try database.execute(
          sql:
            "INSERT INTO attempts (request_id, position, target, tier, input_tokens, output_tokens, cost_usd, cached_input_tokens) VALUES ('a', ?, ?, ?, ?, ?, ?, ?)",
          arguments: [place, row.target, row.tier, row.input, row.output, row.cost, row.cached])
      }
    }
    let survey = try GatewayLog(path: file.path).survey()
    #expect(survey.times == 3...9 && survey.requests == 3 && survey.drawn == 1)
    #expect(survey.weighedTiers == ["b", "a"] && survey.tiers == ["all", "big", "mid"])
    #expect(survey.keepsRequests && !survey.keepsTexts)
    #expect(survey.tokens.map { "\($0.tier) \($0.target) \($0.count)" } == ["big x 1", "mid x 2", "mid y 1"])
    for sums in survey.tokens {
      let own = rows.compactMap { row -> (x: Double, y: Double, c: Double)? in
        guard let input = row.input, let output = row.output, let cost = row.cost, (row.cached ?? 0) == 0,
          row.tier == sums.tier,
          row.target == sums.target
        else { return nil }
        return (Double(input), Double(output), cost)
      }
      func sum(_ term: ((x: Double, y: Double, c: Double)) -> Double) -> Double { own.reduce(0) { $0 + term($1) } }
      #expect(
        sums.inputSquare == sum { $0.x * $0.x } && sums.product == sum { $0.x * $0.y }
          && sums.outputSquare == sum { $0.y * $0.y })
      #expect(
        sums.inputCost == sum { $0.x * $0.c } && sums.outputCost == sum { $0.y * $0.c }
          && sums.costSquare == sum { $0.c * $0.c })
    }
  }

  @Test func armsOfAPeriodAreAddedUp() throws {
    let file = try GatewayFile()
    try file.run(
      "INSERT INTO canary_turns VALUES ('v', 'c1', 1, 1, 0.5, 10, 0), ('v', 'c1', 2, 1, NULL, 30, 1), ('v', 'c2', 2, 0, 2, 50, 0), ('v', 'c3', 5, 0, 9, 9, 1)",
      "INSERT INTO experiment_turns VALUES ('e', 'b', 'c1', 1, 1, 10, 0, 0.5), ('e', 'b', 'c2', 1, 2, 20, 1, NULL), ('e', 'a', 'c3', 4, 4, 40, 0, 1), ('e', 'b', 'c4', 1, 3, 30, 0, 1)",
      "INSERT INTO alerts VALUES ('late', 'c2', 'r2', 8), ('b', 'c1', 'r1', 7), ('a', 'c0', 'r0', 7)")
    let log = try GatewayLog(path: file.path)
    let arms = try #require(try log.arms(in: 1..<5))
    #expect(arms.map { "\($0.experiment)/\($0.arm)" } == ["canary v/candidate", "canary v/incumbent", "e/a", "e/b"])
    #expect(arms.map(\.requests) == [2, 1, 1, 3] && arms.map(\.conversations) == [1, 1, 1, 3])
    #expect(arms.map(\.failures) == [1, 0, 0, 1] && arms.map(\.priced) == [1, 1, 1, 3])
    #expect(arms.map(\.costUSD) == [0.5, 2, 4, 6] && arms.map(\.meanLatencyMilliseconds) == [20, 50, 40, 20])
    #expect(arms.map(\.rated) == [0, 0, 1, 2] && arms.map(\.meanQuality) == [nil, nil, 1, 0.75])
    #expect(try log.arms(in: 5..<5)?.isEmpty == true)
    #expect(try log.alerts()?.map(\.name) == ["a", "b", "late"] && log.alerts()?.last?.remedy == "r2")
  }

  @Test func otherFilesAreNoGateways() throws {
    let folder = try TemporaryFolder()
    let text = try folder.file("a.jsonl", #"{"prompt":"x"}"#)
    let noise = try folder.file(
      "noise.sqlite", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0xA5, count: 4_096))
    let log = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: log)
    try writer.write(LogRecord(id: "a", request: .init(prompt: "x")))
    try writer.finish()
    let missing = folder.path + "/none.sqlite"
    #expect(logError { _ = try GatewayLog(path: missing) } == .missing(path: missing))
    #expect(logError { _ = try GatewayLog(path: log) } == .databaseSchema(path: log, missing: "table decisions"))
    for path in [text, noise] {
      guard case .databaseCorrupt(path, _) = logError({ _ = try GatewayLog(path: path) }) else {
        Issue.record("\(path) is read")
        continue
      }
    }
    #expect(["-", missing, text, noise, log, folder.path].allSatisfy { !GatewayLog.isOne(path: $0) })
    let gateway = try GatewayFile(isOld: true)
    #expect(GatewayLog.isOne(path: gateway.path))
    #expect(logError { _ = try ReceiptReader(path: log) } == .databaseSchema(path: log, missing: "table receipts"))
    #expect(logError { _ = try ReceiptReader(path: missing) } == .missing(path: missing))
  }
}

/// The chain over a gateway's decisions.
@Suite struct DecisionReceiptTests {
  private func content(_ columns: String) throws -> String {
    let row = try DatabaseQueue().read { try Row.fetchOne($0, sql: "SELECT \(columns)") }
    return String(decoding: DecisionReceipt.content(of: try #require(row)), as: UTF8.self)
  }

  /// The bits of a tenth are IEEE 754's.
  @Test func contentsAreColumnsByName() throws {
    #expect(
      try content("1 AS b, 'x\"' AS a, NULL AS c, 0.1 AS d, x'00ff' AS e, -0.0 AS f")
        == #"{"a":"tx\"","b":"i1","d":"r3fb999999999999a","e":"b0 ff","f":"r8000000000000000"}"#)
    #expect(
      try content("2 AS a, 1 AS b") == content("1 AS b, NULL AS later, 2 AS a"), "neither order nor unset columns count"
    )
  }

  /// Values that print alike are other contents.
  @Test func everyValueIsAContentOfItsOwn() throws {
    let values = [
      "1", "1.0", "'1'", "x'31'", "'i1'", "x'0131'", "x'1031'", "x'01' || x'31'", "0.1", "0.10000000000000002", "''",
      "x''", "0", "-1",
      "9223372036854775807", "9223372036854775807.0", "'r3fb999999999999a'", "'é'", "'e\u{301}'",
    ]
    let contents = try values.map { try content("\($0) AS a") } + [content("NULL AS a"), content("1 AS b")]
    #expect(Set(contents.map { Array($0.utf8) }).count == contents.count)
  }

  @Test func hashesAreBoundToPlaceAndPredecessor() {
    let text = String(decoding: DecisionReceipt.bound("c", to: DecisionReceipt.noPrevious, sequence: 1), as: UTF8.self)
    #expect(text == #"{"content":"c","previous":"\#(String(repeating: "0", count: 64))","sequence":1}"#)
  }

  @Test func receiptsStandWithTheirRows() throws {
    let file = try GatewayFile()
    try file.run(
      "INSERT INTO decisions (request_id, time) VALUES ('before', 1), ('a', 2), ('b', 3), ('since', 2), ('later', 9)")
    let reader = try ReceiptReader(path: file.path)
    let none = try reader.unreceipted()
    #expect(none == (5, 0), "before there are receipts, every decision is from before")
    try file.run(
      "INSERT INTO receipts VALUES (2, 'b', 'cb', 'hb'), (1, 'a', 'ca', 'ha'), (3, NULL, 'cn', 'hn'), (4, 'gone', 'cg', 'hg')"
    )
    var found: [DecisionReceipt] = []
    try reader.forEach { receipt in
      found.append(receipt)
      return true
    }
    #expect(found.map(\.sequence) == [1, 2, 3, 4] && found.map(\.requestID) == ["a", "b", nil, "gone"])
    #expect(
      found.map(\.content) == ["ca", "cb", "cn", "cg"] && found.map { $0.row == nil } == [false, false, true, true])
    #expect(found[0].row.map { String(decoding: $0, as: UTF8.self).contains(#""request_id":"ta""#) } == true)
    var count = 0
    try reader.forEach { _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
    let both = try reader.unreceipted()
    #expect(both == (1, 2))
  }
}
