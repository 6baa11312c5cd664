/// A table of texts: titles and rows, rendered for a terminal here and for pages elsewhere. The first column is a heading.
/// Cells may be names of a log: they are made harmless, and short, where they are rendered.
package struct TextTable: Sendable, Equatable {
  /// One row.
  package struct Row: Sendable, Equatable {
    package var cells: [String]
    /// Whether the row is the one that the table is about.
    package var isEmphasised = false
  }

  /// The titles of the columns.
  package let titles: [String]
  /// The columns that hold words: they are aligned to the left.
  package let wordColumns: Set<Int>
  /// The longest cell that is shown, in Unicode scalars.
  package static let maximumCellScalars = 120
  /// The rows, each with as many cells as there are titles.
  package private(set) var rows: [Row] = []

  package init(_ titles: [String], wordColumns: Set<Int> = [0]) {
    self.titles = titles
    self.wordColumns = wordColumns
  }

  /// Adds a row of as many cells as there are titles.
  package mutating func append(_ cells: [String], isEmphasised: Bool = false) {
    precondition(cells.count == titles.count, "a row must fill its table")
    rows.append(Row(cells: cells, isEmphasised: isEmphasised))
  }

  /// The table for a terminal: columns aligned by spaces, a line under the titles, no spaces at the ends of lines.
  package func text(_ style: TextStyle = TextStyle(isColoured: false)) -> String {
    let cells = ([titles] + rows.map(\.cells)).map { $0.map { SafeText.name($0, limit: Self.maximumCellScalars) } }
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
