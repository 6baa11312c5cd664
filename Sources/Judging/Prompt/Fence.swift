/// Texts between marks, each with a title, so that a judge can distinguish what is asked of it from what it is shown.
///
/// No text holds the mark of its fence, so that none can close its own part or open another. That makes it harder to talk
/// a judge round, not impossible: a text may still say what it likes.
struct Fence {
  /// A text and what it is.
  struct Part {
    var title: String
    var text: String
  }

  /// What stands beside each title, and at each end.
  let mark: String
  private let parts: [Part]

  /// - Parameter key: a hash of the texts: the mark is of it, so that equal questions are equal bytes.
  init(_ parts: [Part], key: String) {
    var mark = String(key.prefix(12))
    var round = 0
    while parts.contains(where: { Self.holds($0.text, mark) }) {
      round += 1
      mark = String(TextKey.of(["\(round)", key]).prefix(12))
    }
    self.mark = mark
    self.parts = parts
  }

  /// All parts, a blank line between.
  var text: String {
    parts.map { "[\($0.title) \(mark)]\n\($0.text)\n[end \(mark)]" }.joined(separator: "\n\n")
  }

  /// Whether the bytes of a text hold those of a mark, whatever characters they are part of.
  private static func holds(_ text: String, _ mark: String) -> Bool {
    let (text, mark) = (text.utf8, mark.utf8)
    guard let first = mark.first else { return true }
    var rest = text[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: mark) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
