/// Trains the head of expected costs: ridge regressions of log-lengths on the dense features, cross-fitted on the folds of
/// the router, and fitted to all rows.
struct CostTraining: Sendable {
  let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var observer: TrainingObserver { context.observer }

  /// Candidates for the L2 strength of the weights.
  static let penalties = [1.0, 10, 100, 1_000, 10_000]

  /// The predictions of a fold's held-out rows for one tier and penalty.
  private struct HeldOut: Sendable {
    var logLengths: [Float]
    var lengths: [Double]
  }

  /// One tier at its best penalty.
  private struct Choice {
    var penalty: Double
    /// Held out, of log-lengths.
    var rSquared: Double
    /// By place in the plan.
    var lengths: [Double]
  }

  /// - Parameter transform: fitted to all rows of the plan.
  /// - Returns: `nil` when the log does not contain some tier's costs, or none of them better than by its mean.
  func fit(_ plan: FoldPlan, _ transform: FeatureTransform) throws(TrainingError) -> TrainedCosts? {
    let rows = plan.folds.flatMap(\.heldOut)
    let targets = dataset.tierNames.indices.compactMap { CostTarget(dataset, tier: $0, rows: rows) }
    guard targets.count == dataset.tierNames.count else { return nil }
    observer.report(.stage("expected costs", steps: plan.folds.count + 1))
    let parts = try context.map(plan) {
      (_, fold, _) throws(TrainingError) in
      if observer.isCancelled() { throw .cancelled }
      defer { observer.report(.step) }
      return heldOut(fold, targets, scaling: transform.scaling)
    }
    let choices = targets.indices.map { tier in choose(targets[tier], rows, parts.map { $0[tier] }) }
    guard choices.contains(where: { $0.rSquared > 0 }) else { return nil }
    let x = transform.dense(dataset, rows: rows)
    let models = zip(targets, choices).map { model(problem($0, x, rows), $0, x, rows, penalty: $1.penalty) }
    return TrainedCosts(
      dataset, rows: rows, models: models, targets: targets, lengths: choices.map(\.lengths),
      fits: zip(targets, choices).map { target, choice in
        CostFit(
          unit: target.unit, rows: rows.count { !target.lengths[$0].isNaN }, penalty: choice.penalty,
          rSquared: choice.rSquared, price: target.price)
      })
  }

  private func problem(_ target: CostTarget, _ x: DenseRows, _ rows: [Int]) -> RidgeProblem {
    RidgeProblem(
      x, targets: rows.map(target.logLength),
      weights: rows.map { target.lengths[$0].isNaN ? 0 : Double(dataset.weights[$0]) })
  }

  private func model(
    _ problem: RidgeProblem, _ target: CostTarget, _ x: DenseRows, _ rows: [Int], penalty: Double
  ) -> LengthModel {
    LengthModel(
      problem.solve(penalty: penalty), x, lengths: rows.map { target.lengths[$0] },
      weights: rows.map { Double(dataset.weights[$0]) })
  }

  /// By tier and penalty.
  private func heldOut(_ fold: FoldPlan.Fold, _ targets: [CostTarget], scaling: FeatureScaling) -> [[HeldOut]] {
    let transform = FeatureTransform(fitting: dataset, rows: fold.training, scaling: scaling)
    let x = transform.dense(dataset, rows: fold.training)
    let other = transform.dense(dataset, rows: fold.heldOut)
    return targets.map { target in
      let problem = problem(target, x, fold.training)
      return Self.penalties.map { penalty in
        let model = model(problem, target, x, fold.training, penalty: penalty)
        let predictions = model.ridge.predictions(other)
        return HeldOut(logLengths: predictions, lengths: predictions.map(model.length))
      }
    }
  }

  /// The penalty of the least squared error on held-out log-lengths; of equals the strongest.
  private func choose(_ target: CostTarget, _ rows: [Int], _ parts: [[HeldOut]]) -> Choice {
    let known = rows.indices.filter { !target.lengths[rows[$0]].isNaN }
    func sum(_ term: (Int) -> Double) -> Double {
      known.reduce(0) { $0 + Double(dataset.weights[rows[$1]]) * term($1) }
    }
    let mean = sum { target.logLength(rows[$0]) } / sum { _ in 1 }
    let spread = sum { (target.logLength(rows[$0]) - mean) * (target.logLength(rows[$0]) - mean) }
    let choices = Self.penalties.indices.map { index in
      let logLengths = parts.flatMap { $0[index].logLengths }
      let error = sum { place in
        let difference = target.logLength(rows[place]) - Double(logLengths[place])
        return difference * difference
      }
      // Lengths that are all the same, but for rounding, leave nothing to predict.
      let rSquared = spread > 1e-9 * sum { _ in 1 } ? 1 - error / spread : 0
      return Choice(
        penalty: Self.penalties[index], rSquared: rSquared, lengths: parts.flatMap { $0[index].lengths })
    }
    return choices.max { ($0.rSquared, $0.penalty) < ($1.rSquared, $1.penalty) } ?? choices[0]
  }
}
