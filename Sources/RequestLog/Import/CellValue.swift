import TextKit

/// Reads the cells of a table. An empty cell, or one of `-`, `NA`, `N/A`, `null`, `none`, is unknown.
enum CellValue {
  /// A quality: 0…1, or true/false in any case.
  /// - Throws: a violation for percentages, numbers above 1 and other texts.
  static func quality(_ cell: String, column: String) throws(RecordViolation) -> Double? {
    let text = cell.trimmingSpaces
    if isUnknown(text) { return nil }
    switch text.lowercased() {
    case "true": return 1
    case "false": return 0
    default: break
    }
    guard let number = decimal(text), (0...1).contains(number) else { throw badQuality(text, column) }
    return number
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

  /// A whole number of at least 0.
  static func count(_ cell: String, column: String) throws(RecordViolation) -> Int? {
    guard let number = try amount(cell, column: column) else { return nil }
    guard let count = Int(exactly: number) else {
      throw RecordViolation(
        .wrongType, field: field(column), expected: "a whole number", found: number.description,
        remedy: "write the number of tokens")
    }
    return count
  }

  /// `True` or `False`, as Python writes them.
  static func truth(_ cell: String, column: String) throws(RecordViolation) -> Double {
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
  static func field(_ column: String) -> String { "column \(SafeText.label(column))" }

  /// A finite decimal number; hexadecimal, `inf` and `nan` are none.
  static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func badQuality(_ text: String, _ column: String) -> RecordViolation {
    let isShare = text.hasSuffix("%") || (decimal(text) ?? 0) > 1
    return RecordViolation(
      isShare ? .outOfRange : .wrongType, field: field(column),
      expected: "0, 1, true, false or a number from 0 to 1",
      found: text.hasSuffix("%") && text.utf8.count <= 8 ? "the percentage \(text)" : SafeText.word(text),
      remedy: isShare ? "divide percentages by 100" : "fix the cell or leave it empty")
  }

  private static func isUnknown(_ text: String) -> Bool {
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
