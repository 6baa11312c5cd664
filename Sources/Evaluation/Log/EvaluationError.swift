import Ockham
import TextKit

/// Why a log cannot be evaluated or thresholds cannot be chosen from it.
///
/// Rows are named by position, counted from 0; nothing of a prompt is ever part of an error.
package enum EvaluationError: Error, Sendable, Equatable {
  /// There is nothing to choose between.
  case tooFewTiers(found: Int)
  /// There are more tiers than a set of allowed tiers can name.
  case tooManyTiers(found: Int)
  /// Two tiers share a name.
  case duplicateTier(name: String)
  /// A tier was named that the log does not have.
  case unknownTier(found: String, expected: [String])
  /// A pair names one tier twice.
  case samePair(name: String)
  /// The log is empty.
  case noRows
  /// A part of the log is shorter or longer than its number of rows.
  case length(field: String, expected: Int, found: Int)
  /// A matrix has the wrong number of rows or columns.
  case shape(field: String, expected: [Int], found: [Int])
  /// A number of a row lies outside the range that gives it a meaning.
  case value(field: String, row: Int, expected: String, found: Double)
  /// An option is unusable.
  case option(name: String, expected: String, found: String)
  /// No row contains what is needed.
  case missingOutcomes(needed: String, rows: Int, remedy: String)
  /// Tier costs do not rise from tier to tier.
  case costsNotRising(lower: String, lowerCost: Double, upper: String, upperCost: Double)
}

extension EvaluationError: CustomStringConvertible {
  /// One sentence for the operator: where, what was expected, what was found, what to do.
  package var description: String {
    switch self {
    case .tooFewTiers(let found): "tiers: expected at least 2, found \(found); name the tiers to choose between"
    case .tooManyTiers(let found):
      "tiers: expected at most \(TierCount.range.upperBound), found \(found); leave some out"
    case .duplicateTier(let name): "tiers: '\(SafeText.name(name))' is named twice; give each tier its own name"
    case .unknownTier(let found, let expected):
      "tier '\(SafeText.name(found))': expected one of \(SafeText.names(expected)); check the spelling"
    case .samePair(let name):
      "pair: expected two different tiers, found '\(SafeText.name(name))' twice; name another one"
    case .noRows: "log: expected at least one row, found none; check the path and the tier names"
    case .option(let name, let expected, let found): "\(name): expected \(expected), found \(found)"
    case .length(let field, let expected, let found):
      "\(field): expected one per row (\(expected)), found \(found); score the log again"
    case .shape(let field, let expected, let found):
      "\(field): expected \(expected[0]) rows of \(expected[1]) tiers, found \(found[0]) of \(found[1]); "
        + "score the log again with this model"
    case .value(let field, let row, let expected, let found):
      "row \(row), \(field): expected \(expected), found \(found); repair or drop the row"
    case .missingOutcomes(let needed, let rows, let remedy):
      "log: expected rows with \(needed), found none among \(rows); \(remedy)"
    case .costsNotRising(let lower, let lowerCost, let upper, let upperCost):
      "tier '\(SafeText.name(upper))': expected a mean cost above that of '\(SafeText.name(lower))' (\(lowerCost)), found \(upperCost); "
        + "order the tiers from cheapest to most expensive, leave one out or state the costs"
    }
  }
}
