import TextKit

/// Reads the cells of a table. An empty cell, or one of `-`, `NA`, `N/A`, `null`, `none`, is unknown.
enum CellValue {
  /// A quality by the scale of the scores.
  /// - Throws: a violation for what is none, such as a number above 1 without a range.
  static func quality(
    _ cell: String, column: String, scale: RatingScale = RatingScale()
  ) throws(RecordViolation) -> Double? {
    let text = cell.trimmingSpaces
    if isUnknown(text) { return nil }
    guard let quality = scale.quality(of: .string(text)) else { throw badQuality(text, column, scale) }
    return quality
  }

  /// A number of at least 0.
  static func amount(_ cell: String, column: String) throws(RecordViolation) -> Double? {
    let text = cell.trimmingSpaces
    if isUnknown(text) { return nil }
    guard let number = decimal(text), number >= 0 else {
      throw RecordViolation(
        .wrongType, field: field(column), expected: "a number of at least 0, without sign or unit",
        found: SafeText.word(text), remedy: "write it as 0.0012")
    }
    return number
  }

  /// An integer of at least 0.
  static func count(_ cell: String, column: String) throws(RecordViolation) -> Int? {
    guard let number = try amount(cell, column: column) else { return nil }
    guard let count = Int(exactly: number) else {
      throw RecordViolation(
        .wrongType, field: field(column), expected: "an integer", found: number.description,
        remedy: "write the number of tokens")
    }
    return count
  }

  /// `True` or `False`, as Python writes them.
  static func boolean(_ cell: String, column: String) throws(RecordViolation) -> Double {
    switch cell {
    case "True": return 1
    case "False": return 0
    default:
      throw RecordViolation(
        .wrongType, field: field(column), expected: "True or False", found: SafeText.word(cell),
        remedy: "fix or drop the row")
    }
  }

  /// How messages name a column.
  static func field(_ column: String) -> String { "column \(ImportError.header(column))" }

  /// A finite decimal number; hexadecimal, `inf` and `nan` are none.
  static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func badQuality(_ text: String, _ column: String, _ scale: RatingScale) -> RecordViolation {
    let isNumber = decimal(text) != nil
    let range =
      scale.range.map { "\(NumberFormat.short($0.lowerBound)) to \(NumberFormat.short($0.upperBound))" } ?? "0 to 1"
    return RecordViolation(
      isNumber ? .outOfRange : .wrongType, field: field(column),
      expected: "a number from \(range), a percentage, true or false", found: SafeText.word(text),
      remedy: isNumber
        ? "say the scale with --quality-range, or fix the cell"
        : "say what words are worth with --quality-map, or fix the cell or leave it empty")
  }

  /// Whether a cell says that nothing is known.
  static func isUnknown(_ text: String) -> Bool {
    text.isEmpty || ["-", "na", "n/a", "null", "none"].contains(text.lowercased())
  }
}

extension String {
  /// The text without white space at its ends.
  var trimmingSpaces: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
