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

/// Changes of case and white space that a line of the standard library does not make.
enum TextNoise {
  /// Every letter that starts the text or follows white space in upper case; the others as they are.
  static func titleCased(_ text: String) -> String {
    var result = ""
    var isStart = true
    for character in text {
      result += isStart ? character.uppercased() : String(character)
      isStart = character.isWhitespace
    }
    return result
  }

  /// A carriage return before every line feed that has none.
  static func withCarriageReturns(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if scalar == "\n", previous != "\r" { result.append("\r") }
      result.append(scalar)
      previous = scalar
    }
    return String(result)
  }

  /// One tab for each smallest indent of two or more spaces at the start of a line; what is left over stays.
  static func indentedByTabs(_ text: String) -> String {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let indents = lines.map { $0.prefix { $0 == " " }.count }
    guard let unit = indents.filter({ $0 > 1 }).min() else { return text }
    return zip(lines, indents).map { line, indent in
      String(repeating: "\t", count: indent / unit) + String(repeating: " ", count: indent % unit)
        + String(Substring(line.dropFirst(indent)))
    }.joined(separator: "\n")
  }
}
