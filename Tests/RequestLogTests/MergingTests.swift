import Foundation
import Ockham
import Testing

@testable import RequestLog

/// Rows of one record.
@Suite struct MergingTests {
  private func read(
    _ files: [String], by key: MergeKey? = .id, gathersAll: Bool = false
  ) throws -> (records: [LogRecord], summary: LogSummary) {
    let folder = try TemporaryFolder()
    let paths = try files.enumerated().map { try folder.file("log\($0.offset).jsonl", $0.element) }
    var options = LogOptions(keepsAnswers: true, merging: key)
    if !gathersAll { return try LogSource(paths: paths, options: options).readAll() }
    // As on a pipe: no one counted the keys before.
    options.repeats = nil
    var stream = LogStream(paths: paths, options: options, totalBytes: nil)
    var records: [LogRecord] = []
    while let entry = try stream.next() { if case .record(let record) = entry { records.append(record) } }
    return (records, stream.summary)
  }

  private func row(_ id: String, _ outcomes: String, _ more: String = "", asks prompt: String = "q") -> String {
    #"{"id":"\#(id)","prompt":"\#(prompt)","outcomes":{\#(outcomes)}\#(more)}"# + "\n"
  }

  @Test(arguments: [false, true]) func unitesOutcomesOfOneID(gathersAll: Bool) throws {
    let text =
      row("a", #""s":{"quality":1,"cost_usd":0.5}"#) + row("b", #""s":{"quality":0}"#, asks: "other")
      + row("a", #""f":{"quality":0}"#, #","dataset":"d""#)
    let (records, summary) = try read([text], gathersAll: gathersAll)
    #expect(Set(records.map(\.id)) == ["a", "b"])
    let a = try #require(records.first { $0.id == "a" })
    #expect(a.outcomes == [ModelOutcome(name: "s", quality: 1, costUSD: 0.5), ModelOutcome(name: "f", quality: 0)])
    #expect(a.dataset == "d")
    #expect(summary.records == 2 && summary.merged == 1 && summary.contradictions == 0 && summary.rejectedCount == 0)
    #expect("\(summary)".contains("1 rows merged into the record of an earlier one, 0 contradictions averaged"))
  }

  @Test func averagesAndCountsContradictions() throws {
    let rows = [1, 0, 0].map { row("a", #""s":{"quality":\#($0),"output_tokens":4,"answer":"x\#($0)"}"#) }
    let (records, summary) = try read([rows.joined()])
    #expect(records[0].outcomes == [ModelOutcome(name: "s", quality: 1.0 / 3, outputTokens: 4, answer: .text("x1"))])
    #expect(summary.contradictions == 1 && summary.merged == 2)
  }

  @Test func mergesOverFilesAndKeepsStrangersApart() throws {
    let (records, summary) = try read([
      row("a", #""s":{"quality":1}"#, asks: "q") + row("b", #""s":{"quality":1}"#, asks: "one"),
      row("a", #""f":{"quality":0}"#, asks: "q") + row("b", #""s":{"quality":0}"#, asks: "two"),
    ])
    #expect(records.map(\.id) == ["a", "b", "b"] && records[0].qualities == ["s": 1, "f": 0])
    #expect(summary.merged == 1 && summary.rejectedCount == 0)
  }

  @Test(arguments: [false, true]) func rejectsAnotherRequestUnderAnID(gathersAll: Bool) throws {
    let text = "\n" + row("a", #""s":{"quality":1}"#, asks: "one") + row("a", #""s":{"quality":0}"#, asks: "two")
    let (records, summary) = try read([text], gathersAll: gathersAll)
    #expect(records.count == 1 && summary.duplicates == 1)
    #expect(summary.problems[0].description.contains("log0.jsonl:3: id: expected one request for an id"))
    #expect(summary.problems[0].description.contains("line 3 has the id of line 2 and asks something else"))
  }

  @Test func mergesByContent() throws {
    let text = row("a", #""s":{"quality":1}"#) + row("b", #""f":{"quality":0}"#) + row("c", "", asks: "other")
    let (records, summary) = try read([text], by: .content)
    #expect(records.map(\.id) == ["a", "c"] && records[0].qualities == ["s": 1, "f": 0] && summary.merged == 1)
  }

  @Test func aRecordOfSeveralDrawsHasNone() throws {
    let draws = [0.5, 0.25].map { row("a", #""s":{"quality":1}"#, #","served":"s","propensity":\#($0)"#) }
    let (records, _) = try read([draws.joined()])
    #expect(records[0].propensity == nil && records[0].served == nil)
    let same = try read([draws[0] + draws[0]]).records
    #expect(same[0].propensity == 0.5 && same[0].served == "s")
    let folder = try TemporaryFolder()
    let source = LogSource(
      paths: [try folder.file("log.jsonl", draws.joined())], options: LogOptions(merging: .id))
    #expect(try source.unmerged.readAll().records.map(\.propensity) == [0.5, 0.25])
  }

  @Test func waitsForNoRowThatIsRejected() throws {
    let text = row("a", #""s":{"quality":1}"#) + row("a", #""f":{"quality":7}"#) + row("z", "", asks: "other")
    let (records, summary) = try read([text])
    #expect(Set(records.map(\.id)) == ["a", "z"] && summary.rejectedCount == 1 && summary.merged == 0)
  }

  /// Ids are the same however a line spells them, and whether it begins with them.
  @Test(arguments: [
    (#"{"id":"a","prompt":"q"}"#, #"{"prompt":"q","id":"a"}"#),
    (#" { "id" : "a" , "prompt":"q"}"#, #"{"id":"\u0061","prompt":"q"}"#),
    (#"{"id":17,"prompt":"q"}"#, #"{"prompt":"q","id":"17"}"#),
    (#"{"id":"é","prompt":"q"}"#, #"{"id":"\u00e9","prompt":"q"}"#),
    (#"{"id":17,"prompt":"q"}"#, #"{"id":17 ,"prompt":"q"}"#),
  ]) func findsAnIDWhereverItStands(first: String, second: String) throws {
    let (records, summary) = try read([first + "\n" + second + "\n" + #"{"id":"z","prompt":"other"}"#])
    #expect(records.count == 2 && summary.merged == 1 && summary.rejectedCount == 0)
  }

  @Test func keepsAPipeForBothPasses() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path + "/pipe"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    let rows = (0..<300).map { row("r\($0 % 299)", #""s":{"quality":\#($0 % 2)}"#, asks: "q\($0 % 299)") }.joined()
    let writer = Thread { try? FileHandle(forWritingTo: URL(filePath: pipe)).write(contentsOf: Data(rows.utf8)) }
    writer.start()
    let source = LogSource(paths: [pipe], options: LogOptions(merging: .id))
    let (records, summary) = try source.readAll()
    #expect(records.map(\.id) == (1..<299).map { "r\($0)" } + ["r0"] && summary.merged == 1)
    #expect(try source.unmerged.readAll().records.count == 300)
  }

  @Test func rowsOfOneIDPassThroughInOrder() throws {
    let text = (0..<50).map { row("r\($0)", "", asks: "q\($0)") }.joined()
    #expect(try read([text]).records.map(\.id) == (0..<50).map { "r\($0)" })
  }
}

/// What reading skips and names.
@Suite struct RemarkTests {
  private func remarks(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    return try drain(LogSource(paths: [try folder.file("log.jsonl", text)])).summary.remarks.map(\.description)
  }

  @Test func namesNearMissesOfKeys() throws {
    let row = #"{"promt":"x","prompt":"q","outcomes":{"m":{"score":1,"cost":2,"qualty":1}},"datset":"d"}"# + "\n"
    let found = try remarks("\n" + row + row).joined(separator: "\n")
    #expect(found.contains(#"2 × outcomes: unknown key "score" skipped: did you mean "quality"? (first: "#))
    #expect(found.contains(#""cost" skipped: did you mean "cost_usd"?"#) && found.contains("log.jsonl:2)"))
    #expect(found.contains(#""qualty" skipped: did you mean "quality"?"#))
    #expect(found.contains(#"unknown key "datset" skipped: did you mean "dataset"?"#))
    // The right key is there: nothing was meant.
    #expect(!found.contains("promt"))
  }

  @Test func leavesOtherKeysAlone() throws {
    #expect(try remarks(#"{"prompt":"q","outcomes":{"m":{"quality":1,"score":3}},"team":"x","reference":"y"}"#) == [])
  }

  @Test func dropsUnknownTasksAndKeepsRows() throws {
    let row = #"{"prompt":"q","task":"cooking"}"# + "\n"
    let found = try remarks(row + row + #"{"prompt":"q","task":"code"}"#)
    #expect(found.count == 1 && found[0].hasPrefix(#"2 × unknown task "cooking": the label is left out"#))
    #expect(try record(#"{"prompt":"q","task":"cooking"}"#).task == nil)
  }

  @Test func namesPromptsThatAreLists() throws {
    let found = try remarks(#"{"prompt":"['q']"}"# + "\n" + #"{"prompt":"[a] b"}"# + "\n" + #"{"prompt":"[\"q\"]"}"#)
    #expect(found.count == 1 && found[0].hasPrefix("2 × prompt that is a list"))
  }

  @Test func truthsAreQualities() throws {
    let found = try record(#"{"prompt":"q","outcomes":{"a":{"quality":true},"b":{"quality":false}}}"#)
    #expect(found.qualities == ["a": 1, "b": 0])
  }
}
