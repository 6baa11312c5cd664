/// A table of a report: titles and rows of text, rendered for a terminal or a page. The first column is a heading.
struct ReportTable: Equatable {
  /// One row.
  struct Row: Equatable {
    var cells: [String]
    /// Whether the row is the one that the table is about.
    var isEmphasised = false
  }

  /// The titles of the columns.
  let titles: [String]
  /// The columns that hold words: they are aligned to the left.
  let wordColumns: Set<Int>
  /// The rows, each with as many cells as there are titles.
  private(set) var rows: [Row] = []

  init(_ titles: [String], wordColumns: Set<Int> = [0]) {
    self.titles = titles
    self.wordColumns = wordColumns
  }

  /// Adds a row of as many cells as there are titles.
  mutating func append(_ cells: [String], isEmphasised: Bool = false) {
    precondition(cells.count == titles.count, "a row must fill its table")
    rows.append(Row(cells: cells, isEmphasised: isEmphasised))
  }
}
