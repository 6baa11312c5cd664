import Foundation
import Testing

/// Names of a log that try to command terminals, pages and shells, through every command.
@Suite struct HostileNamesTests {
  private static let cheap = "\u{1B}]0;owned\u{7}<script>alert(1)</script>'; touch PWNED; '"
  private static let expensive = "=cmd|x\u{202E}gnp\nforged: line|`a`\u{9B}31m" + String(repeating: "y", count: 500)
  private static let small = "\u{1B}[31m<script>s</script>`|\u{202E}"
  private static let frontier = "f\u{7}\u{2066}</code><img/onerror>"
  private static let dataset = "<script>d</script>|\nforged: dataset\u{1B}[2J"

  /// Made once: the log, answers to label, a table to import, and a router whose tiers have such names too.
  private struct Files {
    let folder: URL
    var log: String { folder.appending(path: "log.jsonl").path }
    var answers: String { folder.appending(path: "answers.jsonl").path }
    var table: String { folder.appending(path: "table.csv").path }
    var router: String { folder.appending(path: "router").path }
    let trained: Tool.Outcome

    init() throws {
      folder = Sample.shared.folder.appending(path: "hostile-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let lines = try Sample.logLines(Sample.rows, seed: 4).enumerated().map { try Files.hostile($1, number: $0) }
      try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "log.jsonl"))
      let answers = lines.map { $0.replacing(#""quality":1"#, with: #""answer":"a""#) }
      try Data(answers.joined(separator: "\n").utf8).write(to: folder.appending(path: "answers.jsonl"))
      let header = [cheap, expensive].map { "\"\($0)\"" }.joined(separator: ",")
      try Data("prompt,\(header)\np,1,0\nq,0,7\n".utf8).write(to: folder.appending(path: "table.csv"))
      trained = try Tool.run([
        "train", folder.appending(path: "log.jsonl").path, "--recipe", Sample.shared.recipe, "--output",
        folder.appending(path: "router").path, "--tier", "\(small)=\(cheap)", "--tier", "\(frontier)=\(expensive)",
      ])
    }

    private static func hostile(_ line: String, number: Int) throws -> String {
      var record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let outcomes = record["outcomes"] as? [String: Any] ?? [:]
      record["outcomes"] = [cheap: outcomes["cheap"] ?? [:], expensive: outcomes["expensive"] ?? [:]]
      record["dataset"] = number % 2 == 0 ? dataset : "plain"
      record["id"] = "\u{1B}]0;x\u{7}<script>\nforged: id \u{202E}\(number)"
      record["task"] = nil
      return String(decoding: try JSONSerialization.data(withJSONObject: record), as: UTF8.self)
    }
  }

  private static let files = Result { try Files() }

  /// What must not stand in anything that people read: `nil` for a harmless text.
  static func fault(_ text: String) -> String? {
    for scalar in text.unicodeScalars where scalar != "\n" {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: return "U+\(String(scalar.value, radix: 16))"
      default: continue
      }
    }
    if text.contains("<script") || text.contains("<img") { return "a tag" }
    return text.split(separator: "\n").contains { $0.hasPrefix("forged:") } ? "a forged line" : nil
  }

  private func check(_ outcome: Tool.Outcome, code: Int32 = 0) {
    #expect(outcome.code == code, "\(outcome.error)")
    for text in [outcome.output, outcome.error] { #expect(Self.fault(text) == nil, "\(text)") }
  }

  @Test func theCheckFindsFaults() {
    #expect(Self.fault("a\nb") == nil)
    for text in ["\u{1B}", "\t", "\u{202E}", "\u{9B}", "<script", "a\nforged: b"] { #expect(Self.fault(text) != nil) }
  }

  @Test func trainPrintsAndWritesNothingOfThem() throws {
    let files = try Self.files.get()
    check(files.trained)
    let card = try String(contentsOfFile: files.router + "/CARD.md", encoding: .utf8)
    #expect(Self.fault(card) == nil)
    #expect(card.contains("&lt;script&gt;"))
    let written = try FileManager.default.contentsOfDirectory(atPath: files.folder.path)
    #expect(!written.contains("PWNED"))
  }

  /// The command line that is suggested means the model that the log has, and nothing else.
  @Test func theSuggestedTiersAreWordsOfAShell() throws {
    let files = try Self.files.get()
    let outcome = try Tool.run("train", files.log, "--output", files.folder.appending(path: "none").path)
    check(outcome, code: 65)
    let suggestion = try #require(outcome.error.firstRange(of: "--tier small=")).lowerBound
    let words = outcome.error[suggestion...].prefix { $0 != "\n" }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "printf '%s\\0' \(words)"]
    process.currentDirectoryURL = files.folder
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let read = output.fileHandleForReading.readDataToEndOfFile().split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
    process.waitUntilExit()
    try #require(read.count == 4, "\(read)")
    let named = Set([read[1], read[3]].map { String($0.drop { $0 != "=" }.dropFirst()) })
    #expect(named == [Self.cheap, Self.expensive])
  }

  @Test(arguments: [
    ["evaluate", "--by", "dataset", "--model"], ["evaluate", "--format", "json", "--by", "dataset", "--model"],
    ["evaluate", "--format", "html", "--by", "dataset", "--robustness", "--robustness-rows", "3", "--model"],
    ["compare"], ["compare", "--format", "json"], ["route", "--log"], ["route", "--format", "json", "--log"],
    ["evaluate", "--pair", "a\u{1B},b", "--model"],
    ["report", "--format", "table"], ["report", "--format", "html", "--texts"],
    ["report", "--format", "markdown", "--texts"],
    ["report", "--format", "json"],
  ]) func commandsPrintNothingOfThem(words: [String]) throws {
    let files = try Self.files.get()
    let arguments =
      switch words[0] {
      case "compare": words + [files.router, files.router, files.log]
      case "report": words + [files.log]
      case "route": words + [files.log, "--model", files.router]
      default: words + [files.router, files.log]
      }
    check(try Tool.run(arguments), code: words.contains("--pair") ? 64 : 0)
  }

  @Test func reportsInFilesHoldNothingOfThem() throws {
    let files = try Self.files.get()
    for format in ["table", "html", "json"] {
      let file = files.folder.appending(path: "report.\(format)")
      check(
        try Tool.run(
          "evaluate", "--model", files.router, files.log, "--by", "dataset", "--format", format, "--output", file.path))
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(Self.fault(text) == nil, "\(format)")
    }
  }

  @Test func calibrateAndInspectPrintNothingOfThem() throws {
    let files = try Self.files.get()
    let copy = files.folder.appending(path: "calibrated.safetensors").path
    check(
      try Tool.run(
        "calibrate", "--model", files.router, files.log, "--max-share", "\(Self.frontier)=0.6", "--output", copy))
    check(try Tool.run("inspect", copy))
    check(
      try Tool.run("calibrate", "--model", files.router, files.log, "--max-share", "\(Self.small)x=0.6"), code: 64)
    check(
      try Tool.run("calibrate", "--model", files.router, files.log, "--max-share", "\(Self.frontier)=0.001"), code: 1)
  }

  @Test func importAndLabelPrintNothingOfThem() throws {
    let files = try Self.files.get()
    let output = files.folder.appending(path: "imported.jsonl").path
    let columns = ["--quality", "m=\(Self.cheap)", "--quality", "n=\(Self.expensive)"]
    check(try Tool.run(["import", files.table, "--format", "csv", "--output", output] + columns))
    check(try Tool.run(["import", files.table, "--format", "csv", "--preview"] + columns))
    check(
      try Tool.run(["import", files.table, "--format", "csv", "--output", output, "--quality", "m=none"]), code: 65)
    check(
      try Tool.run(
        "label", files.answers, "--output", output, "--method", "exact", "--frontier", Self.expensive, "--relabel"))
    check(
      try Tool.run("label", files.answers, "--output", output, "--method", "exact", "--frontier", "none\u{1B}"),
      code: 65)
  }
}
