/// Texts of strangers where something else than a terminal reads them.
extension SafeText {
  /// A name for Markdown, tables included: every character that Markdown or HTML gives a meaning is escaped.
  package static func markdown(_ text: String) -> String { markdownLine(name(text)) }

  /// The same for a line of any length in which names stand.
  package static func markdownLine(_ text: String) -> String {
    var escaped = ""
    for scalar in visible(text).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$", "#": escaped += "\\\(scalar)"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Lines as a code block of Markdown, behind a fence that they cannot close.
  package static func markdownBlock(_ text: String) -> String {
    var (longest, run) = (2, 0)
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\n\(lines(text))\n\(fence)"
  }

  /// One word of a command line that is to be copied: as it is where it is plain, else ``shellQuoted(_:)``.
  package static func shell(_ word: String) -> String {
    !word.isEmpty && word.utf8.allSatisfy(isPlainShellByte) ? word : shellQuoted(word)
  }

  /// A word in single quotes; one with characters that do not show, or the start of a tag, as `$'…'`, which bash, zsh and
  /// POSIX.1-2024 read.
  package static func shellQuoted(_ word: String) -> String {
    let isPlain = !word.unicodeScalars.contains(where: isEscapedInShell)
    var quoted = ""
    // Scalar by scalar: a quote with an accent is one character, and ends the word all the same.
    for scalar in word.unicodeScalars {
      switch scalar {
      case "'": quoted += isPlain ? "'\\''" : "\\'"
      case "\\" where !isPlain: quoted += "\\\\"
      case _ where isEscapedInShell(scalar): quoted += String(scalar).utf8.map(octal).joined()
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return isPlain ? "'\(quoted)'" : "$'\(quoted)'"
  }

  /// Tags would be broken up where a command line is printed, and the word be another.
  private static func isEscapedInShell(_ scalar: Unicode.Scalar) -> Bool { isHidden(scalar) || scalar == "<" }

  /// A JSON document in which no character can command a terminal or start a tag: those in its texts stand as `\uXXXX`, so
  /// that a parser reads the same.
  package static func json(_ document: String) -> String {
    guard document.utf8.contains(where: { $0 >= 0x7F || $0 == UInt8(ascii: "<") }) else { return document }
    var safe = ""
    for scalar in document.unicodeScalars {
      // Line feeds stand between values; in texts JSON has no raw ones.
      if scalar == "<" || scalar != "\n" && isHidden(scalar) {
        for unit in String(scalar).utf16 { safe += "\\u" + padded(String(unit, radix: 16), to: 4) }
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  private static func isPlainShellByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "-")...UInt8(ascii: ":"): true
    case UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: ","): true
    default: false
    }
  }

  private static func octal(_ byte: UInt8) -> String { "\\" + padded(String(byte, radix: 8), to: 3) }

  private static func padded(_ digits: String, to width: Int) -> String {
    String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
