import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct FoldPlanTests {
  private func copies() throws -> Dataset {
    var requests = MadeUpRequests(seed: 3)
    var records = requests.records(90)
    for index in records.indices where index % 3 == 1 { records[index].request = records[index / 9].request }
    return try Training.dataset(records)
  }

  @Test(arguments: [2, 3, 5])
  func everyRowIsHeldOutOnceAndNeverTrainsItsOwnFold(folds: Int) throws {
    let dataset = try copies()
    let rows = (0..<dataset.rows).filter { $0 % 7 != 0 }
    let plan = try FoldPlan(dataset, rows: rows, folds: folds, seed: 1)
    #expect(plan.folds.flatMap(\.heldOut).sorted() == rows)
    for fold in plan.folds {
      #expect((fold.training + fold.heldOut).sorted() == rows)
      let trained = Set(fold.training.map { dataset.contentHashes[$0] })
      #expect(fold.heldOut.allSatisfy { !trained.contains(dataset.contentHashes[$0]) })
    }
  }

  @Test func foldsHoldTheirShareOfEachPattern() throws {
    let dataset = try Training.madeUp(120)
    let plan = try FoldPlan(dataset, rows: Array(0..<120), folds: 4, seed: 2)
    func pattern(_ row: Int) -> [Float] { [dataset.labels[row, 0], dataset.labels[row, 1]] }
    for kind in Set((0..<120).map(pattern)) {
      let counts = plan.folds.map { fold in fold.heldOut.count { pattern($0) == kind } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test func fewerRequestsThanFoldsIsAnError() throws {
    let dataset = try copies()
    // Three rows, two of them copies.
    let copy = try #require((1..<90).first { dataset.contentHashes[$0] == dataset.contentHashes[0] })
    #expect(throws: TrainingError.tooFewRows(subject: "3 folds, groups of rows", needed: 3, found: 2)) {
      try FoldPlan(dataset, rows: [0, copy, 2], folds: 3, seed: 1)
    }
  }

  /// Both ways of running the folds give the same results, in order.
  @Test(arguments: [0, Int.max], [1, 3])
  func mapKeepsTheOrder(entries: Int, threads: Int) throws {
    let plan = try FoldPlan(try Training.madeUp(40), rows: Array(0..<40), folds: 4, seed: 1)
    let results = try plan.map(entries: entries, pool: WorkerPool(threads: threads)) {
      (index, fold, _) throws(TrainingError) in [index] + fold.heldOut
    }
    #expect(results == plan.folds.enumerated().map { [$0.offset] + $0.element.heldOut })
    #expect(throws: TrainingError.cancelled) {
      try plan.map(entries: entries, pool: WorkerPool(threads: threads)) { (index, _, _) throws(TrainingError) in
        if index == 2 { throw TrainingError.cancelled }
      }
    }
  }
}
