internal import Ockham

/// The names that callers are handed, as long as a router or scratch that uses them lives.
final class Names: Sendable {
  let tiers: CStrings
  let tasks: CStrings
  let reasons: CStrings
  let features: CStrings
  /// Of responses, the request's own logits behind them; none for a model without response heads.
  let responseFeatures: CStrings

  init(_ model: Model) {
    tiers = CStrings(model.tierNames)
    tasks = CStrings(TaskKind.allCases.map { $0.name })
    reasons = CStrings(Decision.Reason.allCases.map { $0.rawValue })
    features = CStrings(DenseFeatures.names)
    responseFeatures = CStrings(
      model.responseTiers.isEmpty ? [] : ResponseFeatures.names + model.tierNames.map { "logit of " + $0 })
  }
}
