import TextKit

extension AuditReport {
  /// The report as one self-contained page: no script, no external asset, readable in light and dark, and on paper.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>Routing audit</title>
    <style>
    \(PageStyle.css)
    \(Self.style)
    </style>
    </head>
    <body>
    <header>
    <h1>Routing audit</h1>
    <p class="faint">\(Markup.escaped(origin))</p>
    \(headline.map { "<p class=\"lead\">\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
    </header>
    <main>
    \(cards)
    \(sections.map(html).filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  /// The plots of all parts as figures, for a page that has ``PageStyle`` and writes the figures itself.
  package var plotsHTML: String { sections.flatMap(\.plots).map(\.html).joined(separator: "\n") }

  private static let style = """
    .lead { font-size: 17px; max-width: 84ch; margin: 8px 0; } h3 { font-size: 15px; margin: 18px 0 6px; }
    th.word, td.word { text-align: left; } td.word { white-space: normal; min-width: 90px; max-width: 340px; }
    figure { max-width: 790px; } ul.said { padding-left: 20px; max-width: 84ch; } ul.said li { margin: 3px 0; }
    @media print { body { max-width: none; } section { break-inside: avoid-page; } }
    """

  private var cards: String {
    guard total.requests > 0 else { return "" }
    let cards = [
      card("Saved, net", money.net, .usd), card("Share saved", money.savedShare, .share),
      card("Quality served", quality.served, .share), card("Against a random mix", money.overMix, .points),
    ]
    let spent = """
      <div class="card"><b>\(Markup.escaped(total.priced > 0 ? AuditText.usd(money.spentUSD) : AuditText.unknown))</b>Spent\
      <span>\(NumberFormat.count(total.requests)) requests</span></div>
      """
    return "<div class=\"cards\">\n\(([spent] + cards).joined(separator: "\n"))\n</div>"
  }

  private func card(_ name: String, _ figure: AuditFigure, _ unit: AuditUnit) -> String {
    let range =
      if let low = figure.low, let high = figure.high {
        "\(unit.text(low).replacing(" points", with: "")) to \(unit.text(high))"
      } else {
        figure.reason ?? "no interval"
      }
    let value = figure.value.map(unit.text) ?? AuditText.unknown
    return
      "<div class=\"card\"><b>\(Markup.escaped(value))</b>\(Markup.escaped(name))<span>\(Markup.escaped(range))</span></div>"
  }

  private func html(_ section: AuditSection) -> String {
    let tables = section.tables.filter { !$0.isEmpty }
    guard !section.sentences.isEmpty || !tables.isEmpty else { return "" }
    var parts = ["<h2 id=\"\(section.name)\">\(Markup.escaped(section.title))</h2>"]
    if !section.sentences.isEmpty {
      let items = section.sentences.map { "<li>\(Markup.escaped($0))</li>" }
      parts.append("<ul class=\"said\">\n\(items.joined(separator: "\n"))\n</ul>")
    }
    if !section.plots.isEmpty {
      parts.append("<div class=\"plots\">\n\(section.plots.map(\.html).joined(separator: "\n"))\n</div>")
    }
    for table in tables {
      parts.append("<h3>\(Markup.escaped(table.title))</h3>\n\(table.shown.auditHTML)")
      if let note = table.hiddenNote { parts.append("<p class=\"faint\">\(Markup.escaped(note))</p>") }
    }
    return "<section>\n\(parts.joined(separator: "\n"))\n</section>"
  }
}

extension TextTable {
  /// The table for a page, words to the left; every cell is escaped, and short.
  fileprivate var auditHTML: String {
    func style(_ column: Int) -> String { wordColumns.contains(column) ? " class=\"word\"" : "" }
    let header = titles.indices.map { "<th scope=\"col\"\(style($0))>\(Markup.escaped(titles[$0]))</th>" }.joined()
    let lines = rows.map { row in
      let cells = row.cells.indices.map { column in
        let text = Markup.escaped(SafeText.name(row.cells[column], limit: Self.maximumCellScalars))
        return column == 0 ? "<th scope=\"row\">\(text)</th>" : "<td\(style(column))>\(text)</td>"
      }
      return "<tr\(row.isEmphasised ? " class=\"own\"" : "")>\(cells.joined())</tr>"
    }
    return Self.page(header: header, rows: lines)
  }
}
