import Testing

@testable import RequestLog

/// Marks on another scale than 0…1 end the reading of a log: the rows that are left would be a choice of the best, or of the worst.
@Suite struct MarksOffScaleTests {
  private func read(_ marks: [String]) throws -> (error: LogError?, summary: LogSummary?) {
    let folder = try TemporaryFolder()
    let rows = marks.enumerated().map { #"{"id":"\#($0)","prompt":"swordfish","outcomes":{"m":{"quality":\#($1)}}}"# }
    let path = try folder.file("a.jsonl", rows.joined(separator: "\n") + "\n")
    var summary: LogSummary?
    let error = logError { summary = try LogSource(paths: [path]).forEachRecord { _ in } }
    return (error, summary)
  }

  @Test(arguments: [
    (["1", "-1", "1", "-1", "-1"], "3 of 5 rows, from -1 to -1", "-1..1"),
    (["1", "2", "5", "4", "1"], "3 of 5 rows, from 2 to 5", "1..5"),
    (["1", "0", "7", "9", "10"], "3 of 5 rows, from 7 to 10", "1..10"),
    (["100", "0", "50", "20"], "3 of 4 rows, from 20 to 100", "0..100"),
    (["4.5", "3.5", "1.0", "2.5"], "3 of 4 rows, from 2.5 to 4.5", "1..5"),
    (["-3", "2", "3"], "3 of 3 rows, from -3 to 3", "-3..3"),
    (["400", "800", "250"], "3 of 3 rows, from 250 to 800", "0..800"),
  ])
  func anotherScaleIsRefused(marks: [String], found: String, scale: String) throws {
    let error = try #require(try read(marks).error)
    #expect("\(error)".contains("expected qualities from 0 to 1, found others in \(found)") && error.exitStatus == 65)
    #expect("\(error)".contains("--quality-range \(scale) --output scaled.jsonl") && !"\(error)".contains("swordfish"))
  }

  @Test func aFewFaultsAreRejectedRows() throws {
    let two = try read(["1", "0", "2", "0.5", "-1"])
    #expect(two.error == nil && two.summary?.rejected == [.outOfRange: 2] && two.summary?.marksOffScale?.rows == 2)
    let threeOfMany = try read(["7", "7", "7"] + [String](repeating: "1", count: 297))
    #expect(threeOfMany.error == nil && threeOfMany.summary?.records == 297)
    #expect(try read(["7", "7", "7"] + [String](repeating: "1", count: 296)).error != nil)
  }

  @Test func otherNumbersOutOfRangeAreNoMarks() throws {
    let folder = try TemporaryFolder()
    let row = #"{"prompt":"p","outcomes":{"m":{"quality":1,"cost_usd":-1}}}"# + "\n"
    let path = try folder.file("a.jsonl", String(repeating: row, count: 5) + #"{"prompt":"p"}"#)
    #expect(try LogSource(paths: [path]).readAll().summary.marksOffScale == nil)
  }
}
