import Ockham

/// Fits the calibrations of all heads to held-out logits.
///
/// Each head is mapped by Platt scaling with the slope that all share; with one of its own, or by isotonic regression, where
/// that is clearly better by cross-validated log-loss. Where Platt scaling serves all heads and rows are many, the tiers then
/// are calibrated jointly.
struct HeadCalibration {
  private let tierNames: [String]
  private let heldOut: HeldOutLogits
  /// By tier, then by place in the held-out logits.
  private let labels: [[Float]]
  /// What each label counts; as ``labels``.
  private let weights: [[Float]]
  private let groups: [UInt64]
  private let areFamilies: Bool

  /// - Parameter families: what rows succeed and fail together; copies of a request where it is `nil`.
  init(_ dataset: Dataset, _ heldOut: HeldOutLogits, families: Families? = nil) {
    self.heldOut = heldOut
    areFamilies = families != nil
    tierNames = dataset.tierNames
    labels = dataset.tierNames.indices.map { tier in heldOut.rows.map { dataset.labels[$0, tier] } }
    weights = dataset.tierNames.indices.map { tier in heldOut.rows.map { dataset.weight(ofRow: $0, tier: tier) } }
    groups = heldOut.rows.map { row in families.map { UInt64($0.ofRow[row]) } ?? dataset.contentHashes[row] }
  }

  /// One choice per tier. One slope out of all rows is too little to make the choice between the kinds unfair.
  func choose(folds: Int, seed: UInt64) throws(TrainingError) -> [CalibrationChoice] {
    let samples = try samples(groups.indices)
    let platt = PlattScaling(slope: SharedSlope().fit(samples))
    var result: [CalibrationChoice] = []
    for (tier, sample) in samples.enumerated() {
      let known = labels[tier].indices.filter { !labels[tier][$0].isNaN && weights[tier][$0] > 0 }
      let own = known.map { groups[$0] }
      let families = areFamilies ? Set(own).count : 0
      // A tier of one family has no other to be left out.
      result.append(
        try CalibrationChoice(
          sample, folds: KFold(folds: families > 1 ? families : folds, seed: seed &+ 2),
          groups: families == 1 ? known.map { UInt64($0) } : own, countsGroups: families > 1, platt: platt))
    }
    return result
  }

  /// Whether tiers are to be calibrated jointly.
  func areJoint(_ choices: [CalibrationChoice]) -> Bool {
    groups.count >= JointCalibrationFit.rowsNeeded
      && choices.allSatisfy { if case .platt = $0.calibration { true } else { false } }
  }

  /// Calibrations of the same kinds that have not seen some of the places.
  func refit(
    like choices: [CalibrationChoice], isJoint: Bool, without places: Range<Int>
  ) throws(TrainingError) -> TierCalibrations {
    let seen = groups.indices.filter { !places.contains($0) }
    let samples = try samples(seen)
    let platt = PlattScaling(slope: SharedSlope().fit(samples))
    let tiers = zip(choices, samples).map { choice, sample in
      guard case .platt = choice.calibration else { return IsotonicRegression().fit(sample) }
      return (choice.hasOwnSlope ? PlattScaling() : platt).fit(sample)
    }
    return TierCalibrations(tiers: tiers, joint: isJoint ? joint(tiers, seen) : nil)
  }

  /// The choices, and their joint calibration where there is one.
  func fitted(_ choices: [CalibrationChoice], isJoint: Bool) -> TierCalibrations {
    let tiers = choices.map(\.calibration)
    return TierCalibrations(tiers: tiers, joint: isJoint ? joint(tiers, Array(groups.indices)) : nil)
  }

  private func joint(_ tiers: [Calibration], _ places: [Int]) -> JointCalibration {
    let logits = heldOut.logits.selectingRows(places)
    return JointCalibrationFit(tiers, logits: logits).fit(
      labels: labels.map { known in places.map { known[$0] } }, weights: weights.map { own in places.map { own[$0] } })
  }

  private func samples(_ places: some Collection<Int>) throws(TrainingError) -> [CalibrationSample] {
    var result: [CalibrationSample] = []
    for (tier, name) in tierNames.enumerated() {
      result.append(
        try CalibrationSample(
          head: name, logits: places.map { heldOut.logits[$0, tier] }, labels: places.map { labels[tier][$0] },
          weights: places.map { weights[tier][$0] }))
    }
    return result
  }
}
