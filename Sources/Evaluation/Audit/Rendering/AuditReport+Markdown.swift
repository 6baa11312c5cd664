import TextKit

extension AuditReport {
  /// The report for chat and mail: headline, sections, tables as GitHub and others read them. Names of the log stand as text: they make
  /// no link, no mention and no tag, and end no row.
  package var markdown: String {
    var parts = ["# Routing audit", "*\(MarkdownText.escaped(origin))*"]
    parts.append(headline.map { "**\(MarkdownText.escaped($0))**" }.joined(separator: "\n\n"))
    for section in sections where !section.sentences.isEmpty || section.tables.contains(where: { !$0.isEmpty }) {
      parts.append("## \(section.title)")
      parts.append(section.sentences.map { "- \(MarkdownText.escaped($0))" }.joined(separator: "\n"))
      for table in section.tables where !table.isEmpty {
        parts.append("### \(MarkdownText.escaped(table.title))")
        parts.append(table.shown.markdown)
        if let note = table.hiddenNote { parts.append(MarkdownText.escaped(note)) }
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// What the report is of, in a line.
  var origin: String {
    let logs = options.logs.isEmpty ? "" : "\(SafeText.names(options.logs.map { $0 == "-" ? "standard input" : $0 })), "
    let period = "\(clock.minute(of: traffic.period.lowerBound)) to \(clock.minute(of: traffic.period.upperBound))"
    let made = options.madeAt.map { ", made \(clock.minute(of: $0))" } ?? ""
    return total.requests > 0 && traffic.period.lowerBound > 0
      ? "\(logs)\(period) (\(clock.name))\(made)"
      : "\(logs)without times (\(clock.name))\(made)"
  }
}

extension AuditTable {
  /// That there is more than is shown; `nil` where there is not.
  var hiddenNote: String? {
    hiddenRows > 0 ? "… and \(NumberFormat.count(hiddenRows)) more rows, with --format csv or json." : nil
  }
}

/// Text that becomes part of Markdown.
enum MarkdownText {
  /// The text with every character escaped that Markdown or HTML could read as more than itself.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // A mention stays one behind a backslash.
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      // What looks like an address becomes a link by itself.
      case ":" where result.hasSuffix("http") || result.hasSuffix("https"): result += "&#58;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension TextTable {
  /// The table with pipes; every cell is escaped.
  var markdown: String {
    let rule = titles.indices.map { wordColumns.contains($0) ? ":---" : "---:" }
    let lines = [titles.map(MarkdownText.escaped), rule] + rows.map(Self.markdownCells)
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func markdownCells(_ row: Row) -> [String] {
    row.cells.map { cell in
      let text = MarkdownText.escaped(SafeText.name(cell, limit: maximumCellScalars))
      return row.isEmphasised && !text.isEmpty ? "**\(text)**" : text
    }
  }
}
