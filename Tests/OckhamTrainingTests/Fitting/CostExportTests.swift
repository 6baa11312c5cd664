import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// Expected costs on their path to the files.
@Suite struct CostExportTests {
  /// What the runtime predicts from the model file is what was trained; and the same gain at the same λ sends a long
  /// answer's request down and a short one's up.
  @Test func dearRequestsAreRoutedDown() throws {
    let dataset = try Training.dataset(LongAnswers.records(240))
    let router = try RouterTraining(dataset: dataset, recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 2))
      .run()
    let model = try Model(router.weights.tensorFile().encoded())
    #expect(router.costFits.count == 2 && router.outOfFold.expectedCostUSD.count == 480)
    var scratch = model.makeScratch()
    var costs: [[Double]] = []
    var scales: [Float] = []
    for ending in ["", "\n- one\n- two\n- three"] {
      model.score(Request(prompt: "zorbalu quimfep plimsel 7?" + ending), into: &scratch)
      costs.append(scratch.expectedCostUSD)
      scales += scratch.thresholdScales
    }
    #expect(costs[1][1] > 4 * costs[0][1])
    #expect(scales[0] < 0.6 && scales[1] > 3 * scales[0])
    let thresholds = Thresholds(increments: [0.1])
    let between = 0.1 * (scales[0] + scales[1]) / 2
    let probabilities: [Float] = [0.5, 0.5 + between]
    let tiers = scales.map { thresholds.scaled(by: [$0]).choose(probabilities.span).tier }
    #expect(tiers == [1, 0])
  }

  @Test func theFileKeepsExpectedCostsAndItsNameTellsThem() throws {
    let dataset = try Training.dataset(LongAnswers.records(150))
    let router = try RouterTraining(dataset: dataset, recipe: Training.recipe(.logistic), pool: WorkerPool(threads: 2))
      .run()
    let scores = router.outOfFold
    var file = scores.tensorFile()
    let read = try OutOfFoldScores(file.encoded(), tierNames: scores.tierNames)
    #expect(read.expectedCostUSD == scores.expectedCostUSD && read.fingerprint == scores.fingerprint)
    #expect(router.weights.metadata["out_of_fold"] == scores.fingerprint)
    let place = try #require(file.tensors.firstIndex { $0.name == "expected_cost_usd" })
    var costs = scores.expectedCostUSD
    costs[7] = -1
    file.tensors[place] = Tensor(name: "expected_cost_usd", shape: [150, 2], doubles: costs)
    #expect(throws: ModelFileError.tensorValue(tensor: "expected_cost_usd", index: 7, expected: "a cost of at least 0"))
    {
      _ = try OutOfFoldScores(file.encoded(), tierNames: scores.tierNames)
    }
    file.tensors[place] = Tensor(name: "expected_cost_usd", shape: [300], doubles: scores.expectedCostUSD)
    #expect(throws: ModelFileError.self) { _ = try OutOfFoldScores(file.encoded(), tierNames: scores.tierNames) }
    file.tensors.remove(at: place)
    let without = try OutOfFoldScores(file.encoded(), tierNames: scores.tierNames)
    #expect(without.expectedCostUSD.isEmpty && without.fingerprint != scores.fingerprint)
  }
}
