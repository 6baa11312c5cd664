import Foundation
import Testing

@Suite struct RouteTests {
  private let sample = Sample.shared

  private func route(_ input: [UInt8], _ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["route", "--model", sample.router, "-", "--format", "json"] + arguments, input: input)
  }

  private func decisions(_ outcome: Tool.Outcome) throws -> [[String: Any]] {
    try outcome.lines.map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test func aPromptMakesOneDecisionWithStableKeys() throws {
    let outcome = try Tool.run("route", "--model", sample.router, "zorba grukatt \"quoted\"", "--format", "json")
    #expect(outcome.code == 0)
    let decision = try #require(try decisions(outcome).first)
    #expect(
      Set(decision.keys) == [
        "id", "tier", "probability", "difficulty", "gain", "threshold", "expected_cost_usd", "task", "reason",
        "unfamiliar", "nanoseconds",
      ])
    let probability = try #require(decision["probability"] as? [String: Double])
    #expect(Set(probability.keys) == ["small", "frontier"])
    #expect(probability.values.allSatisfy { (0...1).contains($0) })
    #expect(decision["id"] as? String == "prompt")
    #expect(["small", "frontier"].contains(decision["tier"] as? String))
    #expect(decision["task"] as? String == "math")
  }

  @Test func theTableHasAHeaderAndARow() throws {
    let outcome = try Tool.run("route", "--model", sample.router, "plimsel")
    #expect(outcome.lines.count == 2)
    #expect(outcome.lines[0].hasPrefix("id"))
    #expect(outcome.lines[0].contains("P(small)"))
    #expect(outcome.lines[1].hasPrefix("prompt"))
  }

  @Test func hardPromptsGoUp() throws {
    let decisions = try decisions(try route(Array("plimsel\ngrukatt\n".utf8)))
    let gains = decisions.compactMap { $0["gain"] as? Double }
    #expect(gains.count == 2)
    #expect(gains[1] > gains[0] + 0.2)
    let difficulties = decisions.compactMap { $0["difficulty"] as? Double }
    #expect(difficulties[1] > difficulties[0])
  }

  @Test func linesArePromptsOrRecords() throws {
    let input = """
      plain prompt

      {"id":"seven","prompt":"grukatt"}
      {"messages":[{"role":"system","content":"s"},{"role":"user","content":"grukatt"}]}
      last without end
      """
    let outcome = try route(Array(input.utf8))
    #expect(outcome.code == 0)
    #expect(try decisions(outcome).map { $0["id"] as? String } == ["1", "seven", "standard input:4", "5"])
  }

  @Test func aLogOfManyRecordsIsRoutedInOrder() throws {
    let words = ["zorba", "grukatt", "plimsel", "vox fep", "lu lu"]
    let prompts = (0..<2_600).map { "\(words[$0 % words.count]) \($0 % 7)" }
    let lines = prompts.enumerated().map { "{\"id\":\"r\($0.offset)\",\"prompt\":\"\($0.element)\"}" }
    try Tool.withFolder { folder in
      let log = folder.appending(path: "many.jsonl")
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: log)
      let all = try decisions(
        try Tool.run("route", "--model", sample.router, "--log", log.path, "--format", "json"))
      #expect(all.map { $0["id"] as? String } == prompts.indices.map { "r\($0)" })
      let alone = try decisions(try route(Array(prompts.prefix(70).joined(separator: "\n").utf8)))
      for (decision, expected) in zip(all.map { $0["gain"] as? Double }, alone.map { $0["gain"] as? Double }) {
        #expect(decision == expected)
      }
      for place in 70..<all.count {
        #expect(all[place]["gain"] as? Double == all[place - 35]["gain"] as? Double)
      }
      let table = try Tool.run("route", "--model", sample.router, "--log", log.path)
      #expect(table.lines.count == 2_601)
      #expect(table.lines[2_600].hasPrefix("r2599 "))
    }
  }

  @Test func carriageReturnsBelongToTheLineEnd() throws {
    func gains(_ input: String) throws -> [Double] {
      try decisions(try route(Array(input.utf8))).compactMap { $0["gain"] as? Double }
    }
    let plain = try gains("zorba lu\ngrukatt fep\n{\"prompt\":\"vox\"}\n")
    #expect(try gains("zorba lu\r\ngrukatt fep\r\n{\"prompt\":\"vox\"}\r\n") == plain)
    #expect(plain.count == 3)
  }

  @Test func damagedLinesAreNamedAndSkipped() throws {
    let input = Array("good\n".utf8) + [0x61, 0xFF, 0xFE, 0x0A] + Array("{\"prompt\": secret}\nalso good\n".utf8)
    let outcome = try route(input)
    #expect(outcome.code == 0)
    #expect(try decisions(outcome).map { $0["id"] as? String } == ["1", "4"])
    let messages = outcome.error.split(separator: "\n")
    #expect(messages.count == 3)
    #expect(messages.last?.contains("2 rejected") == true)
    #expect(messages[0].hasPrefix("standard input:2: expected UTF-8"))
    #expect(messages[1].hasPrefix("standard input:3: "))
    #expect(!outcome.error.contains("secret"))
    let strict = try route(input, "--strict")
    #expect(strict.code == 65)
    #expect(strict.error.contains("standard input:2: "))
  }

  /// A program may write a line, read its decision, and write the next: input stays open all the while.
  @Test(arguments: ["table", "json"]) func eachLineIsAnsweredAsItComes(format: String) async throws {
    let process = Process()
    process.executableURL = Tool.executable
    process.arguments = ["route", "-", "--format", format]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // A program that does not answer is ended, and what was read of it is short.
    let identifier = process.processIdentifier
    let alarm = Task {
      try await Task.sleep(for: .seconds(60))
      kill(identifier, SIGKILL)
    }
    defer { alarm.cancel() }
    var answers = 0
    for prompt in ["first", "{\"id\":\"x\",\"prompt\":\"second\"}", "third"] {
      try input.fileHandleForWriting.write(contentsOf: Data((prompt + "\n").utf8))
      // The first answer of a table has its header in front.
      let expected = answers + (format == "table" && answers == 0 ? 2 : 1)
      while answers < expected {
        let data = output.fileHandleForReading.availableData
        if data.isEmpty { break }
        answers += data.count { $0 == UInt8(ascii: "\n") }
      }
      #expect(answers == expected)
    }
    #expect(process.isRunning)
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func emptyInputMakesNoDecision() throws {
    for input in ["", "\n", "\r\n\n"] {
      let outcome = try route(Array(input.utf8))
      #expect(outcome.code == 0)
      #expect(outcome.outputBytes.isEmpty)
    }
  }

  @Test func aLineOfAMegabyteIsOneDecision() throws {
    let outcome = try route([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20) + Array("\nshort\n".utf8))
    #expect(try decisions(outcome).count == 2)
  }

  @Test func aLogIsRoutedRecordByRecord() throws {
    let outcome = try Tool.run("route", "--model", sample.router, "--log", sample.fresh, "--format", "json")
    #expect(outcome.code == 0)
    let ids = try decisions(outcome).map { $0["id"] as? String }
    #expect(ids == (0..<Sample.rows).map { "r\($0)" })
    let piped = try route([UInt8](Data(contentsOf: URL(filePath: sample.fresh))))
    let tiers = try [outcome, piped].map { try decisions($0).map { $0["tier"] as? String } }
    #expect(tiers[0] == tiers[1])
  }
}

/// Memory must not grow with the input.
@Suite struct RouteMemoryTests {
  #if os(Linux)
    /// The peak resident size after a number of lines, in KiB.
    private static func peakKiB(lines: Int) throws -> Int {
      let process = Process()
      process.executableURL = Tool.executable
      process.arguments = ["route", "--model", Sample.shared.router, "-", "--format", "json"]
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let block = Data(Sample.logLines(500, seed: 9).joined().utf8)
      for _ in 0..<lines / 500 { try input.fileHandleForWriting.write(contentsOf: block) }
      let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(Int(line.filter(\.isNumber)))
    }

    @Test func thePeakStaysWhereItIs() throws {
      let (short, long) = (try Self.peakKiB(lines: 5_000), try Self.peakKiB(lines: 20_000))
      #expect(short > 1_000)
      #expect(Double(long) < Double(short) * 1.1)
    }
  #endif
}
