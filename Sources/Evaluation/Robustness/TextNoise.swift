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
