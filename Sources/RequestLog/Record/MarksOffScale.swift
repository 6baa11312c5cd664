import TextKit

/// Qualities outside 0…1: marks on another scale, as a rule.
///
/// A row with such a mark is rejected. Where many are, what is left is no sample of the log: of marks from 1 to 5 only the ones are left, and count
/// as the best.
package struct MarksOffScale: Sendable, Hashable {
  /// Rows with such a mark.
  package private(set) var rows = 1
  /// The least of the marks.
  package private(set) var least: Double
  /// The greatest of the marks.
  package private(set) var greatest: Double

  init(_ mark: Double) { (least, greatest) = (mark, mark) }

  /// Counts a further row.
  mutating func add(_ mark: Double) {
    rows += 1
    (least, greatest) = (min(least, mark), max(greatest, mark))
  }

  /// Whether so many rows are lost that the rest says something else than the whole: three, and one in a hundred.
  func distort(_ records: Int) -> Bool { rows >= 3 && rows * 100 > records + rows }

  /// The scale that the marks are probably on, as --quality-range takes it. Zeros and ones are in 0…1 and not among the marks.
  package var scale: String {
    if least >= -1, greatest <= 1 { return "-1..1" }
    if least < 0 {
      let end = max(greatest, -least)
      return "\(NumberFormat.short(least, digits: 6))..\(NumberFormat.short(end, digits: 6))"
    }
    switch greatest {
    case ...5: return "1..5"
    case ...10: return "1..10"
    case ...100: return "0..100"
    default: return "0..\(NumberFormat.short(greatest, digits: 6))"
    }
  }

  /// The command that brings the marks to 0…1.
  func command(of log: String = "LOG", output: String = "LOG2") -> String {
    "`ockham import \(log) --quality-range \(scale) --output \(output)`"
  }
}

extension LogProblem {
  /// The mark outside 0…1 that the record was rejected for.
  var markOffScale: Double? {
    guard reason == .outOfRange, field?.hasSuffix("quality") == true else { return nil }
    return Double(violation.found)
  }
}
