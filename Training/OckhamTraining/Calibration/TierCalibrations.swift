import Ockham

/// The maps from logits to probabilities of all tiers.
struct TierCalibrations: Sendable, Equatable {
  /// One per tier.
  var tiers: [Calibration]

  /// How they correct each other, or `nil` where they stand alone.
  var joint: JointCalibration?

  /// The probabilities of one row of logits [T].
  func probabilities(_ logits: [Float]) -> [Float] {
    let apart = zip(tiers, logits).map { $0.probability($1) }
    guard let joint else { return apart }
    return tiers.indices.map { tier in
      tiers[tier].probability(logits[tier], correction: joint.correction(tier: tier, of: apart))
    }
  }
}
