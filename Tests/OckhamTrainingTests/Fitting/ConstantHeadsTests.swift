import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// Tiers of which the log contains too little get a constant, and everything else works as ever.
@Suite struct ConstantHeadsTests {
  private static func train(
    _ count: Int = 60, _ kind: Recipe.Architecture = .logistic, threads: Int = 1,
    _ change: (inout LogRecord, Int) -> Void
  ) throws -> TrainedRouter {
    var requests = MadeUpRequests(seed: 5)
    var records = requests.records(count)
    for index in records.indices { change(&records[index], index) }
    return try RouterTraining(
      dataset: Training.dataset(records), recipe: Training.recipe(kind), pool: WorkerPool(threads: threads)
    ).run()
  }

  /// What the model file says of a request.
  private static func probabilities(_ router: TrainedRouter, _ prompt: String) throws -> [Float] {
    let model = try Model(router.weights.tensorFile().encoded())
    var scratch = model.makeScratch()
    model.score(Request(prompt: prompt), into: &scratch)
    return Array(scratch.probabilities)
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp, .auto])
  func aTierWithFewFailuresSaysTheSameOfEveryRequest(kind: Recipe.Architecture) throws {
    let router = try Self.train(120, kind) { record, index in record.outcomes[1].quality = index < 9 ? 0 : 1 }
    let head = try #require(router.constantHeads.first)
    #expect(router.constantHeads.count == 1)
    #expect(head.tier == "frontier" && head.rows == 120 && head.failures == 9 && head.good == 111 && head.bad == 9)
    #expect(abs(head.probability - 111.5 / 121) < 1e-12, "Jeffreys: (k + ½) / (n + 1)")
    let easy = try Self.probabilities(router, "zorbaquim plimsel 7?")
    let hard = try Self.probabilities(router, "zorbaquim grukatt 7?")
    for scores in [easy, hard] { #expect(abs(scores[1] - Float(head.probability)) < 1e-6) }
    #expect(easy[0] > hard[0], "the other tier is learned")
    let places = 0..<router.rows.count
    #expect(places.allSatisfy { router.outOfFold.probabilities[$0 * 2 + 1] == Float(head.probability) })
    #expect(Set(places.map { router.outOfFold.probabilities[$0 * 2] }).count > 10)
    #expect(router.chosen.logLoss.count == 2 && router.chosen.logLoss.allSatisfy { $0.isFinite })
  }

  /// What is learned of the other tiers is what would be learned of them alone.
  @Test func aConstantDoesNotChangeTheOthers() throws {
    func learned(failures: Int) throws -> [Float] {
      let router = try Self.train(90) { record, index in
        record.outcomes[1].quality = index < failures ? 0 : 1
        record.task = nil
      }
      return try Self.probabilities(router, "zorbaquim plimsel 7?")
    }
    // Strata of folds follow the labels of all tiers: with none and with one failure they are as good as the same.
    #expect(try abs(learned(failures: 2)[0] - learned(failures: 3)[0]) < 0.1)
  }

  @Test(arguments: [0, 1, 7, 60]) func wellBelowTenOfOneOutcomeOrNone(failures: Int) throws {
    let router = try Self.train { record, index in
      record.outcomes[0].quality = index < failures ? 0 : 1
      record.outcomes[1].quality = index % 2 == 0 ? 0 : 1
    }
    #expect(router.constantHeads.map(\.tier) == ["small"])
    #expect(router.constantHeads[0].probability == (Double(60 - failures) + 0.5) / 61)
  }

  @Test func noTierCanBeLearned() throws {
    let router = try Self.train(30) { record, index in
      record.outcomes[0].quality = index < 3 ? 0 : 1
      record.outcomes[1].quality = 1
    }
    #expect(router.constantHeads.map(\.tier) == ["small", "frontier"])
    let scores = try Self.probabilities(router, "anything at all")
    #expect(abs(scores[0] - 27.5 / 31) < 1e-6 && abs(scores[1] - 30.5 / 31) < 1e-6)
    #expect(router.outOfFold.probabilities.count == 60)
  }

  @Test func copiesOfOneRequestCannotTeachTheFoldThatLacksThem() throws {
    let router = try Self.train(80) { record, index in
      if index < 12 { record.request = Request(prompt: "the same") }
      record.outcomes[1].quality = index < 12 ? 0 : 1
    }
    #expect(router.constantHeads.map(\.tier) == ["frontier"])
    #expect(router.constantHeads[0].failures == 12)
  }

  @Test func aStrongestTierThatIsAlwaysGoodIsNoConstant() throws {
    let router = try Self.train { record, _ in record.outcomes[1].quality = 1 }
    #expect(router.constantHeads.isEmpty)
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let bytes = try [1, 2, 3].map { threads in
      try Self.train(90, .auto, threads: threads) { record, index in record.outcomes[1].quality = index < 4 ? 0 : 1 }
        .weights.tensorFile().encoded()
    }
    #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
  }

  /// The prior counts the rows that weights leave.
  @Test func weightsCountByTheirEffectiveNumber() {
    let head = ConstantHead(tier: "a", labels: [1, 1, 0], weights: [2, 1, 1])
    let effective = 16.0 / 6
    #expect(abs(head.probability - (effective * 0.75 + 0.5) / (effective + 1)) < 1e-12)
  }

  /// A log of single answers: no row contains both tiers.
  @Test func oneAnswerLogsWithFewFailures() throws {
    let router = try Self.train(120) { record, index in
      record.outcomes.remove(at: index % 2)
      if index % 2 == 0 { record.outcomes[0].quality = index < 6 ? 0 : 1 }
    }
    #expect(router.constantHeads.map(\.tier) == ["frontier"])
  }
}
