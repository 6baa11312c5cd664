import Ockham

/// Fits the calibrations of all heads to held-out logits.
///
/// Each head is mapped by Platt scaling with the slope that all share; with one of its own, or by isotonic regression, where
/// that is clearly better by cross-validated log-loss.
struct HeadCalibration {
  private let tierNames: [String]
  private let heldOut: HeldOutLogits
  /// By tier, then by place in the held-out logits.
  private let labels: [[Float]]
  private let weights: [Float]
  private let groups: [UInt64]

  init(_ dataset: Dataset, _ heldOut: HeldOutLogits) {
    self.heldOut = heldOut
    tierNames = dataset.tierNames
    labels = dataset.tierNames.indices.map { tier in heldOut.rows.map { dataset.labels[$0, tier] } }
    weights = heldOut.rows.map { dataset.weights[$0] }
    groups = heldOut.rows.map { dataset.contentHashes[$0] }
  }

  /// One choice per tier. One slope out of all rows is too little to make the choice between the kinds unfair.
  func choose(folds: Int, seed: UInt64) throws(TrainingError) -> [CalibrationChoice] {
    let plan = try KFold(folds: folds, seed: seed &+ 2)
    let samples = try samples(weights.indices)
    let platt = PlattScaling(slope: SharedSlope().fit(samples))
    var result: [CalibrationChoice] = []
    for (tier, sample) in samples.enumerated() {
      let known = labels[tier].indices.filter { !labels[tier][$0].isNaN && weights[$0] > 0 }
      result.append(try CalibrationChoice(sample, folds: plan, groups: known.map { groups[$0] }, platt: platt))
    }
    return result
  }

  /// Calibrations of the same kinds that have not seen some of the places.
  func refit(like choices: [CalibrationChoice], without places: Range<Int>) throws(TrainingError) -> [Calibration] {
    let samples = try samples(weights.indices.filter { !places.contains($0) })
    let platt = PlattScaling(slope: SharedSlope().fit(samples))
    return zip(choices, samples).map { choice, sample in
      guard case .platt = choice.calibration else { return IsotonicRegression().fit(sample) }
      return (choice.hasOwnSlope ? PlattScaling() : platt).fit(sample)
    }
  }

  private func samples(_ places: some Collection<Int>) throws(TrainingError) -> [CalibrationSample] {
    var result: [CalibrationSample] = []
    for (tier, name) in tierNames.enumerated() {
      result.append(
        try CalibrationSample(
          head: name, logits: places.map { heldOut.logits[$0, tier] }, labels: places.map { labels[tier][$0] },
          weights: places.map { weights[$0] }))
    }
    return result
  }
}
