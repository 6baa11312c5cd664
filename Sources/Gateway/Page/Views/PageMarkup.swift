import Evaluation

/// A piece of HTML. Text that is put into it is escaped by its type: only another piece of HTML goes in as it is, so that nothing
/// that a client, a provider or a configuration says can become a part of the page's own markup.
struct PageMarkup: Sendable, Hashable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation parts: StringInterpolation) { text = parts.text }

  /// Takes HTML that a library made, which escapes on its own account.
  init(trusting html: String) { text = html }

  /// Pieces one after the other.
  init(_ parts: [PageMarkup]) { text = parts.map(\.text).joined(separator: "\n") }

  static let empty: PageMarkup = ""

  var bytes: [UInt8] { Array(text.utf8) }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ string: String) { text += PageMarkup.escaped(string) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ markup: PageMarkup) { text += markup.text }
    mutating func appendInterpolation(_ parts: [PageMarkup]) { text += PageMarkup(parts).text }
  }

  /// The text with every character that could end an attribute or begin a tag replaced; characters without a shape stand as
  /// escapes, lines stay.
  static func escaped(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { Markup.escaped(String($0)) }.joined(separator: "\n")
  }
}

extension PageMarkup {
  /// A table with a heading for screen readers, that scrolls in its own box. The first cell of a row names it.
  static func table(_ caption: String, titles: [String], rows: [[PageMarkup]]) -> PageMarkup {
    let head = PageMarkup(titles.map { "<th scope=\"col\">\($0)</th>" })
    let body = PageMarkup(
      rows.map { row in
        let cells = PageMarkup(row.dropFirst().map { "<td>\($0)</td>" })
        return "<tr><th scope=\"row\">\(row.first ?? .empty)</th>\(cells)</tr>"
      })
    return """
      <div class="scroll" role="region" aria-label="\(caption)" tabindex="0"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>\(body)</tbody>
      </table></div>
      """
  }

  /// What stands where there is nothing to show: what is missing, and what would bring it.
  static func missing(_ sentence: String) -> PageMarkup { "<p class=\"missing\">\(sentence)</p>" }

  /// Names with their values.
  static func facts(_ facts: [(name: String, value: PageMarkup)]) -> PageMarkup {
    "<dl class=\"facts\">\(facts.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" as PageMarkup })</dl>"
  }
}
