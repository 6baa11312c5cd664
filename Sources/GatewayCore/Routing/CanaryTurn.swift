/// What a request says about a canary: whose it was, and where the other version would have sent it.
///
/// The two are compared request by request, on what each proposes for the request by itself.
package struct CanaryTurn: Sendable, Hashable {
  /// The canary's name: its salt.
  package let canary: String
  /// Whether the candidate decided.
  package let isCandidate: Bool
  /// The tier that the version proposed which did not decide; `nil` where it would have refused the request.
  package let otherTier: Int?
  /// What labels may say of it; `nil` where they may say nothing: a pin, a turn that stayed with its conversation, a draw by chance, a key
  /// that wants no copies.
  package var labels: Labels?

  /// What is fixed before a request is drawn for a label.
  package enum Labels: Sendable, Hashable {
    /// The versions agree.
    case agreement(scale: Double)
    /// They do not, and both tiers can be rated.
    case disagreement(scale: Double)
    /// They do not, and one of the tiers is closed to copies.
    case closed(scale: Double)

    /// K, the inclusion at full intensity and the rate that was in force.
    package var scale: Double {
      switch self {
      case .agreement(let scale), .disagreement(let scale), .closed(let scale): scale
      }
    }
  }

  package init(canary: String, isCandidate: Bool, otherTier: Int?, labels: Labels? = nil) {
    (self.canary, self.isCandidate, self.otherTier, self.labels) = (canary, isCandidate, otherTier, labels)
  }
}
