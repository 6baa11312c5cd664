import Foundation
import Testing

@testable import RequestLog

/// What is said of files that hold no rows, or rows that cannot be read.
@Suite struct UnreadableRowsTests {
  private static let row = #"{"prompt":"swordfish","model":"m","response":"x","score":1}"#

  private func detect(_ files: [(name: String, bytes: [UInt8])]) throws -> (sentences: [String], error: ImportError?) {
    let folder = try ImportFolder()
    let paths = try files.map { name, bytes in
      let path = folder.path + "/" + name
      try Data(bytes).write(to: URL(filePath: path))
      return path
    }
    var sentences: [String] = []
    let error = importError { sentences = try FormDetection(ImportFiles(paths)).sentences }
    return (sentences, error)
  }

  private func says(_ bytes: [UInt8]) throws -> String {
    let error = try #require(try detect([("a.jsonl", bytes)]).error)
    #expect(error.exitStatus == 65 && !"\(error)".contains("swordfish"))
    return "\(error)"
  }

  @Test func anEmptyFileAmongOthersIsPassedOver() throws {
    let found = try detect([("a.jsonl", Array(Self.row.utf8)), ("b.jsonl", []), ("c.csv", Array("\n \n".utf8))])
    #expect(found.error == nil && found.sentences.count == 3 && found.sentences[1].hasSuffix("b.jsonl: nothing in it"))
    #expect(try says([]).contains("expected at least one usable record, found none"))
    #expect(try says(Array("prompt,model,score\n".utf8)).contains("expected at least one usable record, found none"))
  }

  @Test func whatIsWrongWithARow() throws {
    let latin = Array(#"{"prompt":"swordfish it"#.utf8) + [0x92] + Array(#"s"}"#.utf8)
    #expect(try says(latin).contains("a.jsonl:1: expected UTF-8, found another byte at column 24; convert the file"))
    #expect(try says(Array(#"{"prompt":"swordfish\ud83d","model":"m"}"#.utf8)).contains("at byte"))
  }

  @Test(arguments: ["# exported\n", "2026-01-01T00:00:00Z ", "data: ", "// rows\n\n"])
  func somethingBesideTheObjects(before: String) throws {
    #expect(
      try says(Array((before + Self.row + "\n").utf8)).contains(
        "keep the objects alone, as `sed -n 's/^[^{]*{/{/p' FILE` does"))
  }

  @Test func aTableMayHoldObjects() throws {
    let table = "prompt,model,response,score\n\"{\"\"a\"\":1}\",m,x,1\n"
    #expect(try detect([("a.csv", Array(table.utf8))]).error == nil)
  }
}
