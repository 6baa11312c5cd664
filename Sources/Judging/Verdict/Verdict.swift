/// What a judge says of two answers.
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// The first answer is better.
  case first = "A"
  /// The second answer is better.
  case second = "B"
  /// Neither is.
  case tie

  /// Reads a judge's reply to ``JudgePrompt/pair(request:reference:first:second:)``: a JSON object with the one key
  /// `verdict`, which is `A`, `B` or `tie`; a code fence around it is allowed, nothing else is.
  package init?(reply: String) {
    guard let word = ReplyReader.value(of: "verdict", in: reply, .alone)?.string, let verdict = Verdict(rawValue: word)
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
}

/// What a judge says of a pair: two verdicts with the positions swapped, or one where it was asked once.
package struct SwappedVerdicts: Sendable, Hashable {
  /// With the candidate first; where the judge was asked once with the candidate second, that verdict turned round.
  package var straight: Verdict
  /// With the candidate second, as the judge gave it; `nil` where it was asked once.
  package var swapped: Verdict?

  package init(straight: Verdict, swapped: Verdict?) {
    self.straight = straight
    self.swapped = swapped
  }

  /// Whether both mean the same; one alone agrees with itself.
  package var agree: Bool { swapped.map { straight == $0.swapped } ?? true }

  /// The candidate's quality: 1 or 0 where all verdicts agree on a winner, else 0.5.
  package var candidateQuality: Double {
    guard agree else { return 0.5 }
    switch straight {
    case .first: return 1
    case .second: return 0
    case .tie: return 0.5
    }
  }
}
