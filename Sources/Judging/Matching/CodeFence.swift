/// A Markdown code fence around a whole text, as models like to put around JSON.
package enum CodeFence {
  /// What stands inside the fence; the text itself where it is not one fence and nothing else but white space.
  ///
  /// A fence is three or more backticks or tildes with a language or none, and as many of the same at the end. A text with
  /// two fences, or with words around one, comes back as it is: which part was meant is not for a reader to guess.
  package static func content(of text: String) -> Substring {
    let whole = trimmed(text[...])
    guard let mark = whole.first, mark == "`" || mark == "~" else { return text[...] }
    let width = whole.prefix { $0 == mark }.count
    let fence = String(repeating: mark, count: max(3, width))
    guard width >= 3, whole.count >= 2 * width, whole.hasSuffix(fence) else { return text[...] }
    let inner = whole.dropFirst(width).dropLast(width)
    let content = inner.drop { $0.isLetter || $0.isNumber || "_+-.".contains($0) }
    let isFenced =
      content.first?.isWhitespace == true || content.isEmpty || content.first == "{" || content.first == "["
    // A line that begins with the mark closes the fence before the end.
    guard isFenced, !content.split(whereSeparator: \.isNewline).contains(where: { $0.hasPrefix(fence) }) else {
      return text[...]
    }
    return trimmed(content)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var rest = text.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
