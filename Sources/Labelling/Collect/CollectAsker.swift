import Judging
import Synchronization
import TextKit

/// Asks the targets of a run, each with patience of its own, all within one budget. Safe to use from many tasks.
final class CollectAsker: Sendable {
  /// The result of asking.
  enum Answer: Sendable {
    case outcome(JSONNode, isJournalled: Bool, isCut: Bool)
    case refused
    case failed
    case overCap
  }

  private struct State {
    var isSpent = false
    /// By target: answers so far, and calls in a row that gave none.
    var answered: [Int]
    var inVain: [Int]
  }

  /// So many requests in a row without an answer end the run: it is the endpoint then, not the request.
  private static let mostInVain = 5

  private let run: CollectRun
  private let calls: [PaidCalls]
  private let state: Mutex<State>

  init(_ run: CollectRun) {
    self.run = run
    let journal = run.journal
    calls = run.targets.map { _ in
      PaidCalls(budget: run.budget, retry: run.retry) { costUSD throws(JudgeError) in
        try journal.add(costUSD: costUSD)
      }
    }
    let zeros = run.targets.map { _ in 0 }
    state = Mutex(State(answered: zeros, inVain: zeros))
  }

  /// The answer of a target, from the journal or from its endpoint.
  /// - Throws: ``LabelError`` where asking on is of no use.
  func answer(_ question: ChatQuery, _ place: Int) async throws(LabelError) -> Answer {
    let target = run.targets[place]
    let limit = question.maximumTokens ?? run.maximumTokens
    let body = question.body(for: target, maximumTokens: limit)
    let key = TextKey.of([target.tier, String(decoding: body, as: UTF8.self)])
    do throws(JudgeError) {
      switch try run.journal.entry(for: key) {
      case .outcome(let outcome):
        return .outcome(outcome, isJournalled: true, isCut: question.maximumTokens == nil && Self.isCut(outcome))
      case .refused: return .refused
      case nil: break
      }
      if state.withLock(\.isSpent) { return .overCap }
      let paid = try await ask(target, calls: calls[place], question: question, body: body, limit: limit)
      try run.journal.add(paid.reply.outcome, costUSD: paid.costUSD, for: key)
      state.withLock { state in
        state.answered[place] += 1
        state.inVain[place] = 0
      }
      return .outcome(
        paid.reply.outcome, isJournalled: false, isCut: question.maximumTokens == nil && paid.reply.isCut)
    } catch { return try withoutAnswer(error, place, key) }
  }

  private func ask(
    _ target: CollectTarget, calls: PaidCalls, question: ChatQuery, body: [UInt8], limit: Int
  ) async throws(JudgeError) -> PaidCalls.Paid<CollectedAnswer> {
    let most = target.price.costUSD(inputTokens: question.mostInputTokens, outputTokens: limit)
    return try await calls.reply(mostUSD: most, cost: { (answer: CollectedAnswer) in answer.costUSD ?? most }) {
      () async throws(JudgeFailure) -> CollectedAnswer in
      let start = ContinuousClock.now
      let root = try await target.endpoint.post(body)
      let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
      guard let answer = CollectedAnswer(root, price: target.price, milliseconds: milliseconds) else {
        throw .malformed
      }
      return answer
    }
  }

  /// Decides whether a request goes without an answer or the run ends.
  private func withoutAnswer(_ error: JudgeError, _ place: Int, _ key: String) throws(LabelError) -> Answer {
    switch error {
    case .budgetSpent:
      state.withLock { $0.isSpent = true }
      return .overCap
    case .endpointRefused(let status, _) where [400, 413, 422].contains(status):
      try note(error, place)
      do throws(JudgeError) { try run.journal.add(refused: status, for: key) } catch { throw LabelError(error) }
      return .refused
    case .endpointFailed:
      try note(error, place)
      return .failed
    case .endpointRefused: throw .target(tier: run.targets[place].tier, error)
    case .journal, .cancelled: throw LabelError(error)
    }
  }

  /// Counts a request in vain.
  private func note(_ error: JudgeError, _ place: Int) throws(LabelError) {
    let inVain = state.withLock { state in
      state.inVain[place] += 1
      return state.inVain[place]
    }
    if inVain >= Self.mostInVain { throw .target(tier: run.targets[place].tier, error) }
  }

  private static func isCut(_ outcome: JSONNode) -> Bool {
    GivenAnswer.ending(outcome["answer"]?["finish_reason"]?.string) == .cutOff
  }
}
