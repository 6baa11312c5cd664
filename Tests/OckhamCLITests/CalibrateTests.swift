import Foundation
import Ockham
import Statistics
import Testing

@Suite struct CalibrateTests {
  private let sample = Sample.shared

  /// Calibrates into a new file and gives back the model there.
  private func calibrate(_ arguments: String...) throws -> (Tool.Outcome, Model?) {
    try Tool.withFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let outcome = try Tool.run(
        ["calibrate", "--model", sample.router, sample.log, "--output", url.path] + arguments)
      guard let data = try? Data(contentsOf: url) else { return (outcome, nil) }
      return (outcome, try Model([UInt8](data)))
    }
  }

  @Test(arguments: [
    ["--max-share", "frontier=0.6"], ["--max-cost-per-1k", "1.5"], ["--target-quality", "0.9"],
    ["--max-share", "frontier=0.6", "--confidence", "0.8"],
  ]) func writesThresholdsAndWhatTheyPromise(goal: [String]) throws {
    let (outcome, model) = try Tool.withFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let outcome = try Tool.run(["calibrate", "--model", sample.router, sample.log, "--output", url.path] + goal)
      return (outcome, try? Model([UInt8](Data(contentsOf: url))))
    }
    #expect(outcome.code == 0, "\(outcome.error)")
    let written = try #require(model)
    let guarantee = try #require(written.metadata["guarantee"])
    #expect(outcome.output.contains(guarantee))
    #expect(written.metadata["tensors_sha256"] != nil, "it would be that of the old thresholds, and refused")
    #expect(guarantee.contains(goal.contains("0.8") ? "80 % confidence" : "95 % confidence"))
    #expect(outcome.error.contains("have not seen them"))
    #expect(outcome.output.contains("\nwrote "))
    #expect(outcome.lines.last?.hasPrefix("next: ockham evaluate --model ") == true)
    #expect(outcome.output.contains(goal[0] == "--target-quality" ? "(at least " : "(at most "))
  }

  @Test func aTighterShareNeedsAHigherThreshold() throws {
    let steps = try ["0.7", "0.5", "0.3"].map { share in
      try #require(try calibrate("--max-share", "frontier=\(share)").1).thresholds.increments[0]
    }
    #expect(steps[0] < steps[1] && steps[1] < steps[2])
  }

  /// What cannot be proved is refused with a reason and exit code 1; the best thresholds are shown, and nothing is written.
  @Test func aGoalOutOfReachIsRefusedWithAnOffer() throws {
    let (outcome, model) = try calibrate("--max-share", "frontier=0.02", "--confidence", "0.999")
    #expect(outcome.code == 1)
    #expect(model == nil)
    #expect(outcome.lines.first?.hasSuffix("(not proven)") == true)
    #expect(outcome.output.contains("Not proven: ") && outcome.output.contains("rows would be needed"))
    #expect(outcome.output.contains("On this log, from which they were chosen, and so optimistically: "))
    #expect(outcome.error.contains("ockham: error: nothing was written: the goal is not proven"))
  }

  @Test func unprovenThresholdsAreWrittenOnRequestAndMarked() throws {
    try Tool.withFolder { folder in
      let output = folder.appending(path: "unproven").path
      let outcome = try Tool.run(
        "calibrate", "--model", sample.router, sample.log, "--max-share", "frontier=0.02", "--confidence", "0.999",
        "--allow-unproven", "--output", output)
      #expect(outcome.code == 0, "\(outcome.error)")
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      #expect(model.metadata["guarantee"] == nil)
      #expect(model.metadata["not_proven"]?.hasPrefix("Not proven: ") == true)
      let card = try String(contentsOf: URL(filePath: output + "/CARD.md"), encoding: .utf8)
      #expect(card.contains("(not proven)"))
      #expect(FileManager.default.fileExists(atPath: output + "/out-of-fold.safetensors"))
    }
  }

  @Test func aFileStaysAFileAndAnyOtherNameIsAFolder() throws {
    try Tool.withFolder { folder in
      for name in ["model.safetensors", "new.folder"] {
        let outcome = try Tool.run(
          "calibrate", "--model", sample.router, sample.log, "--max-share", "frontier=0.5", "--output",
          folder.appending(path: "\(name == "new.folder" ? "b" : "a")-\(name)").path)
        #expect(outcome.code == 0, "\(outcome.error)")
      }
      let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      #expect(
        found == [
          "a-model.safetensors", "b-new.folder", "b-new.folder/CARD.md", "b-new.folder/certificate.json",
          "b-new.folder/metrics.json",
          "b-new.folder/model.safetensors", "b-new.folder/out-of-fold.safetensors", "b-new.folder/recipe.json",
          "out-of-fold.safetensors",
        ])
    }
  }

  /// A share of requests is counted on requests alone, a cost on costs alone.
  @Test func sharesAndCostsNeedNoQualities() throws {
    try Tool.withFolder { folder in
      let text = try String(contentsOfFile: sample.fresh, encoding: .utf8)
      let log = folder.appending(path: "unlabelled.jsonl")
      try Data(text.replacing(/"quality":[0-9.]+,?/, with: "").utf8).write(to: log)
      let bare = folder.appending(path: "bare.jsonl")
      try Data(text.replacing(/,"outcomes":\{.*\}\}$/.anchorsMatchLineEndings(), with: "}").utf8).write(to: bare)
      for (file, goal) in [
        (log, ["--max-share", "frontier=0.6"]), (log, ["--max-cost-per-1k", "1.9"]),
        (bare, ["--max-share", "frontier=0.6"]),
      ] {
        let outcome = try Tool.run(
          ["calibrate", "--model", sample.router, file.path, "--output", folder.appending(path: "copy").path] + goal)
        #expect(outcome.code == 0, "\(goal): \(outcome.error)\(outcome.output)")
        #expect(!outcome.output.contains("quality kept"))
      }
      let quality = try Tool.run("calibrate", "--model", sample.router, log.path, "--target-quality", "0.9")
      #expect(quality.code == 65)
    }
  }

  /// Rows that were picked with a low probability stand for more: easy rows picked seldom weigh as those that were not picked.
  @Test func rowsCountByTheProbabilityThatPickedThem() throws {
    try Tool.withFolder { folder in
      let lines = try String(contentsOfFile: sample.log, encoding: .utf8).split(separator: "\n")
      let seldom = lines.map { line in
        let text = String(line)
        return text.contains("plimsel") ? text.replacing("\"quality\"", with: "\"inclusion\":0.25,\"quality\"") : text
      }
      let log = folder.appending(path: "picked.jsonl")
      try Data(seldom.joined(separator: "\n").utf8).write(to: log)
      func told(_ path: String) throws -> [String: Any] {
        let outcome = try Tool.run(
          "calibrate", "--model", sample.router, path, "--target-quality", "0.9", "--format", "json",
          "--allow-unproven",
          "--output", folder.appending(path: "copy").path)
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
      }
      let (plain, weighted) = try (told(sample.log), told(log.path))
      let share = { (object: [String: Any]) in ((object["share"] as? [String: Any])?["small"] as? Double) ?? 0 }
      #expect(share(weighted) > share(plain) + 0.1, "\(share(weighted)), \(share(plain))")
      #expect((weighted["assumptions"] as? [String])?.contains { $0.hasPrefix("Rows count by their weights") } == true)
    }
  }

  @Test func jsonTellsTheChoice() throws {
    for (goal, code) in [("0.9", Int32(0)), ("0.9999", 1)] {
      let (outcome, _) = try calibrate("--target-quality", goal, "--format", "json")
      #expect(outcome.code == code, "\(outcome.error)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
      #expect(object["proven"] as? Bool == (code == 0))
      #expect((object["thresholds"] as? [Double])?.count == 1)
      #expect((object["wrote"] is NSNull) == (code == 1))
      let kept = try #require(object["quality_kept"] as? [String: Any])
      let (value, low) = (try #require(kept["value"] as? Double), try #require(kept["low"] as? Double))
      let wanted = try #require(Double(goal))
      #expect(low < value)
      #expect((low >= wanted) == (code == 0))
    }
  }

  /// The same rows in any order give the same file.
  @Test func theOrderOfRowsDoesNotMatter() throws {
    try Tool.withFolder { folder in
      var generator = SplitMix64(seed: 3)
      let lines = try String(contentsOfFile: sample.log, encoding: .utf8).split(separator: "\n")
      let outputs = try (0..<4).map { round in
        let log = folder.appending(path: "shuffled.jsonl")
        try Data(generator.permutation(of: lines.count).map { lines[$0] + "\n" }.joined().utf8).write(to: log)
        let output = folder.appending(path: "\(round).safetensors")
        let outcome = try Tool.run(
          "calibrate", "--model", sample.router, log.path, "--target-quality", "0.9", "--output", output.path)
        #expect(outcome.code == 0, "\(outcome.error)")
        return try Data(contentsOf: output)
      }
      #expect(Set(outputs).count == 1)
    }
  }

  @Test func withoutOutputTheModelIsChangedInPlace() throws {
    try Tool.withFolder { folder in
      for name in ["model.safetensors", "out-of-fold.safetensors"] {
        try FileManager.default.copyItem(
          atPath: sample.router + "/" + name, toPath: folder.appending(path: name).path)
      }
      let before = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      let outcome = try Tool.run(
        "calibrate", "--model", folder.path, sample.log, "--max-share", "frontier=0.4")
      #expect(outcome.code == 0)
      let after = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      #expect(before != after)
      #expect(try Model([UInt8](after)).calibrations == Model([UInt8](before)).calibrations)
      // What it guarantees lies beside it.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }
  }
}
