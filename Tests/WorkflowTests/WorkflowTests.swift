import Evaluation
import Foundation
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
      let tiers = try TierMap(flags: ["small=cheap", "frontier=dear"])

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

  private static let rows = 300

  /// A log of invented words in which a marker word tells the outcome, with one exception in ten.
  private static func writeLog(to folder: URL) throws -> String {
    var generator = SplitMix64(seed: 5)
    let lines = (0..<rows).map { row in
      let isHard = generator.nextUnit() < 0.5
      let isSmallGood = isHard == (generator.nextUnit() < 0.1)
      let words = (0..<6).map { _ in ["zor", "quim", "fep", "tra", "vox"][generator.next(below: 5)] }
      return """
        {"id":"r\(row)","prompt":"\(words.joined(separator: " ")) \(isHard ? "grukatt" : "plimsel") \(row)","outcomes":\
        {"cheap":{"quality":\(isSmallGood ? 1 : 0),"cost_usd":0.0001},"dear":{"quality":1,"cost_usd":0.002}}}
        """
    }
    let path = folder.appending(path: "log.jsonl").path
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
