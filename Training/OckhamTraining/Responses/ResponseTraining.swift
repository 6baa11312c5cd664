import Ockham

/// Trains the response heads: for each answering tier of which the log keeps answers, a router of its own whose tiers are that
/// tier and those above, and whose requests are its answers.
///
/// It stands on the prompt's heads: their held-out logits are among its features, so that it learns what an answer adds to the
/// question. The question's words are not: beside those logits, which come from heads that have seen other folds' labels, they would
/// leak. All of training serves again: folds by question, penalties, architectures, calibration out of fold.
package struct ResponseTraining: Sendable {
  private let dataset: Dataset
  private let recipe: Recipe
  private let pool: WorkerPool
  private let team: (any ProcessGroup)?
  private let observer: TrainingObserver

  package init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any ProcessGroup)? = nil,
    observer: TrainingObserver = TrainingObserver()
  ) {
    self.dataset = dataset
    self.recipe = recipe
    self.pool = pool
    self.team = team
    self.observer = observer
  }

  /// The fewest rated answers, of each outcome, that a tier's head is trained from.
  package static let minimumPerOutcome = 50

  /// The heads, cheapest tier first; none for tiers with fewer than ``minimumPerOutcome`` good or bad answers.
  ///
  /// - Throws: ``TrainingError``, `cancelled` among them.
  package func run(after router: TrainedRouter) throws(TrainingError) -> [TrainedResponses] {
    var result: [TrainedResponses] = []
    for tier in dataset.tierNames.indices.dropLast() {
      guard let (answers, rows) = dataset.answers(of: tier, after: router), answers.tellsBothOutcomes else { continue }
      let training = try RouterTraining(
        dataset: answers, recipe: recipe.ofResponses, pool: pool, team: team, observer: observer)
      let trained = try training.run()
      let form = try FormCheckTraining(answers, recipe: recipe, pool: pool, observer: observer).probabilities(
        trained.rows)
      let weights = ResponseWeights(
        tier: tier, transform: trained.weights.transform, heads: trained.weights.heads,
        calibrations: trained.weights.calibrations,
        unlike: try answers.unlikeShare(folds: recipe.folds, seed: recipe.seed))
      result.append(
        TrainedResponses(
          weights: weights, rows: trained.rows.map { rows[$0] }, probabilities: trained.outOfFold.probabilities,
          formProbabilities: form, candidates: trained.candidates, chosen: trained.chosen))
    }
    return result
  }
}

extension Recipe {
  /// The recipe of a response head. Costs and tasks are those of requests, and heads are not calibrated jointly.
  fileprivate var ofResponses: Recipe {
    var result = self
    (result.taskLabels, result.costHeads, result.jointCalibration) = (false, false, false)
    result.interpolatesTiers = false
    // Few sets keep answers. Beside the question's held-out logits, which know nothing of its family, folds of questions will do.
    (result.families, result.nestedRows) = (nil, 0)
    return result
  }
}

extension Dataset {
  /// Whether the first tier has enough good and bad labels for a response head.
  fileprivate var tellsBothOutcomes: Bool {
    var (good, bad) = (0.0, 0.0)
    for row in 0..<rows where !labels[row, 0].isNaN {
      good += Double(labels[row, 0])
      bad += 1 - Double(labels[row, 0])
    }
    return min(good, bad) >= Double(ResponseTraining.minimumPerOutcome)
  }

  /// The share of an answer's n-grams that no training answer has from which on it is unlike any: what one held-out answer in a
  /// thousand exceeds, and a little more.
  fileprivate func unlikeShare(folds: Int, seed: UInt64) throws(TrainingError) -> Float {
    let plan = try FoldPlan(self, rows: Array(0..<rows), folds: folds, seed: seed)
    var shares: [Float] = []
    for fold in plan.folds {
      var seen = [Bool](repeating: false, count: options.bucketCount)
      for row in fold.training { for bucket in grams.buckets(ofRow: row) { seen[Int(bucket)] = true } }
      for row in fold.heldOut {
        let answer = grams.buckets(ofRow: row)
        guard !answer.isEmpty else { continue }
        shares.append(Float(answer.count { !seen[Int($0)] }) / Float(answer.count))
      }
    }
    shares.sort()
    guard !shares.isEmpty else { return 2 }
    return max(0.05, shares[(shares.count - 1) * 999 / 1_000] + 0.01)
  }
}
