internal import Ockham

/// The names that callers are handed, as long as a router or scratch that uses them lives.
final class Names: Sendable {
  let tiers: CStrings
  let tasks: CStrings
  let reasons: CStrings
  let features: CStrings

  init(_ model: Model) {
    tiers = CStrings(model.tierNames)
    tasks = CStrings(TaskKind.allCases.map { $0.name })
    reasons = CStrings(Decision.Reason.allCases.map { $0.rawValue })
    features = CStrings(DenseFeatures.names)
  }
}
