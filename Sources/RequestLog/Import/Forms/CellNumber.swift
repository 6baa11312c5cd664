import TextKit

/// Numbers as people and spreadsheets write them.
enum CellNumber {
  private static let separators: Set<Character> = [",", " ", "\u{A0}", "\u{2009}", "\u{202F}", "'", "\u{2019}"]

  /// A plain number, one with separated thousands (`1,900`, `1 024`), or one with a comma that can only be a decimal one
  /// (`0,5`, `12,25`); `nil` for another text.
  static func decimal(_ text: String) -> Double? {
    if let plain = CellValue.decimal(text) { return plain }
    if let whole = withoutThousands(text, separators) { return CellValue.decimal(whole) }
    return hasDecimalComma(text) ? CellValue.decimal(text.replacing(",", with: ".")) : nil
  }

  /// As ``decimal(_:)`` in a table that is known to write decimal commas: points separate thousands there.
  static func decimalWithComma(_ text: String) -> Double? {
    let whole = withoutThousands(text, ["."], comma: ",") ?? text
    guard whole.filter({ $0 == "," }).count <= 1 else { return nil }
    return CellValue.decimal(whole.replacing(",", with: "."))
  }

  /// Whether a comma cannot stand for thousands: not three digits behind it, or a zero alone before it.
  static func hasDecimalComma(_ text: String) -> Bool {
    let parts = unsigned(text).split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "0"..."9" ~= $0 } }) else { return false }
    return parts[1].count != 3 || parts[0] == "0" || parts[0].count > 3
  }

  /// The text without what separates groups of three digits; `nil` where it has no such groups.
  private static func withoutThousands(
    _ text: String, _ separators: Set<Character>, comma: Character = "."
  ) -> String? {
    let digits = unsigned(text)
    let whole = digits.prefix { $0 != comma }
    guard let separator = whole.first(where: { separators.contains($0) }), separator != comma else { return nil }
    let groups = whole.split(separator: separator, omittingEmptySubsequences: false)
    let areDigits = groups.allSatisfy { !$0.isEmpty && $0.allSatisfy { "0"..."9" ~= $0 } }
    guard areDigits, groups.count > 1, groups[0].count <= 3, groups[0].first != "0",
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
    return text.prefix(text.count - digits.count) + groups.joined() + digits.dropFirst(whole.count)
  }

  private static func unsigned(_ text: String) -> Substring {
    text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
  }
}

extension JSONNode {
  /// The number of a part of a row, also with the part's unit: dollars, milliseconds or seconds, tokens.
  func number(as part: FieldPart, commaIsDecimal: Bool = false) -> Double? {
    guard let text = string else { return decimal }
    var (word, factor) = (text.trimmingSpaces.lowercased(), 1.0)
    for (unit, worth) in part.units where word.hasPrefix(unit) || word.hasSuffix(unit) {
      word = word.hasSuffix(unit) ? String(word.dropLast(unit.count)) : String(word.dropFirst(unit.count))
      (word, factor) = (word.trimmingSpaces, worth)
      break
    }
    let number = commaIsDecimal ? CellNumber.decimalWithComma(word) : JSONNode.string(word).decimal
    return number.map { factor == 1 ? $0 : $0 * factor }
  }
}

extension FieldPart {
  /// Units that cells of the part may have, the longest first, and what each is worth.
  fileprivate var units: [(String, Double)] {
    switch self {
    case .cost: [("dollars", 1), ("dollar", 1), ("us$", 1), ("usd", 1), ("$", 1)]
    case .latency:
      [("milliseconds", 1), ("msec", 1), ("ms", 1), ("seconds", 1000), ("secs", 1000), ("sec", 1000), ("s", 1000)]
    case .inputTokens, .outputTokens: [("tokens", 1), ("token", 1), ("tok", 1)]
    default: []
    }
  }
}

extension FormContext {
  /// The number in a cell; one that is there and cannot be read is noted.
  func number(_ cell: JSONNode?, as part: FieldPart) -> Double? {
    guard let cell, !cell.isNull else { return nil }
    if let text = cell.string, CellValue.isUnknown(text.trimmingSpaces) { return nil }
    if let number = cell.number(as: part, commaIsDecimal: writesDecimalCommas) { return number }
    note("\(part.title) that cannot be read as a number: left out")
    return nil
  }

  /// A number of tokens in a cell.
  func count(_ cell: JSONNode?, as part: FieldPart) -> Int? { number(cell, as: part).flatMap { Int(exactly: $0) } }

  /// Whether a cell of a number in the first rows has a comma that can only be a decimal one.
  func findDecimalCommas() -> Bool {
    let parts: [FieldPart] = [.quality, .cost, .latency, .inputTokens, .outputTokens]
    let columns = Set(parts.compactMap { map.paths[$0] }).union(map.wide.columns)
    return sample.contains { row in
      columns.contains { row[$0]?.string.map { CellNumber.hasDecimalComma($0.trimmingSpaces) } ?? false }
    }
  }
}
