import RequestLog
import TextKit

extension AnswerRecord {
  /// The line with qualities filled in; every other byte stays as it was.
  ///
  /// A `quality` that is there is replaced in its place; otherwise `"quality":…` becomes the first member of the
  /// outcome.
  /// - Parameters:
  ///   - qualities: by model or tier, 0…1.
  ///   - unknown: models and tiers whose quality, where the line has one, becomes null.
  func line(with qualities: [String: Double], unknown: some Collection<String> = []) -> [UInt8] {
    var edits: [(range: Range<Int>, text: String)] = []
    for answer in answers {
      if let quality = qualities[answer.name] {
        edits.append(Self.edit(answer.outcome, "quality", Self.text(quality)))
      } else if unknown.contains(answer.name), let present = answer.outcome["quality"] {
        edits.append((present.range, "null"))
      }
    }
    return line(edits)
  }

  /// The line with ratings by people beside the qualities; every other byte stays as it was.
  func line(withGold ratings: [String: GoldRating]) -> [UInt8] {
    line(answers.compactMap { answer in ratings[answer.name].map { Self.edit(answer.outcome, "gold", $0.json) } })
  }

  /// The line with pieces replaced; they do not overlap.
  func line(_ edits: [(range: Range<Int>, text: String)]) -> [UInt8] {
    var line = bytes
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      line.replaceSubrange(edit.range, with: Array(edit.text.utf8))
    }
    return line
  }

  /// Replaces a member, or puts it first.
  private static func edit(_ outcome: JSONNode, _ key: String, _ value: String) -> (range: Range<Int>, text: String) {
    if let present = outcome[key] { return (present.range, value) }
    let start = outcome.range.lowerBound + 1
    let comma = outcome.members?.isEmpty == false ? "," : ""
    return (start..<start, "\"\(key)\":\(value)\(comma)")
  }

  /// The shortest decimal; integers without a fraction.
  private static func text(_ quality: Double) -> String {
    quality == quality.rounded() ? String(Int(quality)) : quality.description
  }
}
