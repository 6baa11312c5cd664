/// A word or a sign of Swift source, comments and the text of strings left out. What an interpolation holds is code, and counts.
enum Token: Equatable {
  case word(Substring)
  case mark(Character)

  var word: Substring? { if case .word(let text) = self { text } else { nil } }
}

/// Splits source text into tokens. It knows comments (nested ones too), strings of every kind and interpolations, and nothing else.
struct Tokenizer {
  private let text: Substring
  private var at: String.Index

  static func tokens(of text: String) -> [Token] {
    var tokenizer = Tokenizer(text: text[...], at: text.startIndex)
    var tokens: [Token] = []
    tokenizer.readCode(into: &tokens, until: nil)
    return tokens
  }

  /// Reads code to the end, or to the closing parenthesis of an interpolation.
  private mutating func readCode(into tokens: inout [Token], until closing: Character?) {
    var open = 0
    while at < text.endIndex {
      let character = text[at]
      if starts("//") {
        skipLine()
      } else if starts("/*") {
        skipBlockComment()
      } else if character == "\"" || (character == "#" && isRawString) {
        readString(into: &tokens)
      } else if character.isLetter || character == "_" || character == "`" {
        tokens.append(.word(readWord()))
      } else if character.isNumber {
        skipNumber()
      } else {
        if character == "(" { open += 1 }
        if character == closing {
          if open == 0 { return }
          open -= 1
        } else if character == ")" {
          open -= 1
        }
        if !character.isWhitespace { tokens.append(.mark(character)) }
        advance()
      }
    }
  }

  private mutating func readWord() -> Substring {
    if text[at] == "`" {
      advance()
      let start = at
      while at < text.endIndex, text[at] != "`" { advance() }
      defer { if at < text.endIndex { advance() } }
      return text[start..<at]
    }
    let start = at
    while at < text.endIndex, text[at].isLetter || text[at].isNumber || text[at] == "_" { advance() }
    return text[start..<at]
  }

  private mutating func skipNumber() {
    while at < text.endIndex, text[at].isLetter || text[at].isNumber || text[at] == "_" { advance() }
  }

  private var isRawString: Bool {
    var next = at
    while next < text.endIndex, text[next] == "#" { next = text.index(after: next) }
    return next < text.endIndex && text[next] == "\""
  }

  private mutating func readString(into tokens: inout [Token]) {
    var pounds = ""
    while text[at] == "#" {
      pounds += "#"
      advance()
    }
    let isLong = starts("\"\"\"")
    let end = (isLong ? "\"\"\"" : "\"") + pounds
    let escape = "\\" + pounds
    advance(by: isLong ? 3 : 1)
    while at < text.endIndex, !starts(end) {
      if starts(escape + "(") {
        advance(by: escape.count + 1)
        readCode(into: &tokens, until: ")")
        if at < text.endIndex { advance() }
      } else if starts(escape) {
        advance(by: escape.count + 1)
      } else {
        advance()
      }
    }
    advance(by: end.count)
  }

  private mutating func skipLine() {
    while at < text.endIndex, !text[at].isNewline { advance() }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        advance(by: 2)
      } else if starts("*/") {
        depth -= 1
        advance(by: 2)
      } else {
        advance()
      }
    } while depth > 0 && at < text.endIndex
  }

  private func starts(_ prefix: String) -> Bool { text[at...].hasPrefix(prefix) }

  private mutating func advance(by count: Int = 1) {
    at = text.index(at, offsetBy: count, limitedBy: text.endIndex) ?? text.endIndex
  }
}
