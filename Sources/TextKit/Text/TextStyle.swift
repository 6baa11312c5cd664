/// Emphasis by terminal escapes, or none.
package struct TextStyle: Sendable {
  /// Whether escapes are written.
  package let isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  package func strong(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  package func faint(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// Lines for a terminal in which nothing but this style's own emphasis commands it; see ``SafeText/lines(_:)``.
  package func safe(_ lines: String) -> String {
    guard isColoured, lines.utf8.contains(0x1B) else { return SafeText.lines(lines) }
    // What follows an escape character is emphasis or none.
    let parts = lines.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(SafeText.lines(String(parts[0]))) { text, part in
      let emphasis = ["[1m", "[2m", "[0m"].first(where: part.hasPrefix)
      return text + (emphasis.map { _ in "\u{1B}" } ?? SafeText.lines("\u{1B}")) + SafeText.lines(String(part))
    }
  }
}
