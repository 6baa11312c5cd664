import Foundation
import Testing

/// `ockham import`: forms found by themselves.
@Suite struct ImportTests {
  private static let rows = (1...4).map {
    #"{"conversation_id":"c\#($0)","model":"m\u001b[31m","conversation":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}"#
  }

  private func withRows(_ body: (_ file: String, _ log: String) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appending(path: "export.txt")
      try Data(Self.rows.joined(separator: "\n").utf8).write(to: file)
      try body(file.path, folder.appending(path: "log.jsonl").path)
    }
  }

  @Test func findsTheForm() throws {
    try withRows { file, log in
      let outcome = try Tool.run(["import", file, "--output", log])
      #expect(outcome.code == 0 && outcome.error.contains("taken for LMSYS-Chat conversations (--format lmsys-chat)"))
      #expect(outcome.output.contains("4 records, 0 rejected rows"))
      #expect(!outcome.output.contains("\u{1B}") && outcome.output.contains("m\\u{1B}[31m"))
    }
  }

  @Test func previewsWithoutWriting() throws {
    try withRows { file, log in
      let outcome = try Tool.run(["import", file, "--preview", "--output", log])
      #expect(outcome.code == 0 && outcome.lines.count { $0.hasPrefix("{\"id\":\"c") } == 3)
      #expect(!FileManager.default.fileExists(atPath: log))
      #expect(try Tool.run(["import", file]).code == 64)
    }
  }

  @Test func takesTheFormAsAnArgumentForOneVersion() throws {
    try withRows { file, log in
      let outcome = try Tool.run(["import", "lmsys-chat", file, "--output", log])
      #expect(outcome.code == 0 && outcome.error.contains("warning") && outcome.error.contains("--format lmsys-chat"))
      #expect(try Tool.run(["import", file, "--format", "lmsys-chat", "--output", log]).code == 0)
      #expect(try Tool.run(["import", file, "--format", "nonsense", "--output", log]).code == 64)
    }
  }

  @Test func printsTheReasonsWhereNothingIsUsable() throws {
    try withRows { file, log in
      try Data(#"{"custom_id":"a","response":{"body":{"model":"m"}}}"#.utf8).write(to: URL(filePath: file))
      let outcome = try Tool.run(["import", file, "--output", log])
      #expect(outcome.code == 65 && outcome.error.contains("export.txt:1: ") && outcome.outputBytes.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: log))
    }
  }
}
