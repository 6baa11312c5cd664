import Ockham
import OckhamTraining
import RequestLog
import Statistics
import Testing

@testable import Gateway
@testable import GatewayCore

/// What the gateway wrote, with what clients said of it, is a log to train on.
@Suite struct TelemetryTrainingTests {
  private static let rows = 400

  /// Every third request is explored; the smaller tiers fail the hard ones, and every answer is marked but each tenth.
  private func write(to store: TelemetryRecorder) async throws {
    var generator = SplitMix64(seed: 7)
    for index in 0..<Self.rows {
      let isHard = generator.next() % 2 == 0
      let tier = index % 3 == 0 ? Int(generator.next() % 3) : isHard ? 2 : 0
      var trace = Traces.answered(
        "r\(index)", prompt: "\(isHard ? "grukatt" : "plimsel") number \(index % 50)?", tier: tier,
        propensity: index % 3 == 0 ? 0.05 : 1)
      trace.decision.task = .math
      store.record(trace)
      guard index % 10 != 0 else { continue }
      let isGood = tier == 2 ? generator.next() % 20 != 0 : !isHard || tier == 1 && generator.next() % 2 == 0
      try await store.feedback(
        Feedback(requestID: "r\(index)", quality: isGood ? 1 : 0, source: "thumbs", time: Traces.time, key: "alice"))
    }
    await store.close()
  }

  @Test(arguments: [TelemetryConfiguration.Prompts.features, .full])
  func fromTracesToAModel(prompts: TelemetryConfiguration.Prompts) async throws {
    let folder = try TelemetryFolder()
    let options = FeatureOptions(bucketBits: 10)
    try await write(to: folder.store(TelemetrySettings(prompts: prompts, featureOptions: options)))

    let source = LogSource(paths: [folder.database], options: LogOptions(isStrict: true, featureOptions: [options]))
    let records = try source.readRecords()
    #expect(records.count == Self.rows)
    #expect(records.count { $0.propensity == 0.05 } == (Self.rows + 2) / 3)
    // A task that the model guessed is no label.
    #expect(records.allSatisfy { $0.task == nil && $0.tier == nil })
    #expect(records[1].outcomes[0].quality != nil && records[10].outcomes[0].quality == nil)

    var builder = DatasetBuilder(options: options, pool: WorkerPool(threads: 2))
    for record in records { builder.add(record) }
    let map = try TierMap(nil, survey: builder.survey)
    let dataset = try builder.finish(tiers: map)
    #expect(map.names == Traces.tiers)
    for (row, record) in records.enumerated() {
      let outcome = record.outcomes[0]
      let tier = try #require(Traces.tiers.firstIndex(of: outcome.name))
      for other in 0..<3 {
        let label = dataset.labels[row, other]
        #expect(other == tier ? (outcome.quality.map { Float($0) == label } ?? label.isNaN) : label.isNaN)
      }
    }
    for tier in 0..<3 {
      let costs = stride(from: tier, to: dataset.costs.count, by: 3).map { dataset.costs[$0] }.filter { !$0.isNaN }
      #expect((costs.reduce(0, +) / Double(costs.count) * 1e6).rounded() == [500, 1000, 1500][tier])
    }

    let model = try Model(
      RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 2)).run().weights.tensorFile()
        .encoded())
    var scratch = model.makeScratch()
    model.score(Request(prompt: "plimsel number 51?"), into: &scratch)
    let easy = scratch.probabilities[0]
    model.score(Request(prompt: "grukatt number 51?"), into: &scratch)
    #expect(easy > 0.6 && scratch.probabilities[0] < 0.4)
  }

  private var recipe: Recipe {
    var recipe = Recipe()
    recipe.architecture = .logistic
    recipe.bucketBits = 10
    recipe.folds = 2
    recipe.gramPenalties = [0.3]
    recipe.densePenalties = [100]
    recipe.maximumIterations = 30
    return recipe
  }
}
