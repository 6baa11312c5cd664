/// Rows of text in columns that line up: the first column to the left, the others to the right.
package struct AlignedTable {
  private var rows: [[String]]

  package init(_ header: [String]) { rows = [header] }

  package mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The table with two spaces between columns and a rule under the header.
  package var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      row.indices.map { Self.pad(row[$0], to: widths[$0], left: $0 == 0) }.joined(separator: "  ")
    }
    lines.insert(String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1)), at: 1)
    return lines.map { $0.trimmingTrailingSpaces }.joined(separator: "\n")
  }

  private static func pad(_ text: String, to width: Int, left: Bool) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + space : space + text
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
