/// A correction of every tier's probability by those of all tiers.
///
/// Heads are linear, so that they are wrong in the same way about requests that they find alike: the weakest model guesses
/// better than its head thinks on the hardest questions, the strongest one does worse. With p[t] the probabilities of Platt
/// scaling, tier t becomes σ(a[t] + w[t]·(1, p, p pᵀ)), a[t] being what Platt scaling applies σ to: stacking of second order (Wolpert
/// 1992). The result is from 0 to 1; weights of 0 change nothing.
public struct JointCalibration: Sendable, Hashable {
  /// The number of tiers T.
  public let tierCount: Int

  /// w by tier, row-major `[T × (1 + T + T (T + 1) / 2)]`: a constant, p[0] … p[T − 1], then p[i] · p[j] for i ≤ j, by i
  /// first.
  public let weights: [Float]

  /// - Precondition: `weights` has T · ``width(tierCount:)`` elements.
  package init(tierCount: Int, weights: [Float]) {
    precondition(weights.count == tierCount * Self.width(tierCount: tierCount))
    self.tierCount = tierCount
    self.weights = weights
  }

  /// 1 + T + T (T + 1) / 2.
  package static func width(tierCount: Int) -> Int { 1 + tierCount + tierCount * (tierCount + 1) / 2 }

  /// Calls `body` with what the weights after the constant belong to, in their order: p[0] … p[T − 1], then p[i] · p[j] for
  /// i ≤ j, by i first.
  @inline(__always)
  package static func forEachFeature(of probabilities: [Float], _ body: (Double) -> Void) {
    for probability in probabilities { body(Double(probability)) }
    for first in probabilities.indices {
      for second in first..<probabilities.count { body(Double(probabilities[first]) * Double(probabilities[second])) }
    }
  }

  /// Replaces what Platt scaling says of each tier by the corrected probability. O(T³), no allocation.
  ///
  /// - Parameters:
  ///   - probabilities: by tier [T]; first those of `calibrations`, then the corrected ones.
  ///   - logits: by tier [T].
  ///   - uncorrected: room for T probabilities.
  @inline(__always)
  package func correct(
    _ probabilities: inout [Float], logits: [Float], by calibrations: [Calibration], using uncorrected: inout [Float]
  ) {
    for tier in probabilities.indices { uncorrected[tier] = probabilities[tier] }
    for tier in probabilities.indices {
      probabilities[tier] = calibrations[tier].probability(
        logits[tier], correction: correction(tier: tier, of: uncorrected))
    }
  }

  /// What is added to a[t]: summed in order, in double precision. O(T²), no allocation.
  package func correction(tier: Int, of probabilities: [Float]) -> Double {
    var place = tier * Self.width(tierCount: tierCount)
    var sum = Double(weights[place])
    Self.forEachFeature(of: probabilities) { feature in
      place += 1
      sum += Double(weights[place]) * feature
    }
    return sum
  }
}

extension JointCalibration {
  /// The correction, or `nil` for a file without one.
  init?(from reader: inout ModelReader, beside calibrations: [Calibration]) throws(ModelFileError) {
    let (name, tiers) = (TensorName.jointCalibration, calibrations.count)
    guard reader[name] != nil else { return nil }
    for calibration in calibrations {
      guard case .platt = calibration else {
        throw .metadataValue(
          key: MetadataKey.calibration, expected: "\"platt\" for every tier beside the tensor \(name)",
          found: try reader.text(MetadataKey.calibration))
      }
    }
    self.init(tierCount: tiers, weights: try reader.readFloats(name, [tiers, Self.width(tierCount: tiers)]))
  }
}
