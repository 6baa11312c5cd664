import ChatProtocols
import GatewayCore
import Judging

/// Rates answers: first by what shows without a judge and costs nothing, then by the judge.
struct ShadowJudge: Sendable {
  let method: ShadowMethod
  let rubric: String?
  /// The tier whose answer is the reference answer of pairs.
  let baseline: String
  /// The one who judges, and its target; `nil` without a judge.
  let judge: (judge: PairJudge, target: UpstreamTarget)?

  typealias Answer = ShadowRun.TierAnswer

  /// How good answers to a request are, by tier.
  /// - Parameter isShown: whether the judge may see the request.
  func rate(_ answers: [Answer], to request: ChatRequest, isShown: Bool) async -> ShadowRun.Ratings {
    var ratings = ShadowRun.Ratings()
    let check = AnswerCheck(for: request, CascadeConfiguration())
    var left: [Answer] = []
    for answer in answers {
      if check.failure(of: answer.answer) == nil { left.append(answer) } else { ratings.qualities[answer.tier] = 0 }
    }
    if let agreed = Self.agreement(of: left) { for answer in left { ratings.qualities[answer.tier] = agreed } }
    left.removeAll { ratings.qualities[$0.tier] != nil }
    guard !left.isEmpty else { return ratings }
    guard let judge, isShown else {
      ratings.missing = .unjudged
      return ratings
    }
    // A judge favours its own family, and may know its own words.
    guard !answers.contains(where: { ModelFamily.areRelated($0.model, judge.target.configuration.model) }) else {
      ratings.missing = .judge
      return ratings
    }
    do throws(JudgeError) {
      switch method {
      case .score: try await score(left, to: request, by: judge.judge, &ratings)
      case .pairwise: try await compare(left, to: request, by: judge.judge, &ratings)
      }
    } catch { ratings.missing = .judge }
    return ratings
  }

  /// What one question about each answer is expected to cost, in USD; 0 where no judge is asked, or its price is unknown.
  func expectedUSD(_ answers: [Answer], to request: ChatRequest) -> Double {
    guard let judge else { return 0 }
    return answers.reduce(0) { $0 + judge.judge.mostUSD(.score(of: $1.answer, to: request)) }
  }

  /// Questions for each answer at most: both orders, each once more where the reply cannot be read.
  static let questions = 4.0

  /// 1 where several answers call the same tools with the same arguments: nothing is left to judge.
  private static func agreement(of answers: [Answer]) -> Double? {
    let given = answers.map { GivenAnswer(firstOf: $0.answer) }
    guard answers.count > 1, let first = given.first, !first.calls.isEmpty else { return nil }
    return given.dropFirst().allSatisfy { first.callsAgree(with: $0) } ? 1 : nil
  }

  private func score(
    _ answers: [Answer], to request: ChatRequest, by judge: PairJudge, _ ratings: inout ShadowRun.Ratings
  ) async throws(JudgeError) {
    for answer in answers {
      let score = try await judge.score(
        request: JudgePrompt.shown(request), reference: nil, rubric: rubric, answer: JudgePrompt.shown(answer.answer))
      ratings.qualities[answer.tier] = score
      if score == nil { ratings.missing = .judge }
    }
  }

  /// Each answer beside the baseline's, which gets what its opponents leave it; without the baseline, beside the first.
  private func compare(
    _ answers: [Answer], to request: ChatRequest, by judge: PairJudge, _ ratings: inout ShadowRun.Ratings
  ) async throws(JudgeError) {
    guard let referenceAnswer = answers.first(where: { $0.tier == baseline }) ?? answers.first else { return }
    // Beside answers that failed a check, one that passed has won.
    guard answers.count > 1 else {
      ratings.qualities[referenceAnswer.tier] = 1
      return
    }
    var others: [Double] = []
    for answer in answers where answer.tier != referenceAnswer.tier {
      let verdicts = try await judge.verdicts(
        request: JudgePrompt.shown(request), reference: nil, candidate: JudgePrompt.shown(answer.answer),
        other: JudgePrompt.shown(referenceAnswer.answer))
      ratings.qualities[answer.tier] = verdicts?.candidateQuality
      if let verdicts { others.append(verdicts.candidateQuality) } else { ratings.missing = .judge }
    }
    if !others.isEmpty {
      ratings.qualities[referenceAnswer.tier] = others.reduce(0) { $0 + 1 - $1 } / Double(others.count)
    }
  }
}
