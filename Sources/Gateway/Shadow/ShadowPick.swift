import Evaluation
import GatewayCore
import Ockham

/// What a request was drawn for: the tiers that a copy is asked of, each with the probability of that, known before the draw.
struct ShadowPick: Sendable, Hashable {
  struct Asked: Sendable, Hashable {
    let tier: Int
    let origin: ShadowLabel.Origin
    /// The probability, given what was served, that the request is rated under this tier, above 0 and at most 1.
    let inclusion: Double
  }

  /// The tier that has to serve the request: what else answers is no part of this draw.
  let served: Int
  /// Each tier once, and not ``served``; at least one.
  let asked: [Asked]
  /// The rate of labels on disagreements that was in force.
  let rate: Double

  /// The greatest of all inclusions: that of the pair the served answer belongs to.
  var servedInclusion: Double { asked.map(\.inclusion).max() ?? 1 }
}

/// The tiers of one request, as two policies have them.
struct ShadowComparison: Sendable, Hashable {
  /// The tier that serves.
  let served: Int
  /// The tier of the policy that it is compared with.
  let other: Int
  /// Tiers that a copy may go to.
  let allowed: TierSet

  /// - Parameters:
  ///   - tiers: those that copies may go to.
  ///   - baseline: the tier that requests are compared with which were neither observed nor part of a canary.
  /// - Returns: `nil` where there is nothing to compare: a pin, a held turn, a target outside the tiers.
  init?(_ decision: RoutingDecision, tiers: TierSet, baseline: Int) {
    guard decision.isEligible, let served = decision.tier else { return nil }
    self.served = served
    other =
      if let canary = decision.canary { canary.otherTier ?? served } else {
        decision.observed?.proposedTier ?? baseline
      }
    let chosenAmong = decision.observed?.allowedTiers ?? decision.allowedTiers
    allowed = tiers.intersection(chosenAmong).subtracting(decision.forbiddenTiers).subtracting(TierSet(only: served))
  }

  /// Whether the policies disagree, and the other's tier may be asked.
  var isDisagreement: Bool { allowed.contains(other) }

  /// Draws: an audit asks every tier, a disagreement the other policy's alone. Both are parts of one draw.
  /// - Parameters:
  ///   - intensity: g of a disagreement; `nil` where the policies agree.
  ///   - unit: a uniform draw from 0 ..< 1.
  func pick(_ design: LabelDesign, rate: Double, intensity: Double?, unit: Double) -> ShadowPick? {
    let pick = design.pick(unit: unit, rate: rate, intensity: intensity)
    guard pick != .none else { return nil }
    let pair = design.inclusion(rate: rate, intensity: intensity)
    let asked = allowed.compactMap { tier -> ShadowPick.Asked? in
      guard pick == .audit || tier == other else { return nil }
      return ShadowPick.Asked(
        tier: tier, origin: pick == .audit ? .audit : .shadow, inclusion: tier == other ? pair : design.auditRate)
    }
    return asked.isEmpty ? nil : ShadowPick(served: served, asked: asked, rate: rate)
  }
}
