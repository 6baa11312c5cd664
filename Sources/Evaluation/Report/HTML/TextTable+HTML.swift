import TextKit

extension TextTable {
  /// The table for a page; every cell is escaped.
  var html: String {
    let header = titles.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
    return Self.page(header: header, rows: rows.map(Self.html))
  }

  /// A table around a header and rows that are markup already.
  static func page(header: String, rows: [String]) -> String {
    """
    <div class="scroll"><table>
    <thead><tr>\(header)</tr></thead>
    <tbody>
    \(rows.joined(separator: "\n"))
    </tbody>
    </table></div>
    """
  }

  private static func html(_ row: Row) -> String {
    let heading = "<th scope=\"row\">\(Markup.escaped(row.cells[0]))</th>"
    let cells = row.cells.dropFirst().map { "<td>\(Markup.escaped($0))</td>" }.joined()
    return "<tr\(row.isEmphasised ? " class=\"own\"" : "")>\(heading)\(cells)</tr>"
  }
}

extension TierConfusion {
  /// The counts as a heat table: darker for more rows, the right choices framed.
  func html(tierNames: [String]) -> String {
    let titles = ["chosen \\ lowest adequate"] + tierNames + ["none adequate"]
    let header = titles.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
    let rows = tierNames.indices.map { tier in
      let cells = (0..<counts.columns).map { cell(chosen: tier, needed: $0) }.joined()
      return "<tr><th scope=\"row\">\(Markup.escaped(tierNames[tier]))</th>\(cells)</tr>"
    }
    return TextTable.page(header: header, rows: rows)
  }

  private func cell(chosen: Int, needed: Int) -> String {
    let count = Double(counts[chosen, needed])
    let total = Double(max(1, counts.elements.reduce(0, +)))
    let largest = Double(max(1, counts.elements.max() ?? 1))
    let isRight = needed == chosen || (chosen == 0 && needed == counts.rows)
    return "<td class=\"heat\(isRight ? " right" : "")\" style=\"--heat:\(NumberFormat.decimal(count / largest))\">"
      + "\(NumberFormat.count(Int(count)))<small>\(NumberFormat.percent(count / total, places: 1))</small></td>"
  }
}
