import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import Statistics
import Testing
import Workflow

/// The library from a log to a comparison, without a command line.
@Suite struct WorkflowTests {
  @Test func fromALogToAComparison() throws {
    try withFolder { folder in
      let log = LogSource(paths: [try Self.writeLog(to: folder)])
      let tiers = try TierMap(flags: ["small=cheap", "frontier=expensive"])

      var routers: [ModelFolder] = []
      for seed in [1, 2] as [UInt64] {
        let run = TrainingRun(Self.recipe(seed: seed))
        let model = try #require(try run.train(try run.read(log, tiers: tiers)))
        let output = folder.appending(path: "router-\(seed)")
        try model.write(to: output)
        routers.append(try ModelFolder(output.path))
      }

      let scored = try LogScorer(routers[0]).score(log)
      let calibrated = try CalibratedThresholds(scored.log, goal: .maximumShare(tier: "frontier", share: 0.5))
      #expect(calibrated.isGuaranteed)
      try routers[0].write(calibrated)
      let router = try ModelFolder(routers[0].url.path)
      #expect(router.model.thresholds == calibrated.thresholds)

      let report = try EvaluationReport(
        scored.log, options: EvaluationOptions(thresholds: router.model.thresholds))
      #expect(report.rows == Self.rows && scored.outOfFoldRows == Self.rows)
      #expect(try #require(report.routing).metrics.apgr ?? 0 > 0.7)

      let pair = try ModelPair(router.url.path, routers[1].url.path)
      let comparison = try pair.compare(pair.score(log))
      #expect(comparison.text().contains("router-2"))
    }
  }

  /// λ is the thresholds over the costs: a model file must have those that its thresholds were chosen for, after training
  /// and after every calibration.
  @Test func aModelHasTheCostsThatItsThresholdsWereChosenFor() throws {
    try withFolder { folder in
      let tiers = try TierMap(flags: ["small=cheap", "frontier=expensive"])
      // Heavy rows cost more, and only every other row has the price of both tiers.
      let first = LogSource(paths: [
        try Self.writeLog(to: folder, name: "first") { row in
          (weight: row % 4 == 0 ? 5 : 1, cheap: row % 4 == 0 ? 0.004 : 0.001, expensive: row % 2 == 0 ? 0.02 : nil)
        }
      ])
      let run = TrainingRun(Self.recipe(seed: 1))
      let model = try #require(try run.train(try run.read(first, tiers: tiers)))
      let costs = try Model(model.bytes).tierCosts
      #expect(costs.count == 2 && abs(costs[0] - (5 * 0.004 + 0.001) / 6) < 1e-12 && abs(costs[1] - 0.02) < 1e-12)
      try model.write(to: folder)

      let second = LogSource(paths: [
        try Self.writeLog(to: folder, name: "second") { _ in (weight: 1, cheap: 0.5, expensive: 2) }
      ])
      let router = try ModelFolder(folder.path)
      let scored = try LogScorer(router).score(second)
      try router.write(CalibratedThresholds(scored.log, goal: .maximumShare(tier: "frontier", share: 0.5)))
      #expect(try ModelFolder(folder.path).model.tierCosts == [0.5, 2])

      let third = LogSource(paths: [
        try Self.writeLog(to: folder, name: "third") { _ in (weight: 1, cheap: nil, expensive: nil) }
      ])
      let unpriced = try LogScorer(router).score(third)
      try router.write(CalibratedThresholds(unpriced.log, goal: .maximumShare(tier: "frontier", share: 0.5)))
      #expect(try ModelFolder(folder.path).model.tierCosts.isEmpty, "invented costs are no USD")
    }
  }

  /// Rows of a training that left families out are evaluated as they were decided: by probabilities that were mixed.
  @Test func familiesAreEvaluatedByMixedProbabilities() throws {
    try withFolder { folder in
      let tiers = try TierMap(flags: ["small=cheap", "frontier=expensive"])
      let path = folder.appending(path: "recipe.json").path
      let settings = """
        {"architecture":"logistic","bucketBits":10,"gramPenalties":[1],"densePenalties":[100],"denseLimits":[2],"idfExponents":[1],
        "headCorrelations":[0],"maximumIterations":8,"families":{"a":["a"],"b":["b"],"c":["c"]},"home":["a"],"unfamiliarRise":0.75}
        """
      try Data(settings.utf8).write(to: URL(filePath: path))
      let recipe = try RecipeFile.read(path)
      #expect(
        recipe.families == ["a": ["a"], "b": ["b"], "c": ["c"]] && recipe.home == ["a"] && recipe.unfamiliarRise == 0.75
      )
      let log = LogSource(
        paths: try ["a", "b", "c"].map { name in
          try Self.writeLog(to: folder, name: name, rows: 60, words: (0..<5).map { "\(name)zor\($0)\(name)" })
        })
      let run = TrainingRun(recipe)
      let model = try #require(try run.train(try run.read(log, tiers: tiers)))
      try model.write(to: folder.appending(path: "router"))
      let router = try ModelFolder(folder.appending(path: "router").path)
      #expect(router.model.unfamiliarity?.rise == 0.75)
      let scored = try LogScorer(router).score(log)
      let kept = try #require(try router.outOfFoldScores())
      #expect(scored.outOfFoldRows == 180)
      let all = (0..<180).flatMap { row in (0..<2).map { scored.log.probability[row, $0] } }
      #expect(all.sorted() == kept.probabilities.sorted())
      #expect(kept.probabilities != kept.unfamiliarity?.probabilities)
      #expect(model.familyFigures.map(\.name) == ["a", "b", "c"] && model.familyFigures.allSatisfy { $0.rows == 60 })
      #expect(model.notes.contains { $0.contains("foreign families whole, home by folds") })
    }
  }

  /// What is as it is without being told leaves no mark in files.
  @Test func settingsThatAreUsualLeaveNoMark() throws {
    try withFolder { folder in
      let path = folder.appending(path: "recipe.json").path
      let settings =
        #"{"families":{},"familyWeight":0.5,"home":[],"unfamiliarRise":0.5,"nestedRows":0,"responseHeads":true}"#
      try Data(settings.utf8).write(to: URL(filePath: path))
      #expect(try RecipeFile.read(path) == Recipe())
      for wrong in [
        #"{"families":{"a":["a"]}}"#, #"{"families":{"a":["a"],"b":[],"c":["c"]}}"#, #"{"familyWeight":1.5}"#,
        #"{"home":["a"]}"#, #"{"families":{"a":["a"],"b":["b"],"c":["c"]},"home":["d"]}"#,
        #"{"families":{"a":["a"],"b":["b"],"c":["c"]},"home":["a","b","c"]}"#, #"{"unfamiliarRise":0}"#,
        #"{"nestedRows":-1}"#,
      ] {
        try Data(wrong.utf8).write(to: URL(filePath: path))
        #expect(throws: WorkflowError.self, "\(wrong)") { _ = try RecipeFile.read(path) }
      }
    }
  }

  private static let rows = 300

  /// A log of invented words in which a marker word shows the outcome, with one exception in ten; the expensive model is right more often.
  private static func writeLog(
    to folder: URL, name: String = "log", rows: Int = rows,
    words: [String] = ["zor", "quim", "fep", "tra", "vox"],
    _ price: (_ row: Int) -> (weight: Int, cheap: Double?, expensive: Double?) = { _ in (1, 0.0001, 0.002) }
  ) throws -> String {
    var generator = SplitMix64(seed: 5)
    let lines = (0..<rows).map { row in
      let isHard = generator.nextUnit() < 0.5
      let isSmallGood = isHard == (generator.nextUnit() < 0.1)
      let isDearGood = generator.nextUnit() < 0.85
      let chosen = (0..<6).map { _ in words[generator.next(below: 5)] }
      let (weight, cheap, expensive) = price(row)
      func outcome(_ quality: Int, _ cost: Double?) -> String {
        "{\"quality\":\(quality)" + (cost.map { ",\"cost_usd\":\($0)" } ?? "") + "}"
      }
      return """
        {"id":"\(name)\(row)","prompt":"\(chosen.joined(separator: " ")) \(isHard ? "grukatt" : "plimsel") \(row)",\
        "weight":\(weight),"outcomes":{"cheap":\(outcome(isSmallGood ? 1 : 0, cheap)),"expensive":\(outcome(isDearGood ? 1 : 0, expensive))}}
        """
    }
    let path = folder.appending(path: "\(name).jsonl").path
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    return path
  }

  private static func recipe(seed: UInt64) -> Recipe {
    var recipe = Recipe()
    (recipe.architecture, recipe.seed, recipe.bucketBits, recipe.folds) = (.logistic, seed, 10, 2)
    (recipe.gramPenalties, recipe.densePenalties, recipe.maximumIterations) = ([1], [100], 15)
    return recipe
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-workflow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
