import Statistics
import Ockham
import Testing

@testable import OckhamTraining

@Suite struct HyperparameterTrialsTests {
  private let dataset: Dataset
  private let plan: FoldPlan

  init() throws {
    dataset = try Training.madeUp(200)
    plan = try FoldPlan(dataset, rows: Array(0..<200), folds: 2, seed: 1)
  }

  /// Logits that lean towards the right answer by `lean`, more or less by chance.
  private func trial(_ penalties: Hyperparameters, lean: Float, noise: Float, seed: UInt64) -> HyperparameterTrial {
    var generator = SplitMix64(seed: seed)
    let parts = plan.folds.map { fold in
      var part = DenseMatrix(repeating: 0, rows: fold.heldOut.count, columns: 2)
      for (place, row) in fold.heldOut.enumerated() {
        for tier in 0..<2 {
          let label = dataset.labels[row, tier]
          part[place, tier] = (label.isNaN ? 0 : label >= 0.5 ? lean : -lean) + noise * Fixture.signed(&generator)
        }
      }
      return part
    }
    let logits = HeldOutLogits(plan, parts)
    let losses = logits.logLoss(dataset)
    return HyperparameterTrial(
      penalties: penalties, logLoss: losses.reduce(0, +) / Double(losses.count), logits: logits)
  }

  private let usual = Hyperparameters(gram: 0.8, dense: 300)
  private let other = Hyperparameters(gram: 0.4, dense: 300)

  /// The other's logits differ by chance alone, and are the better ones: draws are tried until they are.
  @Test func theUsualStaysWhereAnotherIsBetterByLuck() throws {
    var lucky = 0
    for seed in 2..<20 as Range<UInt64> {
      let trials = HyperparameterTrials([
        trial(usual, lean: 1, noise: 1, seed: 1), trial(other, lean: 1, noise: 1, seed: seed),
      ])
      guard trials.best == other else { continue }
      if trials.chosenFirst(HeldOutMeasure(dataset), usual: usual)[0].penalties == usual { lucky += 1 }
    }
    #expect(lucky > 3)
  }

  @Test func theUsualGoesWhereAnotherIsClearlyBetter() {
    let trials = HyperparameterTrials([
      trial(usual, lean: 0.5, noise: 1, seed: 1), trial(other, lean: 1.5, noise: 1, seed: 2),
    ])
    #expect(trials.chosenFirst(HeldOutMeasure(dataset), usual: usual).map(\.penalties) == [other, usual])
  }

  @Test func theUsualIsTheMiddleOfTheCandidates() {
    var recipe = Recipe()
    #expect(
      recipe.defaultHyperparameters
        == Hyperparameters(gram: 0.8, dense: 300, gramCorrelation: 0.5, denseCorrelation: 0.5))
    recipe.gramPenalties = [3, 1, 2]
    recipe.densePenalties = [7]
    recipe.headCorrelations = [0]
    recipe.denseLimits = [5, 1]
    recipe.idfExponents = [0, 1]
    #expect(
      recipe.defaultHyperparameters
        == Hyperparameters(gram: 2, dense: 7, scaling: FeatureScaling(denseLimit: 5, idfExponent: 0)))
  }
}
