package import Ockham
package import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The choice between Platt scaling and isotonic regression for one head.
///
/// Both are fitted to k − 1 folds of the sample and judged on the one left out. Isotonic regression is taken only when
/// its average log-loss is lower by more than one standard error of the difference: it follows the data more closely, so
/// it must earn its place. So must a slope of the head's own where Platt scaling is given one.
package struct CalibrationChoice: Sendable, Equatable {
  /// The chosen kind, fitted to the whole sample.
  package var calibration: Calibration

  /// Whether Platt scaling fits the slope too, instead of using a given one.
  package var hasOwnSlope: Bool

  /// How much lower the cross-validated log-loss of isotonic regression is than that of Platt scaling.
  package var isotonicGain: PairedDifference

  /// Makes the choice.
  ///
  /// - Parameters:
  ///   - sample: out-of-fold logits of one head.
  ///   - groups: what rows belong together, as for ``KFold/assign(groups:strata:)``, one per row of the sample; every row
  ///     by itself when left out.
  ///   - countsGroups: whether standard errors are over groups instead of rows.
  /// - Throws: ``TrainingError/tooFewRows(subject:needed:found:)`` for fewer groups than folds, `shape` for another
  ///   number of groups than rows.
  package init(
    _ sample: CalibrationSample, folds: KFold, groups: [UInt64]? = nil, countsGroups: Bool = false,
    platt: PlattScaling = PlattScaling(), isotonic: IsotonicRegression = IsotonicRegression()
  ) throws(TrainingError) {
    let groups = groups ?? sample.logits.indices.map(UInt64.init)
    try requireEqual("calibration groups", groups.count, expected: sample.count)
    let strata = sample.labels.map { $0 >= 0.5 ? 1 : 0 }
    let assignment = try folds.assign(groups: groups, strata: strata)
    let members = countsGroups ? Dictionary(grouping: groups.indices) { groups[$0] } : nil
    let together = members.map { members in members.keys.sorted().map { members[$0] ?? [] } }
    var free = platt
    free.slope = nil
    let own = Self.compare(platt.fit, free.fit, sample, assignment, folds: folds.folds, together)
    hasOwnSlope = platt.slope == nil || own.mean > own.standardError
    let platt = hasOwnSlope ? free : platt
    let gain = Self.compare(platt.fit, isotonic.fit, sample, assignment, folds: folds.folds, together)
    isotonicGain = gain
    calibration = gain.mean > gain.standardError ? isotonic.fit(sample) : platt.fit(sample)
  }

  /// The cross-validated loss of the first kind of fit less that of the second.
  private static func compare(
    _ first: (CalibrationSample) -> Calibration, _ second: (CalibrationSample) -> Calibration,
    _ sample: CalibrationSample, _ assignment: [Int], folds: Int,
    _ groups: [[Int]]?
  ) -> PairedDifference {
    var differences = [Double](repeating: 0, count: sample.count)
    for fold in 0..<folds {
      let training = sample.selecting(sample.logits.indices.filter { assignment[$0] != fold })
      let fits = (first(training), second(training))
      for row in sample.logits.indices where assignment[row] == fold {
        differences[row] = loss(fits.0, sample, row) - loss(fits.1, sample, row)
      }
    }
    let weights = sample.weights.map(Double.init)
    guard let groups else { return PairedDifference(differences, weights: weights) }
    return PairedDifference(differences, weights: weights, groups: groups)
  }

  /// −y log p − (1 − y) log(1 − p), with p kept 10⁻⁷ away from 0 and 1.
  private static func loss(_ calibration: Calibration, _ sample: CalibrationSample, _ row: Int) -> Double {
    let probability = min(max(Double(calibration.probability(sample.logits[row])), 1e-7), 1 - 1e-7)
    let label = Double(sample.labels[row])
    return -label * log(probability) - (1 - label) * log(1 - probability)
  }
}
