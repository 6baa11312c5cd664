import ChatProtocols
import GatewayCore
import Judging
import Ockham

/// One request that was drawn: what other tiers make of its copy, and how good the answers are.
struct ShadowRun: Sendable {
  let pick: ShadowPick
  let requestID: String
  /// The request, as the client sent it but whole and without tools that run at providers.
  let request: ChatRequest
  /// What the client got, and the model that gave it.
  let served: TierAnswer
  /// Tiers that rules forbid: nothing of the request goes to a judge there.
  let forbiddenTiers: TierSet

  /// An answer of a tier.
  struct TierAnswer: Sendable {
    let tier: String
    let model: String
    let answer: ChatResponse
    var costUSD: Double?
    var latencyMilliseconds: Double?
  }

  /// Bytes that are in memory for it.
  var bytes: Int { request.body.count + request.chatBody.count + AnswerExtent(served.answer).bytes }

  /// Asks and rates. What could not be had is named.
  func label(by engine: ShadowEngine) async -> ShadowLabel {
    var missing: ShadowMissing?
    var answers: [TierAnswer?] = []
    for asked in pick.asked {
      let result = await engine.ask(request, tier: asked.tier)
      switch result {
      case .success(let answer): answers.append(answer)
      case .failure(let reason):
        answers.append(nil)
        missing = missing ?? reason
      }
    }
    let known = answers.compactMap(\.self)
    guard !known.isEmpty else { return label(engine, answers, Ratings(), missing) }
    let ratings = await engine.rate([served] + known, of: self)
    return label(engine, answers, ratings, missing ?? ratings.missing)
  }

  /// A label without any rating.
  func unrated(_ engine: ShadowEngine, for reason: ShadowMissing) -> ShadowLabel {
    label(engine, pick.asked.map { _ in nil }, Ratings(), reason)
  }

  /// How good answers were found to be.
  struct Ratings: Sendable, Hashable {
    /// By tier, 0…1; absent where no check could decide.
    var qualities: [String: Double] = [:]
    /// What judging took.
    var costUSD: Double?
    var missing: ShadowMissing?
  }

  private func label(
    _ engine: ShadowEngine, _ answers: [TierAnswer?], _ ratings: Ratings, _ missing: ShadowMissing?
  ) -> ShadowLabel {
    var judgeUSD = ratings.costUSD
    let outcomes = zip(pick.asked, answers).map { asked, answer in
      let name = engine.tierNames[asked.tier]
      defer { if answer != nil { judgeUSD = nil } }
      return ShadowLabel.Outcome(
        name: name, quality: answer.flatMap { _ in ratings.qualities[name] }, costUSD: answer?.costUSD,
        outputTokens: answer?.answer.usage?.outputTokens, latencyMilliseconds: answer?.latencyMilliseconds,
        origin: asked.origin, inclusion: asked.inclusion, judgeUSD: answer == nil ? nil : judgeUSD,
        answer: answer.map { ShownText.answer(GivenAnswer(firstOf: $0.answer)) })
    }
    return ShadowLabel(
      requestID: requestID, outcomes: outcomes, servedQuality: ratings.qualities[served.tier],
      servedInclusion: pick.servedInclusion, labelRate: pick.rate, auditRate: engine.design.auditRate,
      missing: missing?.rawValue)
  }
}

/// Why a draw came to no rating. The raw value stands in the log and in metrics.
enum ShadowMissing: String, Error, Sendable, Hashable, CaseIterable {
  /// It is not over; for good where the process ended meanwhile.
  case pending
  /// Too much waited, or the provider's share of connections was taken.
  case capacity
  /// The day's dollars were spent.
  case budget
  /// The tier did not answer.
  case provider
  /// The judge did not answer, could not be read, or would have judged a model of its own family.
  case judge
  /// There is no judge, or none that may see the request.
  case unjudged
}
