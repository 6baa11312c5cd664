import RequestLog
import Testing

@testable import Labelling

/// Cells of sheets that people rate.
struct RatingSheetTests {
  /// The most UTF-16 units that a cell of the usual spreadsheets holds.
  private static let mostUnits = 32_767

  /// What stands in a quoted cell.
  private static func content(_ cell: String) -> String {
    String(cell.dropFirst().dropLast()).replacing("\"\"", with: "\"")
  }

  /// However the characters of a text are made up, a cell holds it: nothing behind the mark is lost to the spreadsheet.
  @Test(arguments: [
    "x", "é", "語", "😀", "👩‍👩‍👧‍👦", "\"", "=", "e\u{301}\u{302}\u{303}\u{304}", "\n", "\u{1}",
    "👍🏽\"",
  ])
  func cellsHoldWhatIsShown(character: String) {
    for count in [1, 14_999, 30_001] {
      var shortened = 0
      let text = "start" + String(repeating: character, count: count) + "end"
      let content = Self.content(RatingSheet.cell(text, &shortened))
      #expect(content.utf16.count <= Self.mostUnits, "\(count): \(content.utf16.count)")
      #expect(content.hasPrefix("start") && content.hasSuffix("end"))
      #expect((shortened == 1) == content.contains("[…]"))
      #expect(shortened == 1 || content.count == text.count)
      #expect((shortened == 1) == (text.utf16.count > RatingSheet.maximumCellUnits))
    }
  }

  /// A row has as many cells whatever is written into it, and the texts come back from the reader of such files.
  @Test(arguments: ["a,b", "a\"b", "\"", "\"\"", "a\nb", "a\r\nb", ",", "'", " x ", "a;b", "\u{FEFF}x", "x\u{2028}y"])
  func rowsComeBack(text: String) throws {
    let folder = try LabelFolder()
    var shortened = 0
    let cell = RatingSheet.cell(text, &shortened)
    let path = try folder.file("s.csv", "id,text,more\n1,\(cell),2\n3,\(cell),4\n")
    var table = try DelimitedTable(path: path)
    for ends in [("1", "2"), ("3", "4")] {
      let next = try table.next()
      let row = try #require(next)
      #expect(
        row.fields == [ends.0, text.replacing("\r", with: "\u{FFFD}").replacing("\r\n", with: "\u{FFFD}\n"), ends.1])
    }
    let rest = try table.next()
    #expect(rest == nil)
  }

  /// A name says neither question nor answer, and where one ends and the other begins is a part of it.
  @Test func namesAreOfTheQuestionAndTheAnswer() {
    let names = [("q", "a"), ("qa", ""), ("", "qa"), ("a", "q"), ("q", "a ")].map {
      RatingKey.of(question: $0, answer: $1)
    }
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.count == 21 && $0.first == "r" && $0.dropFirst().allSatisfy(\.isHexDigit) })
    #expect(RatingKey.of(question: "q", answer: "a") == names[0])
  }

  /// Means are of all ratings of an answer, in one file or several, in any order; a rater counts once by name.
  @Test func ratingsAreAveragedInAnyOrder() throws {
    let folder = try LabelFolder()
    let name = RatingKey.of(question: "q", answer: "a")
    let rows = ["0,ann", "1,bob", "\"0,25\", ann ", "0.75,bob", ",eve", "1,"].map { "\(name),\($0)" }
    var seen: Set<[String]> = []
    for list in [rows, rows.reversed()] {
      for cut in 1..<rows.count {
        let paths = try [list[..<cut], list[cut...]].enumerated().map { number, part in
          try folder.file("\(cut)-\(number).csv", "id,rating,rater\n" + part.joined(separator: "\n"))
        }
        // A file without a rating says nothing; both together say all.
        let book = try RatingBook(paths: paths, scale: RatingScale())
        let gold = try #require(book.gold(question: "q", answer: "a"))
        #expect(gold.quality == 0.6 && book.count == 1 && book.unratedRows == 1 && book.disputed == 1)
        seen.insert(gold.raters.sorted())
      }
    }
    #expect(seen == [["ann", "bob"]])
  }
}
