import TextKit

/// What a judge says of two answers.
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// The first answer is better.
  case first = "A"
  /// The second answer is better.
  case second = "B"
  /// Neither is.
  case tie

  /// Reads a judge's reply: a JSON object with the one key `verdict`, which is `A`, `B` or `tie`; a code fence around
  /// it is allowed, nothing else is.
  package init?(reply: String) {
    guard let node = try? JSONParser.parse(Array(Self.unfenced(reply).utf8)) else { return nil }
    guard let members = node.members, members.count == 1, members[0].key == "verdict",
      let word = members[0].value.string, let verdict = Verdict(rawValue: word)
    else { return nil }
    self = verdict
  }

  /// The same verdict with the answers the other way round.
  package var swapped: Verdict {
    switch self {
    case .first: .second
    case .second: .first
    case .tie: .tie
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

/// Two verdicts about the same pair, the second with the positions swapped.
package struct SwappedVerdicts: Sendable, Hashable {
  /// With the candidate first.
  package var straight: Verdict
  /// With the candidate second, as the judge gave it.
  package var swapped: Verdict

  package init(straight: Verdict, swapped: Verdict) {
    self.straight = straight
    self.swapped = swapped
  }

  /// Whether both mean the same.
  package var agree: Bool { straight == swapped.swapped }

  /// The candidate's quality: 1 or 0 where both verdicts agree on a winner, else 0.5.
  package var candidateQuality: Double {
    guard agree else { return 0.5 }
    switch straight {
    case .first: return 1
    case .second: return 0
    case .tie: return 0.5
    }
  }
}
