import Foundation
import RequestLog
import Testing

@testable import Labelling

/// Ratings by people: out and in again.
struct RatingTests {
  private static let lines = [
    #"{"prompt":"=1+1","reference":"2","outcomes":{"small":{"answer":"=HYPERLINK(\"x\")"},"frontier":{"answer":"two, \"so\"\nit is"}}}"#,
    #"{"prompt":"q","outcomes":{"small":{"answer":"same"},"frontier":{"answer":"same"}}}"#,
    #"{"prompt":"r","outcomes":{"small":{"quality":1,"answer":"known"}}}"#,
  ]

  private func export(_ folder: LabelFolder, share: Double = 1) throws -> (text: String, summary: RatingSheet.Summary) {
    let log = try folder.file("log.jsonl", Self.lines.joined(separator: "\n"))
    let summary = try RatingSheet(logPath: log, outputPath: folder.path + "/sheet.csv", share: share).write()
    return (try folder.read("sheet.csv"), summary)
  }

  private func rows(_ path: String) throws -> [[String]] {
    var table = try DelimitedTable(path: path)
    var rows: [[String]] = []
    while let row = try table.next() { rows.append(row.fields) }
    return rows
  }

  @Test func writesABlindSheetThatNoSpreadsheetRuns() throws {
    let folder = try LabelFolder()
    let (text, summary) = try export(folder)
    #expect(summary.answers == 3 && text.hasPrefix("id,question,reference,answer,rating,rater,probability,note\n"))
    #expect(!text.contains("small") && !text.contains("frontier") && !text.contains("known"))
    let rows = try rows(folder.path + "/sheet.csv")
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == 8 && $0[0].first == "r" && $0[4].isEmpty && $0[6] == "1" })
    #expect(Set(rows.map { $0[1] }) == ["'=1+1", "q"])
    #expect(Set(rows.map { $0[3] }) == ["'=HYPERLINK(\"x\")", "two, \"so\"\nit is", "same"])
    // Which model stands first follows from the texts, not from who answered.
    #expect(rows[0][0] < rows[1][0])
  }

  @Test(arguments: ["=1", "+1", "-1", "@x", "\t=1", "  =1", "\n=1", "＝1", "\r=1"])
  func guardsFormulas(text: String) {
    var shortened = 0
    let cell = RatingSheet.cell(text, &shortened)
    #expect(cell.hasPrefix("\"'") || cell.hasPrefix("\"\u{FFFD}"))
  }

  @Test func shortensWhatNoCellHolds() {
    var shortened = 0
    let cell = RatingSheet.cell(String(repeating: "😀", count: 40_000), &shortened)
    #expect(shortened == 1 && cell.utf16.count < 32_767 * 2 && cell.contains("[…]"))
    #expect(
      RatingSheet.cell("plain", &shortened) == "\"plain\"" && RatingSheet.cell("", &shortened) == "" && shortened == 1)
  }

  @Test func readsRatingsBack() async throws {
    let folder = try LabelFolder()
    _ = try export(folder)
    let rows = try rows(folder.path + "/sheet.csv")
    // Two raters; one with a spreadsheet that writes semicolons and decimal commas, another order and more columns.
    let one = rows.map { "\($0[0]),,,,\($0[3] == "same" ? "1" : "0.5"),fine" }.joined(separator: "\n")
    let two = rows.reversed().map { "who;\($0[3] == "same" ? "0,5" : "");\($0[0])" }.joined(separator: "\r\n")
    let paths = [
      try folder.file("one.csv", "id,question,reference,answer,rating,note\n" + one),
      try folder.file("two.csv", "\u{FEFF}rater;rating;id\r\n" + two + "\r\nwho;1;r0000\r\n"),
    ]
    let book = try RatingBook(paths: paths, scale: RatingScale())
    #expect(book.count == 4 && book.unratedRows == 2 && book.disputed == 0)
    let (out, summary) = try await folder.label(Self.lines, .ratings(book))
    #expect(out[0].contains(#""small":{"quality":0.5,"#) && out[0].contains(#""frontier":{"quality":0.5,"#))
    #expect(out[1].contains(#""small":{"quality":0.75,"#) && out[1].contains(#""frontier":{"quality":0.75,"#))
    #expect(out[2] == Self.lines[2] && summary.missing(.unrated) == 0 && book.unusedCount == 1)
  }

  /// People check a judge: their ratings stand beside its qualities, with who gave them and how the question was drawn.
  @Test func goldStandsBesideQualities() async throws {
    let folder = try LabelFolder()
    let log = try folder.file("log.jsonl", Self.lines.joined(separator: "\n"))
    let sheet = RatingSheet(logPath: log, outputPath: folder.path + "/gold.csv", isGold: true, share: 0.999)
    #expect(try sheet.write().answers == 1)
    let row = try #require(try rows(folder.path + "/gold.csv").first)
    #expect(row[3] == "known" && row[6] == "0.999")
    let path = try folder.file(
      "back.csv",
      "id,rating,rater,probability\n\(row[0]),0,ann,0.999\n\(row[0]),\"0,5\",bob,\"0,999\"\n\(row[0]),1,ann,\n")
    let book = try RatingBook(paths: [path], scale: RatingScale())
    var options = LabelOptions()
    options.keepsRatingsAsGold = true
    let (out, _) = try await folder.label(Self.lines, .ratings(book), options)
    #expect(out[0] == Self.lines[0] && out[1] == Self.lines[1])
    let gold =
      #""small":{"gold":{"quality":0.5,"inclusion":0.999,"raters":["ann","bob"]},"quality":1,"answer":"known"}"#
    #expect(out[2].contains(gold), "\(out[2])")
    // Rated again, the rating is replaced and the quality stays.
    let (again, _) = try await folder.label(out, .ratings(book), options)
    #expect(again == out)
  }

  @Test func leavesWhatNobodyRated() async throws {
    let folder = try LabelFolder()
    _ = try export(folder)
    let rows = try rows(folder.path + "/sheet.csv")
    let path = try folder.file("one.csv", "id,rating\n\(rows[2][0]),5\n")
    var scale = RatingScale()
    scale.range = 1...5
    let (out, summary) = try await folder.label(Self.lines, .ratings(try RatingBook(paths: [path], scale: scale)))
    #expect(out[0] == Self.lines[0] && out[1].contains(#""quality":1"#) && summary.missing(.unrated) == 2)
  }

  @Test(arguments: [
    ("id,rating\nr1,7\n", "sheet.csv:2: expected a number from 0 to 1, found \"7\""),
    ("id,score\nr1,1\n", "columns id and rating"),
    ("id,rating,probability\nr1,1,0\n", "sheet.csv:2: expected a probability above 0 and at most 1, found \"0\""),
    ("id,rating,probability\nr1,1,often\n", "found \"often\""),
    ("id,rating,probability\nr1,1,0.1\nr1,1,0.2\n", "expected the probability 0.1 of the other rows"),
    ("id,rating\nr1,1,2\n", "2 fields"), ("", "a table with a header"), ("id,rating\nr1,maybe\n", "found \"maybe\""),
  ])
  func namesWhatItCannotRead(text: String, words: String) async throws {
    let folder = try LabelFolder()
    let path = try folder.file("sheet.csv", text)
    let error = await labelError { _ = try RatingBook(paths: [path], scale: RatingScale()) }
    #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    #expect(error?.exitStatus == 65)
  }

  @Test func aSampleLeavesQuestionsOut() throws {
    let folder = try LabelFolder()
    let lines = (0..<400).map { #"{"prompt":"q \#($0)","outcomes":{"a":{"answer":"x"}}}"# }
    let log = try folder.file("log.jsonl", lines.joined(separator: "\n"))
    let summary = try RatingSheet(logPath: log, outputPath: folder.path + "/s.csv", share: 0.25).write()
    #expect((60...140).contains(summary.answers) && summary.answers + summary.questionsLeftOut == 400)
  }
}
