import TextKit

/// Why data or parameters cannot be trained on.
///
/// Every case names what was wrong, what was found and what would be right. Nothing of a prompt is ever part of it:
/// only positions, counts and numbers.
package enum TrainingError: Error, Equatable {
  /// Two things that must agree in size do not.
  case shape(subject: String, expected: Int, found: Int)

  /// The row starts of a sparse matrix fall at `row`.
  case rowStartsDecrease(row: Int, start: Int, end: Int)

  /// A sparse entry lies outside its matrix.
  case columnOutOfRange(row: Int, entry: Int, column: Int, columns: Int)

  /// A number is infinite or not a number where that has no meaning.
  case notFinite(subject: String, row: Int, column: Int, found: Float)

  /// A number lies outside the range that gives it a meaning.
  case outOfRange(subject: String, row: Int, column: Int, expected: String, found: Float)

  /// A setting of a solver is unusable.
  case parameter(name: String, expected: String, found: String)

  /// No row says anything about a head.
  case noLabels(head: String, rows: Int)

  /// All labels of a head are the same.
  case oneOutcome(head: String, labels: Int, value: Float, needed: Int)

  /// A head has too little of one outcome. `good` and `bad` are summed labels: Σ y and Σ (1 − y).
  case tooFewOutcomes(head: String, good: Double, bad: Double, needed: Int)

  /// Fewer than two classes of a softmax head have labels.
  case oneClass(head: String, labels: Int, found: Int)

  /// There are fewer groups of rows than folds.
  case tooFewRows(subject: String, needed: Int, found: Int)

  /// Families of sets cannot be left out as the recipe asks.
  case families(subject: String, expected: String, found: String, remedy: String)

  /// The objective is not finite at the starting point, or stopped being so while training.
  case diverged(subject: String, iteration: Int)

  /// A saved training state lacks a tensor, or holds one of another size.
  case savedState(tensor: String, expected: String, found: String)

  /// There is no room in memory for something that everything rests on.
  case memory(subject: String, neededBytes: Int)

  /// The caller asked to stop.
  case cancelled
}

extension TrainingError {
  /// Whether some rows alone are to blame for too few outcomes of a head, which others may have.
  var isLackOfOutcomes: Bool {
    switch self {
    case .noLabels, .oneOutcome, .tooFewOutcomes: true
    default: false
    }
  }
}

extension TrainingError: CustomStringConvertible {
  /// One sentence for the operator: where, what was expected, what was found, what to do.
  package var description: String {
    switch self {
    case .shape(let subject, let expected, let found):
      "\(subject): expected \(expected), found \(found); all parts of one problem must agree in size"
    case .notFinite(let subject, let row, let column, let found):
      "\(subject), row \(row), column \(column): expected a finite number, found \(found); repair or drop the row"
    case .outOfRange(let subject, let row, let column, let expected, let found):
      "\(subject), row \(row), column \(column): expected \(expected), found \(found); repair or drop the row"
    case .parameter(let name, let expected, let found):
      "parameter \(name): expected \(expected), found \(found)"
    case .tooFewRows(let subject, let needed, let found):
      "\(subject): at least \(needed) are needed, found \(found); add data or ask for fewer folds"
    case .families(let subject, let expected, let found, let remedy):
      "families of the recipe, \(subject): expected \(expected), found \(found); \(remedy)"
    case .diverged(let subject, let iteration):
      "\(subject): the loss is not finite at iteration \(iteration); lower the learning rate or rescale the features"
    case .savedState(let tensor, let expected, let found):
      "saved training state, tensor '\(tensor)': expected \(expected), found \(found); start again without resuming"
    case .memory(let subject, let needed):
      "\(subject): expected \(needed >> 20) MiB of free address space, found less; raise the limit of this process (ulimit -v)"
    case .cancelled: "cancelled; nothing was written over"
    case .rowStartsDecrease(let row, let start, let end):
      "sparse matrix, row \(row): starts at entry \(start) but ends at \(end); row starts must not decrease"
    case .columnOutOfRange(let row, let entry, let column, let columns):
      "sparse matrix, row \(row), entry \(entry): expected a column in 0..<\(columns), found \(column)"
    case .noLabels(let head, let rows):
      "head '\(SafeText.name(head))': none of \(rows) rows has a label; add outcomes for it or leave the head out"
    case .oneOutcome(let head, let labels, let value, let needed):
      "head '\(SafeText.name(head))': every one of \(labels) labels is \(value); "
        + "at least \(needed) of each outcome are needed to learn from"
    case .tooFewOutcomes(let head, let good, let bad, let needed):
      "head '\(SafeText.name(head))': the labels sum to \(good) good and \(bad) bad; "
        + "at least \(needed) of each outcome are needed to learn from"
    case .oneClass(let head, let labels, let found):
      "head '\(SafeText.name(head))': \(labels) labels name \(found) class(es); at least 2 classes are needed to learn from"
    }
  }
}

// MARK: Checks

/// Throws ``TrainingError/shape(subject:expected:found:)`` unless two sizes agree.
func requireEqual(_ subject: String, _ found: Int, expected: Int) throws(TrainingError) {
  guard found == expected else { throw .shape(subject: subject, expected: expected, found: found) }
}

/// Throws ``TrainingError/parameter(name:expected:found:)`` unless a setting is as it must be.
func requireParameter<Value>(
  _ name: String, _ value: Value, _ expected: String, _ holds: (Value) -> Bool
) throws(TrainingError) {
  guard holds(value) else { throw .parameter(name: name, expected: expected, found: "\(value)") }
}

/// Throws unless there is one finite weight of at least 0 for each row.
func checkWeights(_ weights: [Float], rows: Int) throws(TrainingError) {
  try requireEqual("weights", weights.count, expected: rows)
  guard let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else { return }
  throw .outOfRange(
    subject: "weights", row: row, column: 0, expected: "a finite weight of at least 0", found: weights[row])
}
