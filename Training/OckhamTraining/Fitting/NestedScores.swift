import Ockham

/// Scores of each fold by a training that knows nothing of it: penalties, architecture, scales, calibrations and the measure of
/// unfamiliarity are all chosen and fitted without it, by a cross-validation of the other folds.
///
/// The held-out logits that a search has chosen by are the best of many, and look better than what will come. These do not: what
/// was tried on the other folds meets this one for the first time.
struct NestedScores {
  /// The plan's rows, fold after fold.
  private(set) var logits: HeldOutLogits
  /// What thresholds are chosen on [rows × tiers].
  private(set) var probabilities: [Float] = []
  /// How far each row was from the others; `nil` where that is not measured.
  private(set) var unfamiliarity: OutOfFoldUnfamiliarity?

  /// - Parameters:
  ///   - training: of all rows: what is done again without each fold.
  ///   - inner: how rows are left out of the other folds in turn.
  init(
    _ training: HeadTraining, inner: ([Int]) throws(TrainingError) -> FoldPlan
  ) throws(TrainingError) {
    let context = training.context
    let tiers = context.dataset.tierNames.count
    var (parts, familiarity) = ([DenseMatrix](), OutOfFoldUnfamiliarity())
    var all: [Float] = []
    context.observer.report(.stage("scores", steps: training.plan.folds.count))
    for fold in training.plan.folds {
      let other = HeadTraining(
        context: context.quiet, measured: training.measured, constants: training.constants,
        plan: try inner(fold.training), rows: fold.training)
      let heads = try other.run()
      let transform = FeatureTransform(fitting: context.dataset, rows: fold.training, scaling: heads.scaling)
      let logits = try heads.fit(transform).logits(
        sparse: transform.sparse(context.dataset, rows: fold.heldOut, pool: context.pool),
        dense: transform.dense(context.dataset, rows: fold.heldOut), pool: context.pool)
      var probabilities = (0..<logits.rows).flatMap { row in
        heads.calibrations.probabilities((0..<tiers).map { logits[row, $0] })
      }
      if let unfamiliarity = try UnfamiliarityTraining(other)?.fit(heads, transform) {
        familiarity.append(
          unfamiliarity.mix(&probabilities, of: fold.heldOut, context.dataset, transform))
      }
      parts.append(logits)
      all += probabilities
      context.observer.report(.step)
    }
    logits = HeldOutLogits(training.plan, parts)
    probabilities = all
    unfamiliarity = familiarity.u.isEmpty ? nil : familiarity
  }
}
