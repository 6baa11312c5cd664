import TextKit

/// Why two models cannot be compared on a log.
///
/// Rows are named by position, counted from 0; nothing of a prompt is ever part of an error.
package enum ComparisonError: Error, Sendable, Equatable {
  /// The models choose between other tiers.
  case tiers(first: [String], second: [String])
  /// The models were scored on another number of rows.
  case rowCount(first: Int, second: Int)
  /// A row is not the same on both sides.
  case row(field: String, row: Int)
}

extension ComparisonError: CustomStringConvertible {
  /// One sentence for the operator: where, what was expected, what was found, what to do.
  package var description: String {
    switch self {
    case .tiers(let first, let second):
      "tiers: expected the same for both models, found \(SafeText.names(first)) and "
        + "\(SafeText.names(second)); compare models that choose between the same tiers"
    case .rowCount(let first, let second):
      "rows: expected the same for both models, found \(first) and \(second); score both on the same log"
    case .row(let field, let row):
      "row \(row), \(field): expected the same for both models, found two different; score both on the same log"
    }
  }
}
