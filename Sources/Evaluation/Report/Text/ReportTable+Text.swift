extension ReportTable {
  /// The table for a terminal: columns aligned by spaces, a line under the titles, no spaces at the ends of lines.
  func text(_ style: TextStyle) -> String {
    let cells = ([titles] + rows.map(\.cells)).map { $0.map(TextStyle.safe) }
    let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { line($0, widths: widths) }
    for (index, row) in rows.enumerated() where row.isEmphasised { lines[index + 1] = style.strong(lines[index + 1]) }
    lines.insert(style.faint(line(widths.map { String(repeating: "-", count: $0) }, widths: widths)), at: 1)
    return lines.joined(separator: "\n")
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return wordColumns.contains(column) ? cells[column] + space : space + cells[column]
    }
    return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }
}

/// Emphasis by terminal escapes, or none.
struct TextStyle {
  /// Whether escapes are written.
  let isColoured: Bool

  func strong(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  func faint(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// A name of the log with control characters replaced, so that it cannot command a terminal.
  static func safe(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
