import TextKit

/// Values as Python prints them: `[{'role': 'user', 'content': "it's"}]`, `None`, `True`. Tables that pandas writes hold
/// lists and objects in this form; arrays of NumPy lack the commas. Calls such as `datetime.datetime(…)` read as null.
struct PythonLiteral {
  private static let maximumDepth = 64

  private var rest: Substring.UnicodeScalarView
  private var depth = 0

  private init(_ text: String) { rest = text[...].unicodeScalars }

  /// The list or object that a text spells; `nil` for any other text.
  static func parse(_ text: String) -> JSONNode? {
    var parser = PythonLiteral(text)
    guard let value = parser.value(), value.elements != nil || value.members != nil else { return nil }
    parser.skip { $0.properties.isWhitespace }
    return parser.rest.isEmpty ? value : nil
  }

  private mutating func value() -> JSONNode? {
    skip { $0.properties.isWhitespace }
    switch rest.first {
    case "["?: return list(to: "]")
    case "("?: return list(to: ")")
    case "{"?: return object()
    case "'"?, "\""?: return text().map { .string($0) }
    case let first? where first == "-" || first == "." || ("0"..."9").contains(first): return number()
    default: return word()
    }
  }

  private mutating func object() -> JSONNode? {
    guard enter() else { return nil }
    defer { depth -= 1 }
    var members: [JSONMember] = []
    while true {
      skipSeparators()
      if rest.first == "}" {
        rest.removeFirst()
        return .object(members)
      }
      guard let key = value() else { return nil }
      skip { $0.properties.isWhitespace }
      guard rest.popFirst() == ":", let member = value() else { return nil }
      members.append(JSONMember(key: key.string ?? key.jsonText, value: member))
    }
  }

  private mutating func enter() -> Bool {
    guard depth < Self.maximumDepth else { return false }
    depth += 1
    rest.removeFirst()
    return true
  }

  private mutating func text() -> String? {
    guard let quote = rest.popFirst() else { return nil }
    var result = String.UnicodeScalarView()
    while let next = rest.popFirst() {
      if next == quote { return String(result) }
      guard next == "\\" else {
        result.append(next)
        continue
      }
      guard let escaped = rest.popFirst() else { return nil }
      switch escaped {
      case "n": result.append("\n")
      case "t": result.append("\t")
      case "r": result.append("\r")
      case "\\", "'", "\"": result.append(escaped)
      case "x": result.append(code(digits: 2))
      case "u": result.append(code(digits: 4))
      case "U": result.append(code(digits: 8))
      default:
        result.append("\\")
        result.append(escaped)
      }
    }
    return nil
  }

  private mutating func code(digits: Int) -> Unicode.Scalar {
    let hexadecimal = String(rest.prefix(digits))
    rest = rest.dropFirst(digits)
    return UInt32(hexadecimal, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
  }

  private mutating func number() -> JSONNode? {
    let text = String(rest.prefix { "+-.eE".unicodeScalars.contains($0) || ("0"..."9").contains($0) })
    guard let value = CellValue.decimal(text) else { return nil }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return Int(text).map { .integer($0) } ?? .number(value)
  }

  private mutating func word() -> JSONNode? {
    let name = String(rest.prefix { $0.properties.isAlphabetic || $0 == "_" || $0 == "." || ("0"..."9").contains($0) })
    guard !name.isEmpty else { return nil }
    rest = rest.dropFirst(name.unicodeScalars.count)
    if rest.first == "(" {
      // An array of NumPy holds the list; of any other call nothing can be known.
      let arguments = list(to: ")", allowsNames: true)
      return name == "array" ? arguments?.elements?.first : arguments.map { _ in .null }
    }
    switch name {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None", "nan", "NaN", "inf", "NaT": return .null
    default: return nil
    }
  }

  /// - Parameter allowsNames: whether elements may be arguments of a call; those with names are skipped.
  private mutating func list(to end: Unicode.Scalar, allowsNames: Bool = false) -> JSONNode? {
    guard enter() else { return nil }
    defer { depth -= 1 }
    var elements: [JSONNode] = []
    while true {
      skipSeparators()
      if rest.first == end {
        rest.removeFirst()
        return .array(elements)
      }
      let name = allowsNames ? String(rest.prefix { $0.properties.isAlphabetic || $0 == "_" }) : ""
      if !name.isEmpty, rest.dropFirst(name.unicodeScalars.count).first == "=" {
        rest = rest.dropFirst(name.unicodeScalars.count + 1)
        if value() == nil { skip { $0.properties.isAlphabetic || $0 == "." || $0 == "_" } }
        continue
      }
      guard let element = value() else { return nil }
      elements.append(element)
    }
  }

  private mutating func skipSeparators() { skip { $0.properties.isWhitespace || $0 == "," } }

  private mutating func skip(while isSkipped: (Unicode.Scalar) -> Bool) { rest = rest.drop(while: isSkipped) }
}
