package import Judging

/// How answers are told good from bad.
package enum LabelMethod: Sendable {
  /// Against the reference, or the frontier's answer where there is none.
  case text(TextMatch)
  /// By the JSON form that the request asks for.
  case jsonSchema
  /// By a program.
  case command(UnitTestCommand)
  /// By a judge that compares each answer with the frontier's; at most so many records at a time.
  case judge(PairJudge, concurrency: Int)

  /// Records in work at a time.
  var width: Int {
    if case .judge(_, let concurrency) = self { max(1, concurrency) } else { 1 }
  }
}
