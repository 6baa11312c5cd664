import Evaluation
package import Ockham
package import Registry

/// The canary that a registry has in progress: who stands against whom, and on which conditions.
package struct CanaryUnderWay: Sendable, Hashable {
  package let incumbent, candidate: String
  /// The candidate's share of the conversations, above 0 and below 1.
  package let share: Double
  /// Names the canary, and picks its conversations.
  package let salt: String
  package let conditions: CanaryConditions
  /// α_k: the probability of promoting a candidate that is worse than the margin allows.
  package let alpha: Double

  /// `nil` where none is in progress.
  package init?(_ pointer: RegistryPointer, _ journal: Journal) {
    guard let candidate = pointer.candidate, pointer.share > 0, pointer.share < 1, let entry = journal.canary,
      entry.version == candidate
    else { return nil }
    (incumbent, self.candidate, share, salt) = (pointer.incumbent, candidate, pointer.share, pointer.salt)
    conditions = CanaryConditions(entry)
    alpha = entry.alpha ?? Registry.alpha(ofCandidate: entry.candidateNumber ?? 1, of: 1 - conditions.confidence)
  }

  /// What the running comparison is held to.
  var terms: CanaryTerms {
    var terms = CanaryTerms(share: share)
    terms.qualityMargin = conditions.margin
    terms.abortLevel = 1 - conditions.confidence
    terms.promotionLevel = alpha
    return terms
  }
}

/// The model of a canary's candidate.
package struct CandidateModel: Sendable {
  package let model: Model
  package let canary: CanaryUnderWay

  package init(model: Model, canary: CanaryUnderWay) { (self.model, self.canary) = (model, canary) }
}
