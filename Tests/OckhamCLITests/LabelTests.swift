import Foundation
import Testing

/// `ockham label`, as far as it goes without a judge.
@Suite struct LabelTests {
  private static let lines = """
    {"prompt":"q","reference":"a","outcomes":{"gpt-4o":{"answer":"a"},"frontier":{"answer":"b"}}}
    {"prompt":"r","reference":"a","outcomes":{"gpt-4o":{"answer":{"content":"c"}},"frontier":{"answer":"a"}}}

    """

  private func withLog<Result>(_ body: (String, URL) throws -> Result) throws -> Result {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.jsonl")
      try Data(Self.lines.utf8).write(to: log)
      return try body(log.path, folder)
    }
  }

  @Test func saysWhatComesNext() throws {
    try withLog { log, folder in
      let output = folder.appending(path: "la belled.jsonl").path
      let outcome = try Tool.run(
        "label", log, "--output", output, "--method", "exact", "--tier", "small=gpt-4o", "--tier", "frontier=gpt-4.1")
      #expect(outcome.code == 0 && outcome.output.contains("2 of 2 records labelled, 0 rejected"))
      #expect(
        outcome.error.hasSuffix(
          "next: ockham train '\(output)' --tier 'small=gpt-4o' --tier 'frontier=gpt-4.1' --output router\n"))
    }
  }

  @Test func readsDatabasesAndNamesTheImportOfOtherForms() throws {
    try withLog { log, folder in
      let database = folder.appending(path: "log.sqlite").path
      #expect(try Tool.run("import", log, "--format", "log", "--output", database).code == 0)
      let output = folder.appending(path: "out.jsonl").path
      let outcome = try Tool.run("label", database, "--output", output, "--method", "normalised")
      #expect(outcome.code == 0 && outcome.output.contains("2 of 2 records labelled, 0 rejected"), "\(outcome.error)")
      #expect(try String(contentsOfFile: output, encoding: .utf8).contains(#""gpt-4o":{"quality":1,"answer":"a"}"#))
      let foreign = folder.appending(path: "chat.csv").path
      try Data("question,model,answer\nWhy?,m,So.\n".utf8).write(to: URL(filePath: foreign))
      for arguments in [
        ["label", foreign, "--method", "exact"],
        ["collect", foreign, "--ask", "m=m@http://127.0.0.1:1/v1", "--price", "m=1,1", "--max-cost-usd", "1"],
      ] {
        let refused = try Tool.run(arguments + ["--output", output])
        #expect(refused.code == 65)
        #expect(
          refused.error.contains("; write one first: ockham import \(foreign) --output chat-log.jsonl"),
          "\(refused.error)")
      }
    }
  }

  @Test func threeEndsOfAProgram() throws {
    try withLog { log, folder in
      let output = folder.appending(path: "out.jsonl").path
      func run(_ command: String, _ more: String...) throws -> Tool.Outcome {
        try Tool.run(["label", log, "--output", output, "--method", "command", "--command", command] + more)
      }
      let missing = try run("/nowhere/check {answer}")
      #expect(missing.code == 64 && missing.error.contains("cannot start /nowhere/check"))
      let script = try run("python3 /nowhere/check.py {answer}")
      #expect(script.code == 66 && script.error.contains("expected a script at /nowhere/check.py, found none"))
      #expect(!FileManager.default.fileExists(atPath: output))
      let slow = try run("sh -c 'case $(cat $1) in a) exit 0;; b) exit 1;; *) sleep 30;; esac' sh", "--time-limit", "1")
      #expect(slow.code == 0 && slow.output.contains("1 answers without a label: the program took longer than 1 s"))
      let text = try String(contentsOfFile: output, encoding: .utf8)
      #expect(
        text.contains(#""frontier":{"quality":0,"answer":"b"}"#)
          && text.contains(#""gpt-4o":{"answer":{"content":"c"}}"#))
      let unset = try run("true", "--env", "NO_SUCH_VARIABLE")
      #expect(unset.code == 64 && unset.error.contains("--env: expected the name of a variable that is set"))
    }
  }

  @Test func sheetsGoOutAndComeBack() throws {
    try withLog { log, folder in
      let (sheet, output) = (folder.appending(path: "sheet.csv").path, folder.appending(path: "out.jsonl").path)
      let out = try Tool.run("label", log, "--method", "ratings", "--export", sheet)
      #expect(out.code == 0 && out.error.contains("4 answers to rate"), "\(out.error)")
      var text = try String(contentsOfFile: sheet, encoding: .utf8)
      #expect(!text.contains("gpt-4o"))
      let empty = try Tool.run("label", log, "--method", "ratings", "--ratings", sheet, "--output", output)
      #expect(empty.code == 65 && empty.error.contains("found 4 rows, all of them unrated; fill in the column"))
      text = text.replacing(",,,1,\n", with: ",3,,1,\n")
      try Data(text.utf8).write(to: URL(filePath: sheet))
      let wrong = try Tool.run("label", log, "--method", "ratings", "--ratings", sheet, "--output", output)
      #expect(wrong.code == 65 && wrong.error.contains("sheet.csv:2: expected a number from 0 to 1, found \"3\""))
      let back = try Tool.run(
        "label", log, "--method", "ratings", "--ratings", sheet, "--output", output, "--quality-range", "1..5")
      #expect(back.code == 0 && back.error.contains("4 answers rated"))
      #expect(try String(contentsOfFile: output, encoding: .utf8).ranges(of: "\"quality\":0.5").count == 4)
    }
  }

  @Test func refusesAJudgeOfItsOwnFamily() throws {
    try withLog { log, folder in
      let outcome = try Tool.run(
        "label", log, "--output", folder.appending(path: "out.jsonl").path, "--method", "judge", "--endpoint",
        "http://127.0.0.1:1/v1", "--judge-model", "openai/gpt-4.1", "--yes")
      #expect(outcome.code == 64 && outcome.error.contains("a model of another family than those it judges"))
    }
  }

  @Test(arguments: [
    (["--method", "exact"], "expected --output LOG"), (["--method", "ratings", "--output", "x"], "either --export"),
    (["--method", "ratings", "--export", "x", "--output", "y"], "leave --output out"),
    (["--method", "exact", "--output", "x", "--ratings", "y"], "go with --method ratings"),
    (["--method", "pairwise", "--output", "x"], "--method pairwise needs --endpoint and --judge-model"),
    (
      [
        "--method", "pairwise", "--output", "x", "--endpoint", "http://a", "--judge-model", "m", "--yes", "--rubric",
        "r",
      ],
      "--rubric goes with --method judge"
    ),
    (
      [
        "--method", "judge", "--output", "x", "--endpoint", "http://a", "--judge-model", "m", "--yes", "--both-orders",
        "2",
      ],
      "a share from 0 to 1"
    ), (["--method", "exact", "--output", "x", "--tier", "small"], "NAME=MODEL"),
  ])
  func saysWhatDoesNotFit(arguments: [String], words: String) throws {
    let outcome = try Tool.run(["label", "log.jsonl"] + arguments)
    #expect(outcome.code == 64 && outcome.error.contains(words), "\(outcome.error)")
  }
}
