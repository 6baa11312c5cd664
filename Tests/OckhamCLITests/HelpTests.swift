import Foundation
import Testing

/// The help of every command is part of the interface: it is kept as golden text.
@Suite struct HelpTests {
  static let commands = [
    "train", "evaluate", "calibrate", "route", "inspect", "compare", "replay", "promote", "drift", "report", "verify",
    "import", "collect", "label",
  ]

  private static let golden = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/cli")

  /// Set to rewrite the golden texts instead of comparing with them.
  private static let renews = ProcessInfo.processInfo.environment["OCKHAM_RENEW_GOLDEN"] == "1"

  @Test(arguments: commands) func helpIsAsRecorded(command: String) throws {
    let outcome = try Tool.run(command, "--help")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("Example:"))
    #expect(outcome.output.contains("ockham \(command) "))
    let url = Self.golden.appending(path: "\(command).txt")
    if Self.renews {
      try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
      try Data(outcome.outputBytes).write(to: url)
    }
    let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(outcome.output == expected, "run again with OCKHAM_RENEW_GOLDEN=1 if the change is meant")
  }

  @Test func theFirstHelpNamesEveryCommand() throws {
    let output = try Tool.run("--help").output
    for command in Self.commands { #expect(output.contains("\n  \(command) ")) }
    #expect(output.contains("Exit codes: 0 done, 1 failure, 64 usage, 65 bad data, 66 missing input, 74"))
  }

  @Test(arguments: [
    (["trian", "log.jsonl"], "\"train\" instead of \"trian\""), (["help", "evalute"], "\"evaluate\" instead of"),
    (["evaluate", "--modle", "m", "log.jsonl"], "\"--model\" instead of \"--modle\""),
    (["train", "log.jsonl", "--ouptut=m"], "\"--output\" instead of \"--ouptut\""), (["xyzzy"], nil),
    (["inspect", "--xyzzy"], nil),
  ]) func mistypedWordsAreToldWhatTheyWereMeantToBe(arguments: [String], hint: String?) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.code == 64)
    #expect(outcome.error.contains("did you mean \(hint ?? "")") == (hint != nil), "\(outcome.error)")
  }

  @Test func helpOfACommandIsItsOwn() throws {
    #expect(try Tool.run("help", "route").output == Tool.run("route", "--help").output)
  }

  @Test func theVersionIsPrinted() throws {
    let outcome = try Tool.run("--version")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("."))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionScriptsAreGenerated(shell: String) throws {
    let outcome = try Tool.run("--generate-completion-script", shell)
    #expect(outcome.code == 0)
    for command in Self.commands { #expect(outcome.output.contains(command)) }
    #expect(outcome.output.contains("max-cost-per-1k"))
  }

  /// Every example of every help parses: the options are there and fit together. What fails is only that files are not, and that outputs cannot be.
  @Test(arguments: commands) func examplesParse(command: String) throws {
    let help = try Tool.run(command, "--help").output.replacing(/\\\s*\n\s*/, with: "")
    let examples = help.split(separator: "\n").filter { $0.hasPrefix("    ockham ") || $0.hasPrefix("  ockham ") }
    try #require(!examples.isEmpty)
    for example in examples {
      var words = Self.words(String(example))
      if let redirection = words.firstIndex(of: ">") { words.removeSubrange(redirection...) }
      let arguments = words.dropFirst().map {
        $0 == "router" ? "/no/such/router" : $0 == "log.jsonl" ? "/no/such/log" : $0
      }
      // The judge's example names a variable for its key.
      _ = unsafe setenv("API_KEY", "unused", 0)
      let code = try Tool.withFolder { folder in
        try Tool.run(arguments.map { $0 == "/no/such/router" && command == "train" ? folder.path : $0 }, input: []).code
      }
      // Without --model, route has the model that comes with the repository.
      let isDefault = command == "route" && !example.contains("--model")
      #expect(isDefault ? code == 0 : [66, 74].contains(code), "\(example)")
    }
  }

  /// Splits at spaces outside of quotes.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    for (index, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
      words += index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
    return words
  }
}
