import TextKit

extension AuditTable {
  /// The table as RFC 4180 has it, one header, lines that end in CR LF, numbers in full. What a figure's interval is stands in two
  /// columns beside it.
  ///
  /// Texts that a spreadsheet would take for a formula, and control characters, are made harmless.
  package var csv: String {
    let lines = [columns.indices.flatMap(header)] + rows.map { row in row.indices.flatMap { cells(row[$0], $0) } }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private func isFigure(_ column: Int) -> Bool {
    rows.contains { if case .figure = $0[column] { true } else { false } }
  }

  private func header(_ column: Int) -> [String] {
    let name = columns[column].name
    return (isFigure(column) ? [name, name + "_low", name + "_high"] : [name]).map(Self.quoted)
  }

  private func cells(_ value: AuditValue, _ column: Int) -> [String] {
    let parts: [String] =
      switch value {
      case .text(let text): [text.map(Self.quoted) ?? ""]
      case .count(let count): [String(count)]
      case .usd(let number), .share(let number), .milliseconds(let number), .number(let number): [Self.number(number)]
      case .figure(let figure, _): [figure.value, figure.low, figure.high].map(Self.number)
      case .empty: [""]
      }
    return isFigure(column) && parts.count == 1 ? parts + ["", ""] : parts
  }

  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return JSONNode.figure(value).jsonText
  }

  private static func quoted(_ text: String) -> String {
    let visible = SafeText.visible(text)
    // Blanks before it do not keep a spreadsheet from reading a formula.
    let first = visible.unicodeScalars.first { !$0.properties.isWhitespace }
    let isFormula = first.map { "=+-@|%＝＋－＠".unicodeScalars.contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + visible.replacing("\"", with: "\"\"") + "\""
  }
}

extension AuditReport {
  /// All tables behind one another, each under its name and before an empty line.
  package var csv: String { tables.map { $0.name + "\r\n" + $0.csv }.joined(separator: "\r\n") }
}
