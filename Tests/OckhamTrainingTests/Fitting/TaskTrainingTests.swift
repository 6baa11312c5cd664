import Statistics
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct TaskTrainingTests {
  private func run(_ change: (inout LogRecord, Int) -> Void = { _, _ in }) throws -> TrainedRouter {
    var requests = MadeUpRequests(seed: 11)
    var records = requests.records(150)
    for index in records.indices { change(&records[index], index) }
    var recipe = Training.recipe(.logistic)
    recipe.taskLabels = true
    recipe.maximumIterations = 25
    return try RouterTraining(
      dataset: Training.dataset(records), recipe: recipe, pool: WorkerPool(threads: 2)
    ).run()
  }

  @Test func learnsKindsThatAWordTells() throws {
    let router = try run()
    let accuracy = try #require(router.taskAccuracy)
    #expect(accuracy > 0.9)
    let model = try Model(router.weights.tensorFile().encoded())
    #expect(model.hasTaskHead)
    var scratch = model.makeScratch()
    var requests = MadeUpRequests(seed: 99)
    for index in 1..<20 {
      let isHard = index % 2 == 0
      model.score(requests.request(index, isHard: isHard), into: &scratch)
      #expect(scratch.task == (isHard ? .math : .chat))
      #expect(abs(scratch.taskProbabilities.reduce(0, +) - 1) < 1e-5)
    }
  }

  /// Labels that have nothing to do with the requests are learned by heart, but not recognised held out.
  @Test func theAccuracyIsHeldOut() throws {
    var generator = SplitMix64(seed: 3)
    let kinds = (0..<150).map { _ in generator.nextUnit() < 0.5 ? TaskKind.math : .chat }
    let accuracy = try #require(try run { $0.task = kinds[$1] }.taskAccuracy)
    #expect(accuracy > 0.3 && accuracy < 0.7)
  }

  @Test func oneKindMakesNoHead() throws {
    let router = try run { record, _ in record.task = .code }
    #expect(router.taskAccuracy == nil)
    #expect(try !Model(router.weights.tensorFile().encoded()).hasTaskHead)
    #expect(try run { record, _ in record.task = nil }.taskAccuracy == nil)
  }

  /// The fold that holds the only row of a kind out trains on the other kind alone.
  @Test func aKindOfOneRowDoesNotStopTraining() throws {
    let router = try run { $0.task = $1 == 40 ? .code : .chat }
    #expect(try #require(router.taskAccuracy) == 149.0 / 150)
  }

  @Test func unlabelledRowsDoNotCount() throws {
    let router = try run { if $1 >= 60 { $0.task = nil } }
    let accuracy = try #require(router.taskAccuracy)
    let correct = accuracy * 60
    #expect(abs(correct - correct.rounded()) < 1e-9)
    #expect(accuracy > 0.8)
  }

  @Test func noTaskLabelsAskedForMakesNoHead() throws {
    let router = try RouterTraining(
      dataset: Training.madeUp(60), recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 1)
    ).run()
    #expect(router.taskAccuracy == nil)
  }
}
