package import Judging

/// How answers are told good from bad.
package enum LabelMethod: Sendable {
  /// Against the reference, or the frontier's answer where there is none.
  case text(TextMatch)
  /// By the JSON form that the request asks for.
  case jsonSchema
  /// By a program.
  case command(UnitTestCommand)
  /// By a judge; at most so many records at a time.
  case judge(PairJudge, JudgeForm = .pairsOrSingle(), concurrency: Int)
  /// By people.
  case ratings(RatingBook)

  /// Records in work at a time.
  var width: Int {
    if case .judge(_, _, let concurrency) = self { max(1, concurrency) } else { 1 }
  }
}

/// What a judge is shown of a record.
package enum JudgeForm: Sendable, Hashable {
  /// Each answer beside the frontier's; a record without such a pair is bad.
  case pairs
  /// Each answer by itself, by a rubric where there is one.
  case single(rubric: String?)
  /// Pairs where the frontier's answer is there, single answers elsewhere. A frontier's answer that stands alone is scored
  /// only where `scoresLoneFrontier` says so: in a log that has pairs as well, its score would be of another kind.
  case pairsOrSingle(scoresLoneFrontier: Bool = true)

  /// What is to be judged in a record.
  enum Task {
    case pairs
    case single(rubric: String?)
    case nothing
  }

  /// Whether pairs are taken where they can be made.
  var prefersPairs: Bool {
    if case .pairsOrSingle = self { true } else { false }
  }

  func task(for record: AnswerRecord, frontier: String) -> Task {
    switch self {
    case .pairs: return .pairs
    case .single(let rubric): return .single(rubric: rubric)
    case .pairsOrSingle(let scoresLoneFrontier):
      guard record.answer(of: frontier) != nil else { return .single(rubric: nil) }
      if record.answers.count > 1 { return .pairs }
      return scoresLoneFrontier ? .single(rubric: nil) : .nothing
    }
  }
}

/// Why an answer has no label although nothing was wrong with its record.
package enum MissingLabel: Sendable, Hashable, CaseIterable {
  /// The program was ended at its limit.
  case timedOut
  /// The answer only calls tools: there is no text to check.
  case onlyCallsTools
  /// The judge said nothing that could be read.
  case noVerdict
  /// The frontier's answer stands alone in a log of pairs.
  case loneFrontier
  /// No one rated it.
  case unrated
}
