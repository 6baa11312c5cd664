/// A harmless change to a prompt: it asks the same as before, so the tier should stay the same.
package enum Noise: String, Sendable, CaseIterable {
  /// All letters in lower case.
  case lowerCase = "lower_case"
  /// The first letter of every word in upper case.
  case titleCase = "title_case"
  /// All letters in upper case.
  case upperCase = "upper_case"
  /// Every space twice.
  case doubleSpaces = "double_spaces"
  /// A line feed at the end.
  case trailingNewline = "trailing_newline"
  /// CRLF for every bare line feed.
  case carriageReturns = "carriage_returns"
  /// Tabs for the spaces that indent lines, one per smallest indent of the text.
  case tabIndent = "tab_indent"
  /// About 2 % of the letters swapped, dropped or doubled; see ``Typos``.
  case typos
  /// "Please " before the prompt.
  case please
  /// A greeting with a request for help before the prompt.
  case greeting
  /// " Thanks!" behind the prompt.
  case thanks
  /// A polite sentence before and behind the prompt, in Spanish.
  case spanishFrame = "spanish_frame"
  /// The same in German.
  case germanFrame = "german_frame"
  /// The same in French.
  case frenchFrame = "french_frame"
  /// The same in Chinese.
  case chineseFrame = "chinese_frame"

  /// The prompt with this noise: equal to `text` where there is nothing to change.
  ///
  /// - Parameter seed: decides where typos fall; the other kinds do not depend on it.
  /// - Complexity: O(bytes).
  package func apply(to text: String, seed: UInt64) -> String {
    switch self {
    case .lowerCase: return text.lowercased()
    case .titleCase: return TextNoise.titleCased(text)
    case .upperCase: return text.uppercased()
    case .doubleSpaces: return text.replacing(" ", with: "  ")
    case .trailingNewline: return text + "\n"
    case .carriageReturns: return TextNoise.withCarriageReturns(text)
    case .tabIndent: return TextNoise.indentedByTabs(text)
    case .typos:
      var typos = Typos(seed: seed)
      return typos.apply(to: text)
    default: return frame.opening + text + frame.closing
    }
  }

  /// What stands before and behind an untouched prompt.
  private var frame: (opening: String, closing: String) {
    switch self {
    case .please: ("Please ", "")
    case .greeting: ("Hi, could you help me with this? ", "")
    case .thanks: ("", " Thanks!")
    case .spanishFrame: ("Hola, ¿podrías ayudarme con esto, por favor?\n\n", "\n\nMuchas gracias por tu ayuda.")
    case .germanFrame: ("Hallo, könntest du mir bitte hierbei helfen?\n\n", "\n\nVielen Dank für deine Hilfe.")
    case .frenchFrame: ("Bonjour, pourriez-vous m'aider avec ceci ?\n\n", "\n\nMerci beaucoup pour votre aide.")
    case .chineseFrame: ("你好,请帮我处理以下内容。\n\n", "\n\n非常感谢你的帮助。")
    default: ("", "")
    }
  }
}
