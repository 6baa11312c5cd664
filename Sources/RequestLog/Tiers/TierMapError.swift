import Ockham
import TextKit

/// Why models cannot be assigned to tiers.
package enum TierMapError: Error, Sendable, Hashable {
  /// A flag is not `NAME=MODEL`.
  case malformedFlag(String, found: String)
  /// The same flag twice.
  case repeatedFlag(String)
  /// Two tiers of one name.
  case repeatedTier(String)
  /// A model that two tiers claim.
  case modelInTwoTiers(String)
  /// Fewer than two tiers leave nothing to route.
  case tooFewTiers(names: [String])
  /// More tiers than a router holds.
  case tooManyTiers(count: Int)
  /// The log's models are not named after tiers, and no map was given.
  case unmapped(models: [OutcomeStatistics.Model])
  /// The map names a model that no record of the log has.
  case unseenModel(String, models: [OutcomeStatistics.Model])
  /// The log has neither outcomes nor tier labels.
  case noOutcomes
}

extension TierMapError: CustomStringConvertible {
  /// One message, with the flags to add where they can be guessed.
  package var description: String {
    switch self {
    case .malformedFlag(let flag, let found):
      "--tier: expected NAME=MODEL, found \(found) in \(SafeText.name(flag)); write --tier small=MODEL"
    case .repeatedFlag(let flag): "--tier \(SafeText.name(flag)): expected each model once, found it twice; remove one"
    case .repeatedTier(let name): "tier \(SafeText.label(name)): expected each tier once, found it twice; remove one"
    case .modelInTwoTiers(let model):
      "model \(SafeText.label(model)): expected one tier, found two; remove it from one of them"
    case .tooFewTiers(let names):
      "expected at least two tiers, found \(names.isEmpty ? "none" : SafeText.names(names)); "
        + "add --tier NAME=MODEL for each tier, cheapest first"
    case .tooManyTiers(let count): "expected at most \(TierCount.range.upperBound) tiers, found \(count); merge some"
    case .unmapped(let models):
      "expected outcomes of the tiers \(TierMap.defaultNames.joined(separator: ", ")), found these models:\n"
        + OutcomeStatistics.table(models) + "\nsay which model stands for which tier, cheapest first, such as: "
        + OutcomeStatistics.suggestion(models)
    case .unseenModel(let model, let models):
      "model \(SafeText.label(model)): expected a model of the log, found no outcome of it; "
        + "use one of these:\n" + OutcomeStatistics.table(models)
    case .noOutcomes:
      "expected outcomes or tier labels, found neither in any record; add \"outcomes\" or \"tier\" to the log"
    }
  }
}
