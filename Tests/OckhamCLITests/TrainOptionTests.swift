import Foundation
import Ockham
import Testing

/// What `ockham train` makes of logs with few failures, of prices, goals, locks and limits.
@Suite struct TrainOptionTests {
  private let sample = Sample.shared

  private func train(_ log: String, _ output: String, _ more: [String] = []) throws -> Tool.Outcome {
    try Tool.run(["train", log, "--recipe", sample.recipe, "--output", output, "--seed", "1"] + Sample.tiers + more)
  }

  /// The sample's lines with other qualities, costs left out where `cost` is false.
  private func write(
    _ folder: URL, _ count: Int = 120, cost: Bool = true, _ quality: (_ row: Int) -> (cheap: Int, expensive: Int)
  ) throws -> String {
    let lines = Sample.logLines(count, seed: 4).enumerated().map { row, line in
      let (cheap, expensive) = quality(row)
      let outcomes =
        "\"cheap\":{\"quality\":\(cheap),\"output_tokens\":100\(cost ? ",\"cost_usd\":0.0001" : "")},"
        + "\"expensive\":{\"quality\":\(expensive),\"output_tokens\":100\(cost ? ",\"cost_usd\":0.002" : "")}"
      return line.replacing(/"outcomes":\{.*\}\}/, with: "\"outcomes\":{\(outcomes)}}")
    }
    let log = folder.appending(path: "log.jsonl")
    try Data(lines.joined().utf8).write(to: log)
    return log.path
  }

  private func metrics(_ folder: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: folder + "/metrics.json"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  @Test func fewFailuresAreAConstantThatIsSaid() throws {
    try Tool.withFolder { folder in
      let log = try write(folder) { row in (row % 2, row < 6 ? 0 : 1) }
      let output = folder.appending(path: "router").path
      let outcome = try train(log, output)
      #expect(outcome.code == 0, "\(outcome.error)")
      let sentence =
        "Tier 'frontier': 6 bad of 120 labels, too few to learn from; its head says 0.9463 for every request"
      #expect(outcome.output.contains(sentence) && outcome.output.contains("Jeffreys' prior"))
      #expect(try String(contentsOfFile: output + "/CARD.md", encoding: .utf8).contains("6 bad of 120 labels"))
      let heads = try #require(try metrics(output)["constant_heads"] as? [[String: Any]])
      #expect(heads.count == 1 && heads[0]["tier"] as? String == "frontier" && heads[0]["bad"] as? Double == 6)
      for command in [["evaluate"], ["calibrate", "--max-share", "frontier=0.9"]] {
        let next = try Tool.run(command + ["--model", output, log] + Sample.tiers)
        #expect(next.code == 0, "\(next.error)")
      }
    }
  }

  @Test func aCheapTierThatHardlyFailsGetsEverything() throws {
    try Tool.withFolder { folder in
      let log = try write(folder, 300) { row in (row < 2 ? 0 : 1, 1) }
      let output = folder.appending(path: "router").path
      let outcome = try train(log, output)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("Send everything to 'small': it failed on 2 of 300 requests, so at most 2.08 %"))
      let tier = try #require(try metrics(output)["sufficient_tier"] as? [String: Any])
      #expect(abs((tier["failure_bound"] as? Double ?? 0) - 0.0208) < 0.0001)
      let route = try Tool.run("route", "--model", output, "zorba grukatt 5")
      #expect(route.code == 0 && route.output.contains("small"))
    }
  }

  @Test func aGoalIsChosenAndProvenInTheSameCommand() throws {
    try Tool.withFolder { folder in
      let output = folder.appending(path: "router").path
      let trained = try train(sample.log, output, ["--target-quality", "0.8"])
      #expect(trained.code == 0, "\(trained.error)")
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      #expect(model.metadata["guarantee"]?.contains("80") == true)
      let copy = folder.appending(path: "copy").path
      let calibrated = try Tool.run(
        ["calibrate", "--model", output, sample.log, "--target-quality", "0.8", "--output", copy] + Sample.tiers)
      #expect(calibrated.code == 0, "\(calibrated.error)")
      let again = try Model([UInt8](Data(contentsOf: URL(filePath: copy + "/model.safetensors"))))
      #expect(again.metadata["guarantee"] == model.metadata["guarantee"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: copy).sorted()
          == [
            "CARD.md", "certificate.json", "metrics.json", "model.safetensors", "out-of-fold.safetensors",
            "recipe.json",
          ])
    }
  }

  @Test func aGoalThatCannotBeProvenLeavesAModelAndACode() throws {
    try Tool.withFolder { folder in
      let output = folder.appending(path: "router").path
      let outcome = try train(sample.log, output, ["--target-quality", "1"])
      #expect(outcome.code == 1)
      #expect(outcome.error.contains("is written, but its goal is not proven"))
      #expect(FileManager.default.fileExists(atPath: output + "/model.safetensors"))
      #expect(try train(sample.log, output, ["--target-quality", "1.5"]).code == 64)
    }
  }

  @Test func pricesMakeDollarsAppear() throws {
    try Tool.withFolder { folder in
      let log = try write(folder, cost: false) { row in (row % 3 == 0 ? 0 : 1, row % 9 == 0 ? 0 : 1) }
      let output = folder.appending(path: "router").path
      let outcome = try train(log, output, ["--price", "small=0,10", "--price", "frontier=0,100"])
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(!outcome.error.contains("have no cost"))
      #expect(outcome.output.contains("0.001000") && outcome.output.contains("0.010000"))
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      #expect(model.tierCosts.count == 2 && abs(model.tierCosts[1] - 0.01) < 1e-9)
      let file = folder.appending(path: "prices.json")
      try Data(
        #"{"cheap":{"input_cost_per_token":0,"output_cost_per_token":1e-5},"expensive":{"input_cost_per_token":0,"output_cost_per_token":1e-4}}"#
          .utf8
      ).write(to: file)
      let other = folder.appending(path: "other").path
      #expect(try train(log, other, ["--prices", file.path]).code == 0)
      #expect(
        try Data(contentsOf: URL(filePath: other + "/model.safetensors"))
          == Data(contentsOf: URL(filePath: output + "/model.safetensors")))
      let mistyped = try train(log, other, ["--price", "smal=1,1"])
      #expect(mistyped.code == 64 && mistyped.error.contains("expected one of the tiers small, frontier"))
      #expect(try train(log, other, ["--prices", "/no/such/prices"]).code == 66)
    }
  }

  @Test func aWorseUpperTierIsWarnedOf() throws {
    try Tool.withFolder { folder in
      let log = try write(folder) { row in (row % 10 == 0 ? 0 : 1, row % 2) }
      let outcome = try train(log, folder.appending(path: "router").path)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(
        outcome.error.contains(
          "warning: Tier 'frontier' is worse than 'small', which is ranked below it (quality -0.4000, 95 % interval"))
    }
  }

  @Test func tiersComeFromAFileAndWildcards() throws {
    try Tool.withFolder { folder in
      let file = folder.appending(path: "tiers")
      try Data("# two\nsmall=che*\nfrontier=exp*\n".utf8).write(to: file)
      let output = folder.appending(path: "router").path
      let outcome = try Tool.run([
        "train", sample.log, "--recipe", sample.recipe, "--output", output, "--seed", "1", "--task-labels",
        "--tiers-file", file.path,
      ])
      #expect(outcome.code == 0, "\(outcome.error)")
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      #expect(model.tierNames == ["small", "frontier"] && model.metadata["tier_models"]?.contains("exp*") == true)
    }
  }

  @Test func rowsCountByTheirInclusion() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.jsonl")
      let lines = Sample.logLines(120, seed: 4).enumerated().map { row, line in
        row % 4 == 0 ? line.replacing("\"quality\"", with: "\"inclusion\":0.25,\"quality\"") : line
      }
      try Data(lines.joined().utf8).write(to: log)
      let output = folder.appending(path: "router").path
      let outcome = try train(log.path, output)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("Rows count by 1 / inclusion: 30 of 120 labelled rows carry one"))
      let weighting = try #require(try metrics(output)["weighting"] as? [String: Any])
      #expect(weighting["cap"] as? Double == 4 && weighting["capped_share"] as? Double == 0)
      #expect(abs((weighting["effective_rows"] as? Double ?? 0) - 210 * 210 / 570.0) < 0.01)
    }
  }

  @Test func oneWriterAtATimeHasAFolder() throws {
    try Tool.withFolder { folder in
      let output = folder.appending(path: "router")
      #expect(try train(sample.log, output.path).code == 0)
      let descriptor = unsafe open(output.path, O_RDONLY | O_DIRECTORY)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      let second = try train(sample.log, output.path)
      #expect(second.code == 74 && second.error.contains("name another folder with --output"))
      let calibrated = try Tool.run(
        ["calibrate", "--model", output.path, sample.log, "--max-share", "frontier=0.9"] + Sample.tiers)
      #expect(calibrated.code == 74 && calibrated.error.contains("no other train or calibrate"))
      #expect(try Tool.run("route", "--model", output.path, "a b c").code == 0, "readers need no lock")
    }
  }

  #if os(Linux)
    /// Where a file cannot be written whole, as on a full disk, the old folder stays as it was.
    @Test func aFolderThatCannotBeReplacedWholeStays() throws {
      try Tool.withFolder { folder in
        let output = folder.appending(path: "router").path
        #expect(try train(sample.log, output).code == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
        let before = try names.map { try Data(contentsOf: URL(filePath: output + "/" + $0)) }
        // 8 KiB: the scores fit, the model does not. The signal is ignored, so that the write fails.
        let arguments = ["train", sample.fresh, "--recipe", sample.recipe, "--output", output] + Sample.tiers
        let outcome = try shell("trap '' XFSZ; ulimit -f 16", arguments)
        #expect(outcome.code == 74, "\(outcome.error)")
        #expect(outcome.error.contains("writing failed"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).sorted() == names)
        #expect(try names.map { try Data(contentsOf: URL(filePath: output + "/" + $0)) } == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["router"])
      }
    }

    /// Under a limit on memory there is an error in the end, and no endless wait for memory.
    @Test(arguments: [250_000, 300_000]) func memoryThatRunsOutIsAnError(kibibytes: Int) throws {
      try Tool.withFolder { folder in
        let arguments =
          ["train", sample.log, "--threads", "2", "--output", folder.appending(path: "router").path] + Sample.tiers
        let outcome = try shell("ulimit -v \(kibibytes)", arguments)
        #expect(outcome.code == 0 || outcome.code == 1 || outcome.code == 127, "\(outcome.code) \(outcome.error)")
        if outcome.code == 1 { #expect(outcome.error.contains("ulimit -v")) }
        #expect(try shell("ulimit -v \(kibibytes)", ["--version"]).code != 137)
      }
    }

    /// Runs the tool from a shell that was prepared; it is killed where it does not end.
    private func shell(_ preparation: String, _ arguments: [String]) throws -> Tool.Outcome {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments =
        ["-c", "\(preparation); exec timeout -s KILL 120 \"$0\" \"$@\"", Tool.executable.path] + arguments
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return Tool.Outcome(code: process.terminationStatus, outputBytes: [], error: text)
    }
  #endif
}
