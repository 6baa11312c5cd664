import Foundation
import Ockham
import RequestLog
import Testing

/// A log that holds features in place of texts, as the gateway writes it, does all that the log with texts does.
@Suite struct FeatureLogTests {
  /// The sample's log as SQLite without its texts.
  private func write(_ log: String, without folder: URL, bucketBits: Int = 10) throws -> String {
    let path = folder.appending(path: "features-\(bucketBits).sqlite").path
    let writer = try SQLiteWriter(path: path)
    let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: bucketBits))
    var vector = extractor.makeVector()
    for var record in try LogSource(paths: [log]).readAll().records {
      record.features = StoredFeatures(record.request, extractor, using: &vector)
      record.request = Request(segments: [])
      try writer.write(record)
    }
    try writer.finish()
    return path
  }

  @Test func trainsTheSameModel() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let log = try write(sample.log, without: folder)
      let output = folder.appending(path: "router").path
      let outcome = try Tool.run(
        ["train", log, "--recipe", sample.recipe, "--output", output, "--seed", "1", "--task-labels"] + Sample.tiers)
      #expect(outcome.code == 0, "\(outcome.error)")
      let models = try [sample.router, output].map {
        try Data(contentsOf: URL(filePath: $0).appending(path: "model.safetensors"))
      }
      #expect(models[0] == models[1])
    }
  }

  /// Without a recipe the log's features are those of the model, whatever the usual ones are.
  @Test func withoutARecipeTheLogSaysWhichFeatures() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let log = try write(sample.log, without: folder, bucketBits: 11)
      let output = folder.appending(path: "router")
      let flags = ["--architecture", "logistic", "--folds", "2", "--output", output.path]
      let outcome = try Tool.run(["train", log] + flags + Sample.tiers)
      #expect(
        outcome.code == 0 && outcome.error.contains("features of 11 bucket bits, with word pairs"), "\(outcome.error)")
      let recipe = try Data(contentsOf: output.appending(path: "recipe.json"))
      #expect((try JSONSerialization.jsonObject(with: recipe) as? [String: Any])?["bucketBits"] as? Int == 11)
      let refused = try Tool.run(["train", log, "--recipe", sample.recipe, "--output", output.path] + Sample.tiers)
      #expect(refused.code == 65 && refused.error.contains(#"a recipe with {"bucketBits": 11, "wordPairs": true"#))
    }
  }

  @Test func evaluatesCalibratesComparesAndRoutesAlike() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let log = try write(sample.fresh, without: folder)
      let commands: [(String) -> [String]] = [
        { ["evaluate", "--model", sample.router, $0, "--format", "json"] + Sample.tiers },
        { ["compare", sample.router, sample.candidate, $0] + Sample.tiers },
      ]
      for command in commands {
        let (texts, features) = (try Tool.run(command(sample.fresh)), try Tool.run(command(log)))
        // Each names its own log.
        let told = features.output.replacing(log, with: "LOG")
        let same = texts.output.replacing(sample.fresh, with: "LOG")
        #expect(features.code == 0 && told == same, "\(features.error)")
      }
      let outputs = try [sample.fresh, log].map { path -> Data in
        let output = folder.appending(path: "calibrated.safetensors")
        let outcome = try Tool.run(
          ["calibrate", "--model", sample.router, path, "--max-share", "frontier=0.5", "--output", output.path]
            + Sample.tiers)
        #expect(outcome.code == 0, "\(outcome.error)")
        return try Data(contentsOf: output)
      }
      #expect(outputs[0] == outputs[1])
      let decisions = try [sample.fresh, log].map { path in
        try Tool.run("route", "--model", sample.router, "--log", path, "--format", "json").lines.map {
          $0.components(separatedBy: "\"nanoseconds\"")[0]
        }
      }
      #expect(decisions[0] == decisions[1] && decisions[0].count == Sample.rows)
    }
  }

  /// What the features are of is said, and what they would have to be of.
  @Test(arguments: ["train", "evaluate", "route"]) func otherOptions(command: String) throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let log = try write(sample.fresh, without: folder, bucketBits: 12)
      let arguments = [
        "train": ["train", log, "--recipe", sample.recipe, "--output", folder.path] + Sample.tiers,
        "evaluate": ["evaluate", "--model", sample.router, log] + Sample.tiers,
        "route": ["route", "--model", sample.router, "--log", log],
      ]
      let outcome = try Tool.run(arguments[command] ?? [])
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("features: expected features of 10 bucket bits"))
      #expect(outcome.error.contains("found features of 12 bucket bits"))
    }
  }

  @Test func robustnessNeedsTexts() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let log = try write(sample.fresh, without: folder)
      let outcome = try Tool.run(["evaluate", "--model", sample.router, log, "--robustness"] + Sample.tiers)
      #expect(outcome.code == 65 && outcome.error.contains("expected requests with text, found features only"))
    }
  }
}
