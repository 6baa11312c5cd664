import Foundation
import Ockham
import Testing

@Suite struct TrainTests {
  @Test func writesAllFilesAndNothingElse() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Sample.shared.router).sorted()
    #expect(names == ["CARD.md", "metrics.json", "model.safetensors", "out-of-fold.safetensors", "recipe.json"])
    let model = try Model([UInt8](Data(contentsOf: URL(filePath: Sample.shared.router + "/model.safetensors"))))
    #expect(model.tierNames == ["small", "frontier"])
    #expect(model.hasTaskHead)
    #expect(model.metadata["tier_models"] == #"[["cheap"],["expensive"]]"#)
    let metrics = try Data(contentsOf: URL(filePath: Sample.shared.router + "/metrics.json"))
    let json = try #require(try JSONSerialization.jsonObject(with: metrics) as? [String: Any])
    #expect(json["rows"] as? Int == Sample.rows)
    #expect(json["task_accuracy"] is Double)
    #expect((json["out_of_fold"] as? [String: Any])?["apgr"] is Double)
    let card = String(decoding: try Data(contentsOf: URL(filePath: Sample.shared.router + "/CARD.md")), as: UTF8.self)
    for heading in ["# Router model", "## Training data", "## Held-out results", "## Thresholds", "## Limits"] {
      #expect(card.contains(heading))
    }
  }

  /// The recipe that is written makes the same model again, on any number of threads.
  @Test func theWrittenRecipeMakesTheSameBytes() throws {
    try Tool.withFolder { folder in
      let outcome = try Tool.run(
        [
          "train", Sample.shared.log, "--recipe", Sample.shared.router + "/recipe.json", "--threads", "3", "--output",
          folder.path,
        ] + Sample.tiers)
      #expect(outcome.code == 0)
      for name in ["model.safetensors", "out-of-fold.safetensors", "recipe.json"] {
        let expected = try Data(contentsOf: URL(filePath: Sample.shared.router + "/" + name))
        #expect(try Data(contentsOf: folder.appending(path: name)) == expected, "\(name)")
      }
    }
  }

  @Test func badLinesAreNamedAndCounted() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "bad.jsonl")
      var lines = Sample.logLines(120, seed: 3)
      lines[4] = "{\"id\":\"x\",\"prompt\":\"top secret words\",\n"
      lines[9] = "{\"id\":\"y\",\"prompt\":\"top secret words\",\"outcomes\":{\"cheap\":{\"quality\":1.5}}}\n"
      try Data(lines.joined().utf8).write(to: log)
      let arguments =
        ["train", log.path, "--recipe", Sample.shared.recipe, "--output", folder.appending(path: "m").path]
        + Sample.tiers
      let outcome = try Tool.run(arguments)
      #expect(outcome.code == 0)
      #expect(outcome.error.contains("\(log.path):5: "))
      #expect(outcome.error.contains("\(log.path):10: "))
      #expect(outcome.error.contains("118 records read, 2 rejected"))
      #expect(outcome.output.contains("118 requests"))
      #expect(!outcome.error.contains("secret"))
      let strict = try Tool.run(arguments + ["--strict"])
      #expect(strict.code == 65)
      #expect(strict.error.contains("\(log.path):5: "))
    }
  }

  @Test func modelsWithoutATierAreListedWithASuggestion() throws {
    try Tool.withFolder { folder in
      let outcome = try Tool.run("train", Sample.shared.log, "--output", folder.appending(path: "m").path)
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("--tier small='cheap' --tier frontier='expensive'"))
    }
  }
}
