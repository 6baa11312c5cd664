import Foundation
import Ockham
import Testing

@testable import RequestLog

/// Wide tables by named columns.
struct TableImportTests {
  private func options(_ edit: (inout TableColumns) -> Void = { _ in }) -> ImportOptions {
    var options = ImportOptions()
    options.columns.quality = [.init(model: "small", column: "s"), .init(model: "big", column: "b")]
    edit(&options.columns)
    return options
  }

  @Test func readsNamedColumns() throws {
    let folder = try ImportFolder()
    var options = options {
      $0.prompt = "text"
      $0.id = "key"
      $0.dataset = "set"
      $0.cost = [.init(model: "small", column: "usd")]
      $0.delimiter = UInt8(ascii: ";")
    }
    options.prices = ["big": TokenPrice(inputUSDPerMillion: 10, outputUSDPerMillion: 30)]
    options.columns.inputTokens = [.init(model: "big", column: "in")]
    options.columns.outputTokens = [.init(model: "big", column: "out")]
    let text = """
      \u{FEFF}key;set;text;s;b;usd;in;out
      k1;tea;"one; or
      two";TRUE;0.25;0.001;100;50
      k2;;three;;1;;;7

      """
    let (records, summary) = try folder.run(.csv, [try folder.file("t.csv", text)], options)
    #expect(summary.log.rejectedCount == 0)
    #expect(records.map(\.id) == ["k1", "k2"])
    #expect(records.map(\.dataset) == ["tea", nil])
    #expect(records[0].prompt == "one; or\ntwo")
    #expect(records[0].outcomes[0] == ModelOutcome(name: "small", quality: 1, costUSD: 0.001))
    #expect(records[0].outcomes[1] == ModelOutcome(name: "big", quality: 0.25, costUSD: 0.0025, outputTokens: 50))
    #expect(records[1].outcomes == [ModelOutcome(name: "big", quality: 1, outputTokens: 7)])
  }

  @Test(arguments: [
    ("90", "--quality-range"), ("1.5", "--quality-range"), ("-0.1", "--quality-range"), ("120%", "--quality-map"),
    ("meh", "--quality-map"), ("0x1", "--quality-map"), ("inf", "--quality-map"), ("0,5", "--quality-map"),
  ])
  func refusesOtherQualities(cell: String, remedy: String) throws {
    let folder = try ImportFolder()
    let path = try folder.file("t.csv", "prompt,s,b\ngood,1,1\nbad,\"\(cell)\",1\n")
    let (records, summary) = try folder.run(.csv, [path], options())
    #expect(records.count == 1)
    let problem = try #require(summary.log.problems.first)
    #expect(problem.position == .line(3))
    #expect(problem.description.contains(remedy) && problem.description.contains("\"s\""), "\(problem)")
  }

  @Test(arguments: [
    ("0", 0.0), ("1", 1), ("true", 1), ("False", 0), (" 0.5 ", 0.5), ("1e-1", 0.1), ("", nil), ("NA", nil),
    ("87%", 0.87), ("87.5 %", 0.875), ("yes", 1), ("3/4", 0.75), ("Down", 0), ("1.0000000002", 1),
  ])
  func readsQualities(cell: String, value: Double?) throws {
    #expect(try CellValue.quality(cell, column: "q") == value)
  }

  @Test func namesMissingAndRepeatedColumns() throws {
    let folder = try ImportFolder()
    let path = try folder.file("t.csv", "prompt,s,s2\nq,1,1\n")
    #expect(
      importError { _ = try folder.run(.csv, [path], options()) }
        == .missingColumn(path: path, column: "b", found: ["prompt", "s", "s2"]))
    let twice = try folder.file("u.csv", "prompt,s,b,b\nq,1,1,1\n")
    #expect(importError { _ = try folder.run(.csv, [twice], options()) } == .repeatedColumn(path: twice, column: "b"))
    let empty = try folder.file("v.csv", "")
    #expect(importError { _ = try folder.run(.csv, [empty], options()) } == .noHeader(path: empty))
  }

  @Test func namesRowsOfAnotherWidth() throws {
    let folder = try ImportFolder()
    let path = try folder.file("t.csv", "prompt,s,b\nq,1\nq2,1,1\nq3,1,1,1\n")
    let (records, summary) = try folder.run(.csv, [path], options())
    #expect(records.map(\.id) == ["t/1"])
    #expect(summary.log.problems.map(\.position) == [.line(2), .line(4)])
  }

  @Test(arguments: ["out.jsonl", "out.sqlite"]) func tellsRepeatedIDsApart(output: String) throws {
    let folder = try ImportFolder()
    let path = try folder.file("t.csv", "k,prompt,s,b\nx,q,1,1\nx,q2,1,1\nx,q,0,1\nx,q3,1,1\n")
    let (records, summary) = try folder.run(.csv, [path], options { $0.id = "k" }, output: output)
    // A row with the same request is part of the record; SQLite has room for one row of an id.
    let isDatabase = output.hasSuffix("sqlite")
    #expect(records.map(\.id) == (isDatabase ? ["x", "x~2", "x~3", "x~4"] : ["x", "x~2", "x~3"]))
    #expect(summary.log.records == 4 && summary.log.rejectedCount == 0)
    #expect(summary.notes.contains { $0.contains("distinguished by a number") && $0.hasSuffix("t.csv:3)") })
  }

  @Test func readsScoresOnTheirScale() throws {
    let folder = try ImportFolder()
    var marks = options()
    marks.ratings.range = 1...5
    marks.ratings.words = ["n/s": 0.5]
    let path = try folder.file("t.csv", "prompt,s,b\nq,5,2\nq2,n/s,80%\nq3,6,1\n")
    let (records, summary) = try folder.run(.csv, [path], marks)
    #expect(records.map { $0.qualities } == [["small": 1, "big": 0.25], ["small": 0.5, "big": 0.8]])
    #expect(summary.log.problems.first?.description.contains("expected a number from 1 to 5") == true)
  }

  @Test func stopsAtTheFirstBadRowWhenStrict() throws {
    let folder = try ImportFolder()
    var strict = options()
    strict.isStrict = true
    let path = try folder.file("t.csv", "prompt,s,b\nq,1,1\nq2,9,1\n")
    let error = importError { _ = try folder.run(.csv, [path], strict) }
    guard case .log(.rejected(let problem)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problem.position == .line(3))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out.jsonl"))
  }

  @Test func showsNoPrompts() throws {
    let folder = try ImportFolder()
    let path = try folder.file("t.csv", "prompt,s,b\nmy secret words,my secret quality words,1\nq,1,1\n")
    let (_, summary) = try folder.run(.csv, [path], options())
    #expect(!"\(summary.log.problems)".contains("secret"))
  }
}
