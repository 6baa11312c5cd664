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

  @Test func readsStandardInput() throws {
    try withRows { _, log in
      let outcome = try Tool.run(
        ["import", "-", "--output", log], input: Array(Self.rows.joined(separator: "\n").utf8))
      #expect(outcome.code == 0 && outcome.error.contains("taken for LMSYS-Chat"))
      #expect(outcome.output.contains("4 records, 0 rejected rows"))
    }
  }

  @Test func takesFieldsByPaths() throws {
    try withRows { file, log in
      let rows = (1...3).map { #"{"a":{"q":"Why \#($0)?"},"b":[{"t":"So."}],"model":"x","stars":\#($0 + 2)}"# }
      try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: file))
      let fields = ["--prompt-field", "a.q", "--response-field", "b[0].t", "--quality-field", "stars"]
      let marks = try Tool.run(["import", file, "--output", log] + fields)
      #expect(marks.code == 65 && marks.error.contains("--quality-range 1..5"))
      #expect(!FileManager.default.fileExists(atPath: log))
      let outcome = try Tool.run(["import", file, "--output", log, "--quality-range", "1..5"] + fields)
      #expect(
        outcome.code == 0 && outcome.error.contains("a.q is the prompt, b[0].t is the response, model is the model"))
      #expect(outcome.output.contains("3 records, 0 rejected rows"))
    }
  }

  /// The command for training names the tiers where the log names models.
  @Test func theNextStepNamesTheTiers() throws {
    try withRows { file, log in
      let rows = (1...6).map { row in
        let (model, quality) = row % 2 == 0 ? ("large", 1) : ("tiny", row == 1 ? 1 : 0)
        return #"{"q":"Why \#(row)?","a":"So.","model":"\#(model)","good":\#(quality)}"#
      }
      try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: file))
      let outcome = try Tool.run([
        "import", file, "--output", log, "--prompt-field", "q", "--response-field", "a", "--quality-field", "good",
      ])
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(
        outcome.error.contains("--tier 'small=tiny' --tier 'frontier=large' --output router"), "\(outcome.error)")
    }
  }

  @Test func mergesRowsOfOneRecordForTraining() throws {
    try withRows { file, log in
      let rows = (0..<80).flatMap { row in
        ["small", "frontier"].map { tier in
          let quality = tier == "frontier" || row % 2 == 0 ? 1 : 0
          let prompt = row % 2 == 0 ? "Say hello \(row)" : "Prove the theorem of \(row) circles"
          return #"{"id":"r\#(row)","prompt":"\#(prompt)","outcomes":{"\#(tier)":{"quality":\#(quality)}}}"#
        }
      }
      try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: log))
      let outcome = try Tool.run(["train", log, "--output", file + "-model"])
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.error.contains("80 rows merged into the record of an earlier one, 0 contradictions averaged"))
    }
  }
}
