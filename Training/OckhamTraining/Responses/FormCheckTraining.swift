import Ockham

/// What a check of form alone is worth: whether an answer is whole, ends as it should, and holds what was demanded. Logs whose
/// answers were rated by programs give much away by form; what a response head says beyond that is what it knows.
struct FormCheckTraining {
  private let dataset: Dataset
  private let context: TrainingContext

  /// - Parameter answers: the answers of a tier as a dataset.
  init(_ answers: Dataset, recipe: Recipe, pool: WorkerPool, observer: TrainingObserver) {
    dataset = answers.keepingForm()
    context = TrainingContext(
      dataset: dataset, recipe: recipe, pool: pool, observer: TrainingObserver(isCancelled: observer.isCancelled))
  }

  /// P(good) of the given rows by tier, row-major, by models that have not seen them; 0.5 where both outcomes are not told in every
  /// fold.
  func probabilities(_ rows: [Int]) throws(TrainingError) -> [Float] {
    let plan = try FoldPlan(dataset, rows: rows.sorted(), folds: context.recipe.folds, seed: context.recipe.seed)
    let tiers = dataset.tierNames.count
    let learned = dataset.tierNames.indices.filter { dataset.tellsBothOutcomes(of: $0, in: plan) }
    var result = [Float](repeating: 0.5, count: rows.count * tiers)
    guard !learned.isEmpty else { return result }
    var learning = context
    learning.dataset = dataset.keeping(tiers: learned)
    let trial = try LogisticFit(context: learning).crossFit(plan, [context.recipe.defaultHyperparameters])[0]
    let place = Dictionary(zip(rows, rows.indices), uniquingKeysWith: { first, _ in first })
    for (index, row) in trial.logits.rows.enumerated() {
      for (column, tier) in learned.enumerated() {
        result[(place[row] ?? 0) * tiers + tier] = Float(Logistic.sigmoid(Double(trial.logits.logits[index, column])))
      }
    }
    return result
  }
}

extension Dataset {
  /// The same answers, of which only the form is known.
  fileprivate func keepingForm() -> Dataset {
    let form = ResponseFeatures.formFeatures
    var result = Dataset(
      tierNames: tierNames, options: options,
      rows: StoredRows(
        grams: StoredNGrams(emptyRows: rows),
        dense: Column(
          (0..<rows).flatMap { row in dense[row * denseColumns + form.lowerBound..<row * denseColumns + form.upperBound]
          }),
        promptBytes: promptBytes, contentHashes: contentHashes, nearKeys: nearKeys, stemKeys: stemKeys),
      denseColumns: form.count)
    result.takeLabels(of: self)
    return result
  }
}
