/// Names that strangers chose: models, tiers, datasets and ids from logs, model files and tables.
///
/// Printed as they are they could command a terminal, end a line and forge the next one, or reverse the order of what
/// stands beside them.
extension SafeText {
  /// The longest name that is shown, in Unicode scalars: a longer one loses its middle, since long names often differ at
  /// their end alone.
  package static let maximumNameScalars = 80

  /// A name that does nothing but stand there: ``visible(_:)``, and short.
  package static func name(_ name: String, limit: Int = maximumNameScalars) -> String {
    shortened(visible(name), limit)
  }

  /// Names behind one another, ``name(_:limit:)`` each; behind the first `shown` it says how many more there are.
  package static func names(_ names: [String], separator: String = ", ", shown: Int = 32) -> String {
    let text = names.prefix(shown).map { name($0) }.joined(separator: separator)
    return names.count > shown ? "\(text) and \(NumberFormat.count(names.count - shown)) more" : text
  }

  /// A text whose control characters, line ends, marks of direction and other characters without a shape stand as escapes:
  /// `\n`, `\u{1B}`. Joiners of letters and emoji stay, since scripts need them.
  package static func visible(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars { shown.append(character: scalar, escaped: isHidden(scalar)) }
    return shown
  }

  /// A message of several lines, for a terminal: as ``visible(_:)``, but line feeds stay. Tags of HTML are broken up, since
  /// what a terminal shows ends in pages of build servers.
  package static func lines(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A || $0 >= 0x7F || $0 == UInt8(ascii: "<") }) else {
      return text
    }
    var shown = ""
    var scalars = text.unicodeScalars.makeIterator()
    var scalar = scalars.next()
    while let current = scalar {
      scalar = scalars.next()
      let startsTag = current == "<" && scalar.map(canFollowTagStart) ?? false
      shown.append(character: current, escaped: startsTag || current != "\n" && isHidden(current))
    }
    return shown
  }

  /// Whether a character has no shape of its own and can do harm unseen.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
    default: false
    }
  }

  /// Whether `<` and this character can begin a tag, a comment or a declaration.
  static func canFollowTagStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic && scalar.isASCII || scalar == "/" || scalar == "!" || scalar == "?"
  }

  private static func shortened(_ text: String, _ limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    let end = limit / 4
    return String(scalars.prefix(limit - 1 - end)) + "…" + String(scalars.suffix(end))
  }
}

extension String {
  fileprivate mutating func append(character scalar: Unicode.Scalar, escaped: Bool) {
    switch scalar {
    case _ where !escaped: unicodeScalars.append(scalar)
    case "\n": append("\\n")
    case "\r": append("\\r")
    case "\t": append("\\t")
    default: append("\\u{\(String(scalar.value, radix: 16, uppercase: true))}")
    }
  }
}
