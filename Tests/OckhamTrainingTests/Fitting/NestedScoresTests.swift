import Ockham
import Testing

@testable import OckhamTraining

/// Cross-validation around a search for settings.
@Suite struct NestedScoresTests {
  private func recipe(nestedRows: Int) -> Recipe {
    var recipe = Training.recipe(.logistic)
    (recipe.gramPenalties, recipe.idfExponents, recipe.headCorrelations) = ([0.1, 3], [1, 0], [0])
    (recipe.nestedRows, recipe.costHeads, recipe.maximumIterations) = (nestedRows, false, 10)
    return recipe
  }

  /// What is kept of a fold is what a router says of it that was trained, its settings chosen, on the others alone.
  @Test func aFoldIsScoredAsByARouterTrainedWithoutIt() throws {
    let (dataset, pool) = (try Training.madeUp(90), WorkerPool(threads: 2))
    let recipe = recipe(nestedRows: 90)
    let whole = try RouterTraining(dataset: dataset, recipe: recipe, pool: pool).run()
    let plan = try FoldPlan(dataset, rows: Array(0..<90), folds: 3, seed: 1)
    var place = 0
    for fold in plan.folds {
      let other = try RouterTraining(dataset: dataset.selecting(fold.training), recipe: recipe, pool: pool).run()
        .weights
      let logits = try other.heads.logits(
        sparse: other.transform.sparse(dataset, rows: fold.heldOut),
        dense: other.transform.dense(dataset, rows: fold.heldOut), pool: pool)
      let places = place * 2..<(place + fold.heldOut.count) * 2
      #expect(Array(whole.outOfFold.logits[places]) == logits.values)
      let probabilities = logits.values.enumerated().map { other.calibrations[$0 % 2].probability($1) }
      #expect(Array(whole.outOfFold.probabilities[places]) == probabilities)
      place += fold.heldOut.count
    }
    #expect(whole.chosen.heldOut.logits.values == whole.outOfFold.logits)
  }

  /// The model is the same; what is said of it is not.
  @Test func theModelIsTheSame() throws {
    func router(_ nestedRows: Int) throws -> TrainedRouter {
      try RouterTraining(
        dataset: Training.madeUp(90), recipe: recipe(nestedRows: nestedRows), pool: WorkerPool(threads: 2)
      ).run()
    }
    let (plain, nested) = (try router(89), try router(90))
    #expect(plain.weights.tensorFile().tensors.map(\.bytes) == nested.weights.tensorFile().tensors.map(\.bytes))
    #expect(plain.outOfFold.logits != nested.outOfFold.logits)
    #expect(plain.rows == nested.rows)
  }

  @Test func whereNothingIsChosenNothingIsNested() {
    var recipe = recipe(nestedRows: 90)
    #expect(recipe.isNested(rows: 90) && !recipe.isNested(rows: 91))
    (recipe.gramPenalties, recipe.idfExponents) = ([1], [1])
    #expect(!recipe.isNested(rows: 90))
    recipe.architecture = .auto
    #expect(recipe.isNested(rows: 90))
    #expect(!Recipe().isNested(rows: 1))
  }
}
