import Foundation
import Testing

@testable import RequestLog

/// The reader of delimited text, against golden values of Python's `csv` and by hand.
struct CSVReaderTests {
  private func rows(_ text: String, pieceBytes: Int = 1 << 16, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [CSVRow]
  {
    var reader = CSVReader(SmallPieces(text, pieceBytes: pieceBytes), delimiter: delimiter)
    var rows: [CSVRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  private struct Golden: Decodable {
    var text: String
    var delimiter: String
    var rows: [[String]]
  }

  @Test(arguments: [1, 2, 3, 7, 1 << 16])
  func agreesWithPython(pieceBytes: Int) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/import/csv.json")
    let cases = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
    #expect(cases.count > 200)
    for golden in cases {
      let found = try rows(golden.text, pieceBytes: pieceBytes, delimiter: try #require(golden.delimiter.utf8.first))
      #expect(found.map(\.fields) == golden.rows, "\(golden.text.debugDescription)")
      #expect(found.allSatisfy { $0.violation == nil })
    }
  }

  @Test func startsRowsOnTheirLines() throws {
    let found = try rows("a,b\r\n\"x\ny\r\nz\",2\n\n3,4\r5,6")
    #expect(found.map(\.line) == [1, 2, 6, 7])
    #expect(found[1].fields == ["x\ny\r\nz", "2"])
  }

  @Test func passesOverAByteOrderMark() throws {
    #expect(try rows("\u{FEFF}a,b\n").map(\.fields) == [["a", "b"]])
    #expect(try rows("\u{FEFF}a,b\n", pieceBytes: 1).map(\.fields) == [["a", "b"]])
    #expect(try rows("\u{FEFF}").isEmpty)
  }

  @Test func namesAnOpenQuote() throws {
    let found = try rows("a\nb,\"never closed\nmore\n")
    #expect(found.count == 2)
    #expect(found[1].violation?.reason == .truncated)
    #expect(found[1].line == 2)
  }

  @Test func goesOnAfterTextBehindAQuote() throws {
    let found = try rows("\"a\"b,c\nd,e\n")
    #expect(found[0].violation?.expected == "a delimiter or a line end after a closing quote")
    #expect(found[1].fields == ["d", "e"] && found[1].violation == nil)
  }

  @Test func refusesOtherEncodings() throws {
    let folder = try ImportFolder()
    let path = try folder.file("latin1.csv", [0x61, 0xE4, 0x0A, 0x62, 0x0A])
    var reader = CSVReader(try FileInput(path: path))
    #expect(try reader.next()?.violation?.reason == .invalidUTF8)
    #expect(try reader.next()?.fields == ["b"])
  }

  @Test func boundsARow() throws {
    var reader = CSVReader(SmallPieces("abcdefghij\nb\n", pieceBytes: 4), maximumRowBytes: 5)
    #expect(try reader.next()?.violation?.reason == .tooLong)
    #expect(try reader.next()?.fields == ["b"])
  }
}
