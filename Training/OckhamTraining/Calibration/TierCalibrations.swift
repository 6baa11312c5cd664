import Ockham

/// The maps from logits to probabilities of all tiers.
struct TierCalibrations: Sendable, Equatable {
  /// One per tier.
  var tiers: [Calibration]

  /// Their joint calibration, or `nil` where they stand alone.
  var joint: JointCalibration?

  /// The probabilities of one row of logits [T].
  func probabilities(_ logits: [Float]) -> [Float] {
    var probabilities = zip(tiers, logits).map { $0.probability($1) }
    var uncorrected = probabilities
    joint?.correct(&probabilities, logits: logits, by: tiers, using: &uncorrected)
    return probabilities
  }
}
