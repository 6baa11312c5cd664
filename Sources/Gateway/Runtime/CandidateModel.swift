package import Ockham

/// A model under canary: a share of the conversations, chosen by a salt, is routed by it.
package struct CandidateModel: Sendable {
  package let model: Model
  /// Above 0 and below 1.
  package let share: Double
  package let salt: String

  package init(model: Model, share: Double, salt: String) {
    (self.model, self.share, self.salt) = (model, share, salt)
  }
}
