import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import Statistics
import Testing

@testable import Workflow

/// A part of a model's tiers decides as the whole model does where the others are not allowed.
@Suite struct TierSelectionTests {
  @Test func apartFromTheOthersTheChoiceIsThatOfTheWholeModel() throws {
    try withModel { folder, log in
      let model = try ModelFolder(folder.path)
      let selection = try TierSelection(given: ["frontier", "small"], of: model.model)
      #expect(selection.names == ["small", "frontier"] && selection.isPartial && selection.tiers == [0, 2])
      #expect(model.model.thresholdScaling != nil, "the log contains costs")

      // A calibrated copy, so that steps are above 0 and scaled.
      let scorer = try LogScorer(model, selection: selection)
      let scored = try scorer.score(log)
      #expect(scored.log.tierNames == ["small", "frontier"])
      let chosen = try CalibratedThresholds(scored.log, goal: .maximumShare(tier: "frontier", share: 0.4))
      #expect(chosen.isGuaranteed && chosen.thresholds.increments.count == 1)
      try model.write(chosen, for: selection)

      let written = try ModelFolder(folder.path)
      #expect(written.model.thresholds.increments.count == 2 && written.model.tierCosts.isEmpty)
      let remembered = try written.selection(named: nil)
      #expect(remembered.names == ["small", "frontier"])
      let steps = remembered.thresholds(written.model.thresholds).increments
      #expect(abs(steps[0] - chosen.thresholds.increments[0]) < 1e-6)

      // A router that is told nothing takes what the model says.
      let router = Router(model: written.model)
      #expect(router.policy.usedTiers == [0, 2])
      var scratch = written.model.makeScratch()
      let reduced = remembered.thresholds(written.model.thresholds)
      var tiers: Set<Int> = []
      _ = try log.forEachRecord { record in
        let decision = router.route(record.request, using: &scratch)
        tiers.insert(decision.tier)
        let scales = remembered.thresholdScales(scratch.thresholdScales)
        let expected = reduced.choose(remembered.of(scratch.probabilities).span, thresholdScales: scales.span)
        #expect(decision.tier == remembered.places[expected.tier])
        #expect(abs(decision.threshold - expected.threshold) < 1e-5)
      }
      #expect(tiers == [0, 2])
      #expect(try written.selection(named: ["small", "mid", "frontier"]).isPartial == false)
    }
  }

  @Test func namesAreChecked() throws {
    try withModel { place, _ in
      let folder = try ModelFolder(place.path)
      let model = folder.model
      for (names, found) in [
        (["small", "fronteir"], "fronteir"), (["small", "small"], "twice"), (["small"], "found 1"), ([""], "''"),
      ] {
        let error = #expect(throws: WorkflowError.self) { try TierSelection(given: names, of: model) }
        #expect(error?.description.contains(found) == true, "\(names)")
        #expect(error?.exitStatus == 64)
      }
      let map = try TierMap(flags: ["small=cheap", "frontier=expensive"])
      #expect(throws: WorkflowError.self) { try folder.tierMap(map, for: TierSelection(allOf: model)) }
      let part = try #require(TierSelection(named: ["small", "frontier"], of: model))
      #expect(try folder.tierMap(map, for: part) == map)
      #expect(try folder.tierMap(nil, for: part).names == ["small", "frontier"])
    }
  }

  /// A log whose three models differ in price and worth, and a model of it.
  private func withModel(_ body: (_ folder: URL, _ log: LogSource) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-selection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var generator = SplitMix64(seed: 9)
    let lines = (0..<240).map { row in
      let ease = generator.nextUnit()
      let tokens = 50 + generator.next(below: 400)
      let outcomes = [("cheap", 0.55, 1e-6), ("middle", 0.3, 4e-6), ("expensive", 0.1, 2e-5)].map {
        name, needed, price in
        let isGood = (Double(ease) > needed) != (generator.nextUnit() < 0.08)
        return
          "\"\(name)\":{\"quality\":\(isGood ? 1 : 0),\"output_tokens\":\(tokens),\"cost_usd\":\(Double(tokens) * price)}"
      }
      let word = ["grukatt", "quim", "fep", "plimsel"][min(3, Int(ease * 4))]
      let long = String(repeating: " vox", count: tokens / 20)
      return
        "{\"id\":\"r\(row)\",\"prompt\":\"\(word)\(long) \(row)\",\"outcomes\":{\(outcomes.joined(separator: ","))}}"
    }
    let path = folder.appending(path: "log.jsonl").path
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    var recipe = Recipe()
    (recipe.architecture, recipe.bucketBits, recipe.folds) = (.logistic, 10, 2)
    (recipe.gramPenalties, recipe.densePenalties, recipe.maximumIterations) = ([1], [100], 15)
    let log = LogSource(paths: [path])
    let run = TrainingRun(recipe)
    let tiers = try TierMap(flags: ["small=cheap", "mid=middle", "frontier=expensive"])
    let model = try #require(try run.train(try run.read(log, tiers: tiers)))
    let output = folder.appending(path: "router")
    try model.write(to: output)
    try body(output, log)
  }
}
