/// Emphasis by terminal escapes, or none.
package struct TextStyle: Sendable {
  /// Whether escapes are written.
  package let isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  package func strong(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  package func faint(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// A name of the log with control characters replaced, so that it cannot command a terminal.
  package static func safe(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
