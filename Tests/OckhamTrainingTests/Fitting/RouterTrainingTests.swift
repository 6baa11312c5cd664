import Statistics
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct RouterTrainingTests {
  private static func bytes(
    _ kind: Recipe.Architecture, threads: Int, seed: UInt64 = 1, taskLabels: Bool = true
  ) throws -> [UInt8] {
    var requests = MadeUpRequests(seed: 1)
    let dataset = try Training.dataset(requests.records(80), threads: threads)
    var recipe = Training.recipe(kind)
    recipe.seed = seed
    recipe.taskLabels = taskLabels
    // Where the solvers stop does not matter here.
    recipe.maximumIterations = 8
    recipe.network.epochs = 2
    let router = try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: threads)).run()
    return router.weights.tensorFile().encoded() + router.outOfFold.tensorFile().encoded()
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp, .auto])
  func sameBytesForAnyNumberOfThreadsAndAnyRun(kind: Recipe.Architecture) throws {
    let reference = try Self.bytes(kind, threads: 1)
    for threads in [1, 2, 3] { #expect(try Self.bytes(kind, threads: threads) == reference, "\(threads) threads") }
  }

  @Test func anotherSeedMakesAnotherNetwork() throws {
    #expect(try Self.bytes(.mlp, threads: 1, seed: 1) != Self.bytes(.mlp, threads: 1, seed: 2))
  }

  @Test func autoComparesBothAndSaysWhich() throws {
    let router = try RouterTraining(
      dataset: Training.madeUp(120), recipe: Training.recipe(.auto), pool: WorkerPool(threads: 2)
    ).run()
    #expect(router.candidates.map(\.kind) == [.logistic, .mlp])
    #expect(router.candidates.contains { $0.kind == router.chosen.kind })
    #expect(try Model(router.weights.tensorFile().encoded()).kind == router.chosen.kind)
    #expect(router.candidates.allSatisfy { $0.logLoss.count == 2 && $0.logLoss.allSatisfy { $0 > 0 && $0 < 2 } })
  }

  /// The rows that were not trained on are distinguished.
  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func learnsWhatCanBeLearned(kind: Recipe.Architecture) throws {
    let dataset = try Training.madeUp(240)
    let router = try RouterTraining(
      dataset: dataset, recipe: Training.recipe(kind), pool: WorkerPool(threads: 2)
    ).run()
    let scores = router.outOfFold
    func meanProbability(_ kind: TaskKind) -> Float {
      let places = router.rows.indices.filter { dataset.tasks[router.rows[$0]] == kind }
      return places.reduce(0) { $0 + scores.probabilities[$1 * 2] } / Float(places.count)
    }
    // Nine in ten easy requests are right at the small tier, one in ten hard ones.
    #expect(meanProbability(.chat) - meanProbability(.math) > 0.15)
  }

  @Test func scoresAreThoseOfTheChosenArchitectureRowByRow() throws {
    let dataset = try Training.madeUp(160, seed: 6)
    let router = try RouterTraining(
      dataset: dataset, recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 2)
    ).run()
    #expect(router.rows == router.chosen.heldOut.rows)
    #expect(router.outOfFold.logits == router.chosen.heldOut.logits.values)
    #expect(router.outOfFold.contentHashes == router.rows.map { dataset.contentHashes[$0] })
  }

  @Test func rowsWithoutLabelsAreLeftOut() throws {
    var requests = MadeUpRequests(seed: 1)
    let labelled = requests.records(100)
    var mixed = labelled
    for index in stride(from: 0, through: 100, by: 20) {
      mixed.insert(LogRecord(id: "none\(index)", request: Request(prompt: "no outcome \(index)")), at: index)
    }
    func run(_ records: [LogRecord]) throws -> TrainedRouter {
      try RouterTraining(
        dataset: Training.dataset(records), recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 1)
      ).run()
    }
    let (plain, other) = (try run(labelled), try run(mixed))
    #expect(other.rows.count == 100)
    #expect(other.weights.metadata["training_rows"] == "100")
    #expect(other.outOfFold.logits == plain.outOfFold.logits)
    #expect(
      other.weights.tensorFile().tensors.map(\.bytes) == plain.weights.tensorFile().tensors.map(\.bytes))
  }

  // MARK: Hyperparameters

  @Test func aWeakPenaltyForClearLabelsAndAStrongOneForNoise() throws {
    func choice(_ trueValue: MadeUpRequests.Truth) throws -> Candidate {
      var recipe = Training.recipe(.logistic)
      recipe.bucketBits = 12
      recipe.gramPenalties = [0.01, 0.1, 1, 10, 100]
      recipe.densePenalties = [1_000]
      recipe.headCorrelations = [0]
      return try RouterTraining(
        dataset: Training.madeUp(200, seed: 8, trueValue: trueValue), recipe: recipe, pool: WorkerPool(threads: 2)
      ).run().chosen
    }
    let (clear, noise) = (try choice(.marked), try choice(.noise))
    #expect(clear.chosenPenalties.gram <= 1)
    #expect(noise.chosenPenalties.gram >= 10)
    for candidate in [clear, noise] {
      let losses = candidate.triedPenalties.map(\.logLoss)
      #expect(losses == losses.sorted())
      #expect(candidate.triedPenalties.count == 5)
    }
  }

  /// Where two models fail together, their heads are pulled together, and a third model that fails with them helps too.
  @Test func correlatedHeadsAreFoundByCrossValidation() throws {
    func choice(_ correlations: [Double], auxiliary: Int) throws -> Candidate {
      var recipe = Training.recipe(.logistic)
      recipe.headCorrelations = correlations
      recipe.densePenalties = [300]
      let dataset = try Training.dataset(Self.alike(200), auxiliaryModels: auxiliary)
      return try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 2)).run().chosen
    }
    let independent = try choice([0], auxiliary: 0)
    let together = try choice([0.8], auxiliary: 0)
    let helped = try choice([0.8], auxiliary: 4)
    #expect(independent.chosenPenalties.gramCorrelation == 0)
    #expect(together.chosenPenalties.gramCorrelation == 0.8)
    #expect(together.logLoss.reduce(0, +) < independent.logLoss.reduce(0, +))
    #expect(helped.logLoss.reduce(0, +) < together.logLoss.reduce(0, +))
    #expect(helped.logLoss.count == 2)
  }

  /// Requests of which every model gets the hard ones wrong more often, each by its own chance; four models beside the
  /// tiers.
  private static func alike(_ count: Int) -> [LogRecord] {
    var requests = MadeUpRequests(seed: 3)
    var generator = SplitMix64(seed: 21)
    return requests.records(count).map { record in
      var record = record
      let chance: Float = record.task == .math ? 0.3 : 0.8
      let extra = (0..<4).map { ModelOutcome(name: "other-\($0)") }
      record.outcomes += extra
      for place in record.outcomes.indices {
        record.outcomes[place].quality = generator.nextUnit() < chance ? 1 : 0
      }
      return record
    }
  }

  /// With more rows than are searched on, all rows are still cross-fitted.
  @Test func aSampledSearchStillScoresEveryRow() throws {
    var recipe = Training.recipe(.logistic)
    recipe.searchRows = 100
    let router = try RouterTraining(
      dataset: Training.madeUp(150), recipe: recipe, pool: WorkerPool(threads: 2)
    ).run()
    #expect(router.rows.sorted() == Array(0..<150))
  }

  // MARK: Errors

  private static func refusal(
    _ count: Int = 60, folds: Int = 3, _ change: (inout LogRecord, Int) -> Void
  ) throws -> TrainingError? {
    var requests = MadeUpRequests(seed: 5)
    var records = requests.records(count)
    for index in records.indices { change(&records[index], index) }
    let dataset = try Training.dataset(records)
    var recipe = Training.recipe(.logistic)
    recipe.folds = folds
    return #expect(throws: TrainingError.self) {
      try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 1)).run()
    }
  }

  @Test func aTierWithoutAnyOutcomeIsRefused() throws {
    let error = try Self.refusal { record, _ in record.outcomes[1].quality = nil }
    #expect(error == .noLabels(head: "frontier", rows: 60))
    #expect(error?.description.contains("add outcomes") == true)
  }

  @Test func fewerRequestsThanFoldsIsRefused() throws {
    let error = try Self.refusal(120, folds: 121) { _, _ in }
    #expect(error == .tooFewRows(subject: "121 folds, groups of rows", needed: 121, found: 120))
    #expect(error?.description.contains("fewer folds") == true)
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func cancellationIsAnErrorOfItsOwn(
    kind: Recipe.Architecture
  ) throws {
    let training = try RouterTraining(
      dataset: Training.madeUp(60), recipe: Training.recipe(kind), pool: WorkerPool(threads: 1),
      observer: TrainingObserver(isCancelled: { true }))
    #expect(throws: TrainingError.cancelled) { try training.run() }
  }
}
