/// The calibrations of held-out logits, and probabilities by calibrations that have not seen the row either.
///
/// Anyone who judges probabilities by rows that their calibration was fitted to sees its memory: every fold is therefore mapped
/// by calibrations fitted to the other folds, of the kinds that all rows together chose.
struct CrossCalibration: Sendable {
  /// Fitted to all logits: those that go into the model.
  let calibrations: TierCalibrations
  /// By calibrations fitted to the other folds, row-major in the order of the held-out rows [rows × tiers].
  let probabilities: [Float]

  /// - Parameters:
  ///   - dataset: what calibrations are fitted to: no label that was not measured.
  ///   - heldOut: the logits of the plan's rows, fold by fold.
  ///   - folds: of the choice between kinds of calibration.
  ///   - mayBeJoint: whether tiers may be calibrated jointly.
  ///   - families: what the choice leaves out in turn, where it is not to be rows.
  init(
    _ dataset: Dataset, _ plan: FoldPlan, _ heldOut: HeldOutLogits, folds: Int, seed: UInt64, mayBeJoint: Bool,
    families: Families? = nil
  ) throws(TrainingError) {
    let tiers = dataset.tierNames.count
    let fitter = HeadCalibration(dataset, heldOut, families: families)
    let choices = try fitter.choose(folds: folds, seed: seed)
    let isJoint = mayBeJoint && fitter.areJoint(choices)
    var probabilities = [Float](repeating: 0, count: heldOut.rows.count * tiers)
    var begin = 0
    for fold in plan.folds {
      let places = begin..<begin + fold.heldOut.count
      let other = try fitter.refit(like: choices, isJoint: isJoint, without: places)
      for place in places {
        let row = other.probabilities((0..<tiers).map { heldOut.logits[place, $0] })
        for tier in 0..<tiers { probabilities[place * tiers + tier] = row[tier] }
      }
      begin = places.upperBound
    }
    calibrations = fitter.fitted(choices, isJoint: isJoint)
    self.probabilities = probabilities
  }
}
