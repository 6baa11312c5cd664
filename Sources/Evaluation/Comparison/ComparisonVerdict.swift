/// Which of two models is better, in one word and in sentences.
///
/// The word follows from APGR alone, which does not depend on anybody's thresholds: a model is better when the whole
/// interval of the difference is on its side. Quality and cost at the models' own thresholds are told beside it.
package struct ComparisonVerdict: Sendable, Equatable {
  /// What the log says.
  package enum Winner: String, Sendable {
    case first
    case second
    /// The interval of the difference reaches both sides, or there is none.
    case undecided
    /// No row is scored or routed differently.
    case alike
  }

  package let winner: Winner
  /// What it rests on.
  let differences: DifferenceIntervals
  let confidence: Double
  let questions: Int

  init(_ comparison: ModelComparison) {
    winner = comparison.areAlike ? .alike : Self.winner(comparison.differences.apgr)
    differences = comparison.differences
    confidence = comparison.parameters.confidence
    questions = comparison.questions
  }

  private static func winner(_ apgr: Interval?) -> Winner {
    switch apgr?.sign {
    case 1: .second
    case -1: .first
    default: .undecided
    }
  }
}

extension ModelComparison {
  /// Which model is better, or that the log does not decide it.
  package var verdict: ComparisonVerdict { ComparisonVerdict(self) }
}
