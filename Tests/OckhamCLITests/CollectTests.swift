import Foundation
import Testing

/// `ockham collect` as far as it goes without an endpoint; see `Tests/Journeys` for the rest.
@Suite struct CollectTests {
  private static let ask = ["--ask", "small=vendor/mini@x@http://127.0.0.1:1/v1", "--price", "small=1,4"]

  private func log(_ folder: URL, rows: Int = 200) throws -> String {
    let path = folder.appending(path: "log.jsonl").path
    let lines = (0..<rows).map {
      #"{"prompt":"question \#($0)","outcomes":{"big":{"answer":"\#(String(repeating: "a", count: 400))"}}}"#
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    return path
  }

  @Test func aPlanHasPrices() throws {
    try Tool.withFolder { folder in
      let log = try log(folder)
      let outcome = try Tool.run(["collect", log, "--plan"] + Self.ask)
      #expect(outcome.code == 0 && outcome.error.contains("200 of 200 records lack answers (200 calls)"))
      #expect(outcome.output.contains("± quality") && outcome.output.contains("answers of about 100 tokens"))
      let wanted = try Tool.run(["collect", log, "--plan", "--select", "uniform", "--half-width", "0.1"] + Self.ask)
      #expect(wanted.lines.contains { $0.hasPrefix("0.1000") && $0.contains("  97  ") }, "\(wanted.output)")
      let short = try Tool.run(["collect", log, "--plan", "--select", "uniform", "--half-width", "0.001"] + Self.ask)
      #expect(short.code == 0 && short.output.contains("The log is too short"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log.jsonl"])
    }
  }

  @Test func refusesWhatTheCapCannotPay() throws {
    try Tool.withFolder { folder in
      let log = try log(folder)
      let output = folder.appending(path: "out.jsonl").path
      let outcome = try Tool.run(["collect", log, "--output", output, "--max-cost-usd", "0.01"] + Self.ask)
      #expect(outcome.code == 1 && outcome.error.contains("more than --max-cost-usd $0.01"))
      #expect(!FileManager.default.fileExists(atPath: output))
      let fine = ["--select", "uniform", "--half-width", "0.001", "--max-cost-usd", "10"]
      let precise = try Tool.run(["collect", log, "--output", output] + fine + Self.ask)
      #expect(precise.code == 1 && precise.error.contains("expected a precision that the log can give"))
      let same = try Tool.run(["collect", log, "--output", log, "--max-cost-usd", "1"] + Self.ask)
      #expect(same.code == 64 && same.error.contains("another file than the input"))
    }
  }

  /// Keys are named, never printed; one over plain HTTP to another machine is refused.
  @Test func keepsKeysToItself() throws {
    try Tool.withFolder { folder in
      let log = try log(folder)
      unsafe setenv("COLLECT_TEST_KEY", "sk-do-not-print", 1)
      let output = folder.appending(path: "out.jsonl").path
      func run(_ more: [String], url: String) throws -> Tool.Outcome {
        try Tool.run(
          [
            "collect", log, "--output", output, "--max-cost-usd", "5", "--ask", "small=m@\(url)", "--price",
            "small=1,1",
          ]
            + more)
      }
      let plain = try run(["--api-key-env", "COLLECT_TEST_KEY"], url: "http://example.com/v1")
      #expect(plain.code == 64 && plain.error.contains("--ask small: expected https, as a key is sent"))
      let none = try run(["--api-key-env", "small=NO_SUCH_KEY"], url: "https://example.com/v1")
      #expect(none.code == 64 && none.error.contains("found NO_SUCH_KEY, which holds none"))
      // Anyone who gives the key itself instead of its name does not find it in the message.
      let given = try run(["--api-key-env", "sk-do-not-print"], url: "https://example.com/v1")
      #expect(given.code == 64)
      for outcome in [plain, none, given] { #expect(!(outcome.output + outcome.error).contains("do-not-print")) }
    }
  }

  @Test(arguments: [
    (["--ask", "small=m", "--price", "small=1,1", "--plan"], "TIER=MODEL@URL"),
    (["--ask", "small=m@http://a/v1", "--plan"], "--price: expected small=INPUT,OUTPUT"),
    (["--ask", "small=m@http://a/v1", "--price", "smal=1,1", "--price", "small=1,1", "--plan"], "a tier of --ask"),
    (["--ask", "small=m@http://a/v1", "--price", "small=1,1"], "--output LOG or --plan"),
    (["--ask", "small=m@http://a/v1", "--price", "small=1,1", "--output", "x"], "--max-cost-usd, or --plan"),
    (["--ask", "small=m@http://a/v1", "--price", "small=1,1", "--plan", "--select", "uncertain"], "needs --model"),
    (["--ask", "small=m@http://a/v1", "--price", "small=1", "--plan"], "--price: expected TIER=INPUT,OUTPUT"),
    (["--plan"], "expected --ask"),
    (["--ask", "a b=m@http://a/v1", "--price", "a b=1,1", "--plan"], "without white space and commas"),
    (["--ask", "a=m@http://a/v1", "--ask", "a=n@http://a/v1", "--price", "a=1,1", "--plan"], "each tier once"),
    (
      ["--ask", "a=m@http://a/v1", "--price", "a=1,1", "--output", "x", "--max-cost-usd", "1", "--labels", "3"],
      "all is all"
    ),
    (["--ask", "a=m@ftp://a/v1", "--price", "a=1,1", "--plan"], "TIER=MODEL@URL"),
    (
      ["--ask", "a=m@http://a/v1", "--price", "a=1,1", "--plan", "--request-timeout", "inf"],
      "--request-timeout: expected a number from 1 to 86400"
    ),
  ])
  func saysWhatIsMissing(arguments: [String], words: String) throws {
    let outcome = try Tool.run(["collect", "log.jsonl"] + arguments)
    #expect(outcome.code == 64 && outcome.error.contains(words), "\(outcome.error)")
  }

  @Test func pricesMayComeFromAFile() throws {
    try Tool.withFolder { folder in
      let log = try log(folder)
      let prices = folder.appending(path: "prices.json").path
      let text = #"{"mini":{"input_cost_per_token":1e-6,"output_cost_per_token":4e-6}}"#
      try Data(text.utf8).write(to: URL(filePath: prices))
      let ask = ["collect", log, "--plan", "--ask", "small=vendor/mini@http://127.0.0.1:1/v1"]
      let outcome = try Tool.run(ask + ["--prices", prices])
      let flag = try Tool.run(ask + ["--price", "small=1,4"])
      #expect(outcome.code == 0 && outcome.output == flag.output)
      let missing = try Tool.run(ask + ["--prices", folder.appending(path: "none.json").path])
      #expect(missing.code == 66 && missing.error.contains("no such price file"))
    }
  }

  /// The model's predictions decide which records are drawn.
  @Test func uncertaintyComesFromAModel() throws {
    try Tool.withFolder { folder in
      let lines = Sample.logLines(120, seed: 9).map { $0.replacing(/,"outcomes":.*/, with: "}") }
      let log = folder.appending(path: "bare.jsonl").path
      try Data(lines.joined().utf8).write(to: URL(filePath: log))
      let options = ["--plan", "--select", "uncertain", "--model", Sample.shared.router, "--labels", "30"]
      let outcome = try Tool.run(["collect", log] + options + Self.ask)
      #expect(
        outcome.code == 0 && outcome.output.contains("(predicted by the model); selection: uncertain"),
        "\(outcome.error)")
      let stranger = try Tool.run(
        ["collect", log, "--ask", "other=m@http://a/v1", "--price", "other=1,1"] + options)
      #expect(stranger.code == 64 && stranger.error.contains("small, frontier"))
    }
  }
}
