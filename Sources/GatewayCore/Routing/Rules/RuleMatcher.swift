import Foundation
import Ockham

/// What rules look at.
struct RuleSubject {
  let request: Request
  /// The request without what the program around the model put there.
  let scored: Request
  let header: (String) -> String?
  let key: String?
  let conversation: Conversation
  /// The model's word on the kind of task; scores the request when it is asked for.
  let task: () -> TaskKind?

  /// The last thing that the user said; empty where nothing was.
  var lastUserText: String { scored.segments.last { $0.role == .user }?.text ?? "" }
}

/// A rule with its words made ready to be looked for.
struct RuleMatcher: Sendable {
  let rule: Rule
  private let keywords: [Keywords]

  init(_ rule: Rule) {
    self.rule = rule
    keywords = rule.conditions.map { condition in
      if case .keywords(let words) = condition { Keywords(words) } else { Keywords([]) }
    }
  }

  /// Whether all conditions hold; for a private rule, whether none is known not to. Those that cost most are looked at last.
  func holds(for subject: RuleSubject) -> Bool {
    let may = { (index: Int) in holds(index, subject) ?? rule.isPrivate }
    let cheap = rule.conditions.indices.allSatisfy { Self.isCostly(rule.conditions[$0]) || may($0) }
    return cheap && rule.conditions.indices.allSatisfy { !Self.isCostly(rule.conditions[$0]) || may($0) }
  }

  private static func isCostly(_ condition: Rule.Condition) -> Bool {
    switch condition {
    case .keywords, .languages, .tasks: true
    default: false
    }
  }

  /// `nil` where it is unknown: a language that cannot be guessed, a kind of task that no model names, words behind those
  /// that are read, a header that is there and cannot be read.
  private func holds(_ index: Int, _ subject: RuleSubject) -> Bool? {
    let request = subject.request
    switch rule.conditions[index] {
    case .textBytes(let range): return range.contains(request.textBytes)
    case .languages(let codes): return LanguageGuess.language(of: subject.lastUserText).map(codes.contains)
    case .keywords:
      if keywords[index].occur(in: subject.lastUserText) { return true }
      return subject.lastUserText.utf8.count > Keywords.window ? nil : false
    case .header(let name, let values):
      guard let value = subject.header(name) else { return false }
      if values.isEmpty { return true }
      let said = HeaderValues(value)
      return said.contains(anyOf: values) ? true : said.isReadable ? false : nil
    case .keys(let names): return subject.key.map(names.contains) ?? false
    case .tasks(let kinds): return subject.task().map(kinds.contains)
    case .hasTools(let wanted): return wanted == !request.attributes.toolNames.isEmpty
    case .hasImages(let wanted): return wanted == (request.attributes.imageCount > 0)
    case .turns(let range): return range.contains(request.segments.count)
    case .share(let share): return subject.conversation.share(for: rule.name) < share
    }
  }
}

/// Words to look for, whatever the case, as whole words. They steer, they are no guard: a word can be misspelt.
struct Keywords: Sendable {
  private let words: [[UInt8]]

  /// What is read of a text, in bytes from its beginning.
  static let window = 64 << 10

  init(_ words: [String]) { self.words = words.map(Self.folded).filter { !$0.isEmpty } }

  /// Whether one of the words stands in a text, with no letter or digit right before or after it. In scripts that do not
  /// put spaces between words (U+0800 and up), anywhere.
  ///
  /// - Complexity: O(words · bytes), of the first 64 KiB.
  func occur(in text: String) -> Bool {
    if words.isEmpty || text.isEmpty { return false }
    let head = String(decoding: text.utf8.prefix(Self.window), as: UTF8.self)
    let bytes = Self.folded(head)
    return words.contains { Self.contains($0, in: bytes) }
  }

  /// A text without what readers do not see a difference by: case, forms of compatibility (full width, ligatures), and characters
  /// that are not shown, such as soft hyphens and zero-width spaces. Letters of other scripts that look alike stay different.
  private static func folded(_ text: String) -> [UInt8] {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return Array(text.lowercased().utf8) }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint { shown.append(scalar) }
    return Array(String(shown).precomposedStringWithCompatibilityMapping.lowercased().utf8)
  }

  private static func contains(_ word: [UInt8], in bytes: [UInt8]) -> Bool {
    guard word.count <= bytes.count else { return false }
    for start in 0...(bytes.count - word.count) where bytes[start] == word[0] {
      let end = start + word.count
      guard bytes[start..<end].elementsEqual(word) else { continue }
      let joinsBefore = !startsWide(word) && joins(scalar(before: start, in: bytes))
      let joinsAfter = !endsWide(word) && joins(scalar(at: end, in: bytes))
      if !joinsBefore, !joinsAfter { return true }
    }
    return false
  }

  private static func scalar(before end: Int, in bytes: [UInt8]) -> Unicode.Scalar? {
    var start = max(0, end - 1)
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.last
  }

  private static func scalar(at start: Int, in bytes: [UInt8]) -> Unicode.Scalar? {
    String(decoding: bytes[start...].prefix(4), as: UTF8.self).unicodeScalars.first
  }

  /// Whether a scalar belongs to a word: a letter or digit of any script, a mark on one, or `_`. Quotes, dashes and other
  /// marks of typesetters do not.
  private static func joins(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return scalar == "_"
    }
  }

  private static func startsWide(_ word: [UInt8]) -> Bool { word[0] >= 0xE0 }

  private static func endsWide(_ word: [UInt8]) -> Bool {
    word.last { $0 & 0xC0 != 0x80 }.map { $0 >= 0xE0 } ?? false
  }
}
