import Foundation
import Ockham
import RequestLog
import Statistics
import Testing

@Suite struct ReplayTests {
  private let sample = Sample.shared

  /// Lines of a gateway that sends all to the expensive model, and has some of the others' answers rated.
  private static func observed(_ count: Int, seed: UInt64, start: Int = 4_000_000_000) -> [String] {
    var generator = SplitMix64(seed: seed)
    return Sample.logLines(count, seed: seed &+ 40).enumerated().map { index, line in
      let isDrawn = generator.nextUnit() < 0.5
      let served =
        "\"served\":\"expensive\",\"propensity\":1,\"eligible\":true,\"conversation\":\"s\(seed)-\(index / 2)\""
      let head = line.replacing("\"outcomes\"", with: "\(served),\"timestamp\":\(start + index * 60),\"outcomes\"")
      return isDrawn
        ? head.replacing("\"quality\"", with: "\"inclusion\":0.5,\"latency_ms\":10,\"quality\"")
        : head.replacing(/"cheap":\{[^}]*\},/, with: "").replacing(/"quality":[01],/, with: "\"latency_ms\":10,")
    }
  }

  private func withLog<Result>(
    _ lines: [String] = observed(600, seed: 1), _ body: (_ path: String, _ folder: URL) throws -> Result
  ) throws -> Result {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "live.jsonl")
      try Data(lines.joined().utf8).write(to: path)
      return try body(path.path, folder)
    }
  }

  @Test func aModelAloneIsComparedWithWhatServed() throws {
    try withLog { log, _ in
      let outcome = try Tool.run("replay", log, "--candidate", sample.router)
      #expect(outcome.code == 0, "\(outcome.error)")
      for words in ["all to frontier: frontier 100.0 %", "known under both", "dollars saved", "By tier", "math"] {
        #expect(outcome.output.contains(words), "\(words)")
      }
      #expect(!outcome.output.contains("decide nothing"), "the log is younger than the model")
      let json = try Tool.run("replay", log, "--incumbent", sample.router, "--format", "json").json()
      let incumbent = try #require(json["incumbent"] as? [String: Any])
      #expect(incumbent["policy"] as? String == "all to frontier" && json["decides"] as? Bool == true)
      let named = try Tool.run(
        "replay", log, "--incumbent", "all:frontier", "--candidate", sample.router, "--format", "json")
      let difference = try named.json()["difference"] as? NSDictionary
      #expect(difference != nil && difference == json["difference"] as? NSDictionary)
    }
  }

  /// With every outcome known, the difference is that of the means, which `evaluate` shows.
  @Test func agreesWithEvaluateWhereAllIsKnown() throws {
    let json = try Tool.run(
      "replay", sample.fresh, "--incumbent", "all:frontier", "--candidate", sample.router, "--format", "json"
    ).json()
    let report = try Tool.run("evaluate", "--model", sample.router, sample.fresh, "--format", "json").json()
    let difference = try #require(json["difference"] as? [String: Any])
    let (own, all) = (report["own_thresholds"] as? [String: Any], report["all_strongest"] as? [String: Any])
    for key in ["quality", "cost_usd"] {
      let found = try #require((difference[key] as? [String: Double])?["value"])
      let known = (candidate: try #require(own?[key] as? Double), incumbent: try #require(all?[key] as? Double))
      #expect(abs(found - (known.candidate - known.incumbent)) < 1e-9, "\(key)")
    }
    #expect(json["decides"] as? Bool == false, "nothing says that the labels are younger than the model")
    let asserted = try Tool.run(
      "replay", sample.fresh, "--incumbent", "all:frontier", "--candidate", sample.router, "--held-out", "--format",
      "json"
    ).json()
    #expect(asserted["decides"] as? Bool == true)
  }

  @Test func twoModelsAndFeaturesInPlaceOfTexts() throws {
    try withLog { log, folder in
      let path = folder.appending(path: "features.sqlite").path
      let writer = try SQLiteWriter(path: path)
      let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: 10))
      var vector = extractor.makeVector()
      for var record in try LogSource(paths: [log]).readAll().records {
        record.features = StoredFeatures(record.request, extractor, using: &vector)
        record.request = Request(segments: [])
        try writer.write(record)
      }
      try writer.finish()
      let outputs = try [log, path].map { log in
        let outcome = try Tool.run(
          "replay", log, "--incumbent", sample.router, "--candidate", sample.candidate, "--format", "json")
        #expect([0, 1].contains(outcome.code), "\(outcome.error)")
        return outcome.output.replacing(log, with: "LOG")
      }
      #expect(outputs[0] == outputs[1] && outputs[0].contains("\"disagreement\""))
    }
  }

  @Test func whatDecidesFollowsFromTheTime() throws {
    try withLog { log, _ in
      func labels(_ arguments: String...) throws -> [String: Int] {
        let json = try Tool.run(["replay", log, "--candidate", sample.router, "--format", "json"] + arguments).json()
        return try #require(json["labels"] as? [String: Int])
      }
      let young = try labels()
      #expect(young["training_rows"] == 0)
      let half = try labels("--frozen", "2096-10-02T12:06:10Z")
      let (deciding, training) = (try #require(half["deciding"]), try #require(half["training"]))
      #expect(half["deciding_rows"] == 300 && deciding > 10 && training > 10, "\(half)")
      let share = try #require(try labels("--frozen", "2100-01-01", "--evaluation-salt", "salt")["deciding_rows"])
      #expect((80...160).contains(share), "a fifth of 600 rows, by conversation: \(share)")
      // The training log's own rows never decide.
      let own = try Tool.run(
        "replay", sample.log, "--incumbent", "all:frontier", "--candidate", sample.router, "--evaluation-salt", "x",
        "--format", "json"
      ).json()
      #expect((own["labels"] as? [String: Int])?["deciding_rows"] == 0)
    }
  }

  /// What replay keeps for itself no training reads.
  @Test func trainingLeavesTheEvaluationShareOut() throws {
    try Tool.withFolder { folder in
      let router = folder.appending(path: "router").path
      let trained = try Tool.run(
        [
          "train", sample.log, "--recipe", sample.recipe, "--output", router, "--seed", "1", "--evaluation-salt",
          "salt",
        ]
          + Sample.tiers)
      #expect(
        trained.code == 0 && trained.error.contains("records of the evaluation share left out"), "\(trained.error)")
      let json = try Tool.run(
        "replay", sample.log, "--incumbent", "all:frontier", "--candidate", router, "--evaluation-salt", "salt",
        "--format", "json"
      ).json()
      let labels = try #require(json["labels"] as? [String: Int])
      let kept = try #require(labels["deciding_rows"])
      #expect((25...55).contains(kept) && trained.error.contains("\(kept) records of the evaluation share"))
      let chosen = try Tool.run(
        "calibrate", "--model", router, sample.fresh, "--max-share", "frontier=0.5", "--evaluation-salt", "salt",
        "--output", folder.appending(path: "chosen.safetensors").path)
      #expect(chosen.code == 0 && chosen.error.contains("records of the evaluation share left out"))
      #expect(try Tool.run("evaluate", "--model", router, sample.fresh, "--evaluation-salt", "").code == 64)
    }
  }

  @Test func aPeriodIsCutOut() throws {
    try withLog { log, _ in
      func rows(_ arguments: String...) throws -> Int? {
        try Tool.run(["replay", log, "--candidate", sample.router, "--format", "json"] + arguments).json()["rows"]
          as? Int
      }
      let counts = [try rows("--since", "2h"), try rows("--since", "1d"), try rows("--until", "2096-10-02T08:06:40Z")]
      #expect(counts == [121, 600, 60])
      let empty = try Tool.run("replay", log, "--candidate", sample.router, "--since", "2100-01-01")
      #expect(empty.code == 65 && empty.error.contains("between --since and --until"))
      let undated = try Tool.run(
        "replay", sample.fresh, "--candidate", sample.router, "--since", "1d", "--incumbent", "all:small")
      #expect(undated.code == 65 && undated.error.contains("found none in 200"))
    }
  }

  @Test func pricesOfToday() throws {
    let lines = Self.observed(600, seed: 1).map {
      $0.replacing("\"cost_usd\"", with: "\"output_tokens\":100,\"cost_usd\"")
    }
    try withLog(lines) { log, _ in
      func cost(_ arguments: String...) throws -> Double {
        let json = try Tool.run(["replay", log, "--candidate", sample.router, "--format", "json"] + arguments).json()
        let incumbent = try #require(json["incumbent"] as? [String: Any])
        return try #require((incumbent["cost_usd"] as? [String: Double])?["value"])
      }
      let prices = ["--price", "small=0,1", "--price", "frontier=0,100"]
      let recorded = try cost()
      #expect(abs(recorded - 0.002) < 1e-12)
      let today = try Tool.run(
        ["replay", log, "--candidate", sample.router, "--format", "json", "--costs", "today"] + prices)
      let incumbent = try #require(try today.json()["incumbent"] as? [String: Any])
      let dollars = try #require((incumbent["cost_usd"] as? [String: Double])?["value"])
      #expect(abs(dollars - 0.01) < 1e-12 && today.output.contains("model-based"))
      let unpriced = try Tool.run("replay", log, "--candidate", sample.router, "--costs", "today")
      #expect(unpriced.code == 64)
    }
  }

  @Test func theCandidatesConfiguration() throws {
    try withLog { log, folder in
      let config = folder.appending(path: "gateway.yaml")
      func replay(_ rules: String) throws -> Tool.Outcome {
        let tiers = "tiers: {small: {targets: [p/a]}, frontier: {targets: [p/b]}}\n"
        try Data((tiers + rules).utf8).write(to: config)
        return try Tool.run(
          "replay", log, "--candidate", sample.router, "--candidate-config", config.path, "--format", "json")
      }
      let plain = try replay("").json()
      let strict = try replay("rules: [{name: a stays up, when: {keys: [a]}, then: {tier: frontier}}]").json()
      let shares = try [plain, strict].map { try #require($0["disagreement"] as? Double) }
      #expect(shares[1] < 0.7 * shares[0] && strict["foreign_rows"] as? Int == 0)
      let doubtful = try replay("rules: [{name: secret, when: {headers: {x-class: secret}}, then: {tier: frontier}}]")
      #expect(doubtful.code == 1 && doubtful.error.contains("the candidate's rules, pins or tiers"))
      let rules = try doubtful.json()["doubtful_rules"] as? [String: Int]
      #expect(rules?["secret"] ?? 0 > 100)
      let wrong = try replay("rules: [{then: {tier: huge}}]")
      #expect(wrong.code == 65 && wrong.error.contains("rules[0].then.tier"))
    }
  }

  /// A refusal is printed, says what to do, and is an exit code.
  @Test func refusals() throws {
    let lines = Self.observed(600, seed: 1).map { $0.replacing(/"cheap":\{[^}]*\},/, with: "") }
    try withLog(lines) { log, _ in
      let outcome = try Tool.run("replay", log, "--candidate", sample.router, "--format", "json")
      let json = try outcome.json()
      #expect(outcome.code == 1 && outcome.error.contains("no quality is given"))
      #expect((json["refused"] as? String)?.contains("have shadow copies of them asked") == true)
      #expect((json["difference"] as? [String: Any])?["quality"] is NSNull)
      #expect(json["decides"] as? Bool == false)
      let table = try Tool.run("replay", log, "--candidate", sample.router)
      #expect(table.output.contains("have shadow copies of them asked"))
      #expect(table.error.contains("no quality is given; the report says why"))
      #expect(!table.error.contains("have shadow copies of them asked"))
    }
  }

  @Test func wrongCalls() throws {
    for (arguments, code, words) in [
      ([sample.log], 64, "give --candidate"),
      ([sample.log, "--candidate", "all:small"], 64, "expected a model on one side"),
      (
        [sample.log, "--candidate", sample.router, "--incumbent", "all:huge"], 64, "one of the tiers small, frontier"
      ),
      ([sample.log, "--candidate", sample.router, "--since", "yesterday"], 64, "yesterday"),
      ([sample.log, "--candidate", sample.router, "--frozen", "soon"], 64, "--frozen"),
      ([sample.log, "--candidate", sample.router, "--margin", "1"], 64, "--margin"),
      ([sample.log, "--candidate", "/no/such/model"], 66, "/no/such/model"),
      ([sample.log, "--candidate", sample.router], 64, "--incumbent"),
    ] as [([String], Int32, String)] {
      let outcome = try Tool.run(["replay"] + arguments)
      #expect(outcome.code == code && outcome.error.contains(words), "\(arguments): \(outcome.code) \(outcome.error)")
    }
  }

  /// A model that may remember rows is not judged by them.
  @Test func aModelWithoutItsScoresIsRefused() throws {
    try Tool.withFolder { folder in
      let bare = folder.appending(path: "bare.safetensors")
      try FileManager.default.copyItem(atPath: sample.router + "/model.safetensors", toPath: bare.path)
      func replay(_ log: String, _ more: String...) throws -> Tool.Outcome {
        try Tool.run(["replay", log, "--incumbent", "all:frontier", "--candidate", bare.path] + more)
      }
      let refused = try replay(sample.fresh)
      #expect(refused.code == 1 && refused.error.contains("--held-out"))
      let codes = [try replay(sample.fresh, "--held-out").code, try withLog { log, _ in try replay(log).code }]
      #expect(codes == [0, 0], "no one remembers what came later")
    }
  }
}
