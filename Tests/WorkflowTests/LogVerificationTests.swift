import Foundation
import Registry
import Testing
import TextKit
import Workflow

/// The journal of a registry: whole, or the first break with what holds before it.
@Suite struct LogVerificationTests {
  private let registry: Registry
  private let path: String

  /// A registry with the entries add, promote, add.
  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "verification-\(UUID().uuidString)").path
    registry = try Registry(creating: URL(filePath: path))
    let first = try add("first")
    _ = try registry.promote(first, salt: String(repeating: "5a", count: 16), Self.statement)
    _ = try add("second")
  }

  private static let statement = Registry.Statement(
    by: .init(isAutomatic: false, name: "ann"), reason: "a test", time: 1_800_000_000)

  private func add(_ name: String) throws -> String {
    let parts = VersionParts(
      model: Array(name.utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
    return try registry.add(parts, version: "1", Self.statement).version
  }

  /// Runs a body and removes the registry.
  private func verifying(_ body: () throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body()
  }

  private func verification() throws -> LogVerification { try LogVerification(journalOf: path) }

  private func change(_ file: URL, _ change: (String) -> String) throws {
    try Data(change(try String(contentsOf: file, encoding: .utf8)).utf8).write(to: file)
  }

  @Test func aWholeJournal() throws {
    try verifying {
      let journal = try registry.journal()
      let found = try verification()
      #expect(found.firstBreak == nil && found.links == 3 && found.head == journal.lastHash && found.kind == .journal)
      #expect(found.sentences == ["\(path): the chain of 3 entries of the journal is whole.", "head  \(found.head)"])
      #expect(found.json["whole"]?.boolean == true && found.json["break"]?.isNull == true)
      _ = try add("third")
      #expect(try verification().links == 4 && verification().head != found.head)
    }
  }

  /// What holds ends at the break, wherever that is: the head is the hash of the last line before it.
  @Test(arguments: 1...3) func aLineThatWasChanged(line: Int) throws {
    try verifying {
      let hashes = try registry.journal().entries.map(\.hash)
      try change(registry.layout.journalFile) { text in
        var lines = text.split(separator: "\n").map(String.init)
        lines[line - 1] = lines[line - 1].replacing("a test", with: "a lie")
        return lines.joined(separator: "\n") + "\n"
      }
      let found = try verification()
      #expect(found.firstBreak?.place == line && found.links == line - 1)
      #expect(found.head == (line == 1 ? String(repeating: "0", count: 64) : hashes[line - 2]))
      #expect(found.sentences[0].contains("breaks at number \(line): expected the hash of its own content"))
      #expect(found.sentences[1] == "The \(line - 1) before hold.")
      #expect(found.json["break"]?["place"]?.number == Double(line) && found.json["whole"]?.boolean == false)
    }
  }

  /// A version is what its entry took in: a part that was changed later breaks the chain there.
  @Test(arguments: ["model.safetensors", "lock.json", ""]) func aVersionThatWasChanged(part: String) throws {
    try verifying {
      let journal = try registry.journal()
      let folder = registry.layout.root.appending(path: "versions/\(journal.entries[2].version)")
      if part.isEmpty {
        try FileManager.default.removeItem(at: folder)
      } else {
        try change(folder.appending(path: part)) { $0 + " " }
      }
      let found = try verification()
      #expect(found.firstBreak?.place == 3 && found.links == 2 && found.head == journal.entries[1].hash)
      #expect(found.sentences[1] == "The 2 before hold.")
    }
  }

  /// The first break counts, also where a later line cannot be read.
  @Test func theFirstOfTwoBreaks() throws {
    try verifying {
      let version = try registry.journal().entries[0].version
      try change(registry.layout.root.appending(path: "versions/\(version)/model.safetensors")) { $0 + " " }
      try change(registry.layout.journalFile) { $0.replacing("\"sequence\":3", with: "\"sequence\":4") }
      let found = try verification()
      #expect(found.firstBreak?.place == 1 && found.links == 0)
    }
  }

  /// A pointer that is not the journal's breaks no link.
  @Test func aPointerOfAnother() throws {
    try verifying {
      let whole = try verification()
      let pointer = try Data(contentsOf: registry.layout.pointerFile)
      for text in ["no pointer", String(decoding: pointer, as: UTF8.self).replacing("5a5a", with: "5b5b")] {
        try Data(text.utf8).write(to: registry.layout.pointerFile)
        let found = try verification()
        #expect(found.firstBreak?.place == 0 && found.links == 3 && found.head == whole.head, "\(text)")
        #expect(found.sentences[0].contains("breaks: the pointer"))
      }
      try FileManager.default.removeItem(at: registry.layout.pointerFile)
      #expect(try verification().firstBreak?.reason == "the pointer is not what the journal says")
      try pointer.write(to: registry.layout.pointerFile)
      #expect(try verification() == whole)
    }
  }

  /// A journal that was taken away, or cut at the end of a line, leaves the pointer that it cannot account for.
  @Test func aJournalThatWasTakenAway() throws {
    try verifying {
      try change(registry.layout.journalFile) { text in
        text.split(separator: "\n").prefix(1).joined() + "\n"
      }
      #expect(try verification().firstBreak?.reason == "the pointer is not what the journal says")
      try FileManager.default.removeItem(at: registry.layout.journalFile)
      let found = try verification()
      #expect(found.links == 0 && found.firstBreak?.reason == "the pointer is not what the journal says")
    }
  }

  /// A last line without an end is a decision that was not made.
  @Test func aLineThatWasCutIsNone() throws {
    try verifying {
      let whole = try verification()
      try change(registry.layout.journalFile) { $0 + "{\"action\":" }
      #expect(try verification() == whole)
    }
  }

  @Test func whatIsNoRegistry() throws {
    try verifying {
      #expect(throws: RegistryError.missing(path: path + "/none")) { try LogVerification(journalOf: path + "/none") }
      try Data("another format\n".utf8).write(to: registry.layout.formatFile)
      #expect(throws: RegistryError.self) { try verification() }
    }
  }
}
