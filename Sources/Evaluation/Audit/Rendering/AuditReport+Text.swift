import TextKit

extension AuditReport {
  /// The report for a terminal: what it says first, then the tables behind it.
  ///
  /// - Parameter coloured: whether headings are emphasised by terminal escapes. Names of the log cannot add any.
  package func text(coloured: Bool = false) -> String {
    let style = TextStyle(isColoured: coloured)
    var parts = [
      style.faint(SafeText.visible(origin)),
      headline.map { style.strong(SafeText.visible($0)) }.joined(separator: "\n"),
    ]
    for section in sections where !section.sentences.isEmpty || section.tables.contains(where: { !$0.isEmpty }) {
      parts.append(style.strong(section.title.uppercased()))
      parts.append(section.sentences.map(SafeText.visible).joined(separator: "\n"))
      for table in section.tables where !table.isEmpty {
        let note = table.hiddenNote.map { "\n" + $0 } ?? ""
        parts.append("\(SafeText.visible(table.title))\n\(table.shown.text(style))\(note)")
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }
}
