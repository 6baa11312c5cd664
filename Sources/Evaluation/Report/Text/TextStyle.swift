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
