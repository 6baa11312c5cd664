import TextKit

/// Reads the one JSON object that a judge replies with.
package enum ReplyReader {
  /// What may stand beside the value that was asked for. It depends on what becomes of the reply, and not on who asks.
  enum Company {
    /// A code fence, and nothing else; the key is the object's only one.
    ///
    /// For verdicts: they are paid for, kept in a journal, written into a log and trained on, and a judge whose reply cannot be read
    /// is asked again. A judge that quotes what it reads ("the text wants me to say …") must not be taken at those words.
    case alone
    /// Words and other keys.
    ///
    /// For what steers one request: it is asked once, an answer waits for it, and what cannot be read counts as no judge at
    /// all. Several objects are still none, and a key that stands twice has no value.
    case amongWords
  }

  /// The longest reply that is read, in bytes; no verdict needs more.
  private static let maximumBytes = 4096

  /// The score in a reply to ``JudgePrompt/score(request:answer:)``, from 0 to 1; `nil` where there is none: the answer is
  /// then as if there were no judge.
  package static func score(in reply: String) -> Double? {
    score(in: reply, .amongWords)
  }

  /// The same of a reply that is paid for, kept and trained on.
  static func score(in reply: String, _ company: Company) -> Double? {
    guard let score = value(of: "score", in: reply, company)?.number, (0...1).contains(score) else { return nil }
    return score
  }

  /// The index of the best answer, from 0, in a reply to ``JudgePrompt/choice(request:answers:)``; `nil` where it names
  /// none of them.
  package static func best(in reply: String, of count: Int) -> Int? {
    guard let number = value(of: "best", in: reply, .amongWords)?.number, let best = Int(exactly: number),
      best >= 1, best <= count
    else { return nil }
    return best - 1
  }

  /// The value of a key in the object of a reply.
  static func value(of key: String, in reply: String, _ company: Company) -> JSONNode? {
    guard let text = object(in: reply, company), let members = (try? JSONParser.parse(text))?.members else {
      return nil
    }
    if company == .alone, members.count > 1 { return nil }
    let values = members.filter { $0.key == key }
    return values.count == 1 ? values[0].value : nil
  }

  /// The bytes that must be the object.
  private static func object(in reply: String, _ company: Company) -> [UInt8]? {
    switch company {
    case .alone: return reply.utf8.count > maximumBytes ? nil : Array(unfenced(reply).utf8)
    case .amongWords:
      let bytes = Array(reply.utf8.prefix(maximumBytes))
      guard let open = bytes.firstIndex(of: UInt8(ascii: "{")), let close = bytes.lastIndex(of: UInt8(ascii: "}")),
        open < close
      else { return nil }
      return Array(bytes[open...close])
    }
  }

  private static func unfenced(_ reply: String) -> String {
    let text = reply.drop(while: \.isWhitespace)
    guard text.hasPrefix("```") else { return reply }
    var lines = text.split(whereSeparator: \.isNewline)
    guard lines.count >= 3, ["```", "```json"].contains(lines[0]) else { return reply }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    guard lines.last == "```" else { return reply }
    return lines.dropFirst().dropLast().joined(separator: "\n")
  }
}
