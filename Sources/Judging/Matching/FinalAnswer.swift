/// Finds the final answer in a text that reasons first.
///
/// Looked for in this order, the last occurrence of each: `\boxed{…}` with balanced braces; `#### …` on a line; `answer
/// is …` or `answer: …` up to the end of the line or sentence. Case does not matter.
package enum FinalAnswer {
  /// The final answer; `nil` where the text marks none.
  package static func extracted(from text: String) -> String? {
    boxed(text) ?? afterHashes(text) ?? announced(text)
  }

  private static func boxed(_ text: String) -> String? {
    guard let mark = text.ranges(of: "\\boxed{").last else { return nil }
    var depth = 1
    for index in text[mark.upperBound...].indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" { depth -= 1 }
      if depth == 0 { return filled(text[mark.upperBound..<index]) }
    }
    return nil
  }

  private static func afterHashes(_ text: String) -> String? {
    guard let mark = text.ranges(of: "####").last else { return nil }
    return filled(text[mark.upperBound...].prefix { !$0.isNewline })
  }

  private static func announced(_ text: String) -> String? {
    let lowered = text.lowercased()
    // Lower case may change lengths (İ): then positions in both texts do not agree, and the lowered text is read.
    let source = lowered.unicodeScalars.count == text.unicodeScalars.count ? text : lowered
    guard let end = lastAnnouncement(lowered) else { return nil }
    let distance = lowered.unicodeScalars.distance(from: lowered.startIndex, to: end)
    let start = source.unicodeScalars.index(source.startIndex, offsetBy: distance)
    return filled(sentence(source[start...]))
  }

  private static func lastAnnouncement(_ lowered: String) -> String.Index? {
    ["answer is", "answer:", "answer is:", "answer**:", "answer:**", "answer =", "answer would be"]
      .compactMap { lowered.ranges(of: $0).last?.upperBound }.max()
  }

  /// Up to the end of the line, or to a full stop that a space or nothing follows.
  private static func sentence(_ text: Substring) -> Substring {
    let line = text.drop { $0 == ":" || $0 == "*" || $0 == " " }.prefix { !$0.isNewline }
    for index in line.indices where line[index] == "." {
      let next = line.index(after: index)
      if next == line.endIndex || line[next] == " " { return line[..<index] }
    }
    return line
  }

  private static func filled(_ text: Substring) -> String? {
    text.contains { !$0.isWhitespace } ? String(text) : nil
  }
}
