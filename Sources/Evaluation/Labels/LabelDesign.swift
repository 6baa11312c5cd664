/// By what chance a request is picked for a label, so that two policies can be compared on it: see <doc:LabelsAndDecisions>.
///
/// One uniform draw decides. With probability a, the *audit*, every tier is asked and rated. Otherwise, where the policies disagree, the
/// tiers of both are rated with probability r·g: the rate r is paced by dollars and capacity before the draw, the intensity g of the
/// request lies in 2/5 … 1. So a disagreement is rated with probability ι = 1 − (1 − a)(1 − r·g), an agreement with a.
package struct LabelDesign: Sendable, Equatable {
  /// a, the share of all eligible requests that is audited, 0…1.
  package let auditRate: Double

  /// The intensities: none is below two fifths of another, so that no label weighs more than 2.5 times another. Wider ones save no dollars,
  /// since what is decided on while one looks suffers from great weights.
  package static let intensities = 0.4...1.0

  /// - Precondition: `auditRate` is in 0…1.
  package init(auditRate: Double) {
    precondition((0...1).contains(auditRate), "an audit rate is a share")
    self.auditRate = auditRate
  }

  /// What the draw came to.
  package enum Pick: Sendable, Equatable {
    /// The request is not rated.
    case none
    /// The tiers of both policies are rated.
    case disagreement
    /// Every tier is rated.
    case audit
  }

  /// The outcome of one draw.
  ///
  /// - Parameters:
  ///   - unit: a uniform draw from 0 ..< 1.
  ///   - rate: r, above 0 and at most 1.
  ///   - intensity: g of a disagreement; `nil` where the policies agree.
  package func pick(unit: Double, rate: Double, intensity: Double?) -> Pick {
    if unit < auditRate { return .audit }
    guard let intensity else { return .none }
    return unit < inclusion(rate: rate, intensity: intensity) ? .disagreement : .none
  }

  /// ι, the probability with which a request is rated under the tiers of both policies.
  package func inclusion(rate: Double, intensity: Double?) -> Double {
    guard let intensity else { return auditRate }
    return 1 - (1 - auditRate) * (1 - rate * intensity)
  }

  /// What a label weighs in a sequence that is decided on while one looks: ι(1) / ι(g), from 1 to 2.5, in which the rate has
  /// no more part. Its scale ι(1) is known before the draw.
  package func weight(rate: Double, inclusion: Double) -> Double {
    self.inclusion(rate: rate, intensity: 1) / inclusion
  }

  /// The greatest weight that a label drawn at a rate can have.
  package func greatestWeight(rate: Double) -> Double {
    weight(rate: rate, inclusion: inclusion(rate: rate, intensity: Self.intensities.lowerBound))
  }
}
