import Synchronization

/// A judge of pairs of answers, with a journal, a budget and patience. Safe to use from many tasks.
package final class PairJudge: Sendable {
  /// What judging has done so far.
  package struct Tally: Sendable, Hashable {
    /// Calls that reached the endpoint, failed ones included.
    package var calls = 0
    /// Verdicts taken from the journal.
    package var journalled = 0
    /// Pairs with two verdicts.
    package var pairs = 0
    /// Pairs whose verdicts agree.
    package var agreements = 0
    /// Pairs that are a tie because the answers are the same text.
    package var identical = 0
    /// Replies that were no verdict.
    package var malformed = 0
    /// Pairs given up because no verdict could be read.
    package var withoutVerdict = 0

    /// agreements / pairs; `nil` without pairs.
    package var agreement: Double? { pairs == 0 ? nil : Double(agreements) / Double(pairs) }
  }

  private struct PaidReply {
    var text: String
    var costUSD: Double
  }

  /// The most tokens a reply may have.
  package static let maximumReplyTokens = 64

  package let budget: JudgeBudget
  private let model: String
  private let transport: JudgeTransport
  private let journal: any JudgeJournal
  private let retry: RetryPolicy
  private let state = Mutex(Tally())

  /// A judge that counts what the journal has paid for against the cap.
  /// - Parameter model: who judges: verdicts of another model are not taken for this one's.
  package init(
    model: String, journal: any JudgeJournal, budget: JudgeBudget, retry: RetryPolicy = RetryPolicy(),
    transport: @escaping JudgeTransport
  ) {
    self.model = model
    self.transport = transport
    self.journal = journal
    self.budget = budget
    self.retry = retry
    budget.settle(reservedUSD: 0, spentUSD: journal.totalCostUSD)
  }

  /// What judging has done so far.
  package var tally: Tally { state.withLock { $0 } }

  /// Judges a candidate against another answer, twice with the positions swapped; `nil` where no verdict could be read.
  /// - Throws: ``JudgeError``.
  package func verdicts(
    request: String, reference: String?, candidate: String, other: String
  ) async throws(JudgeError) -> SwappedVerdicts? {
    if candidate.utf8.elementsEqual(other.utf8) {
      state.withLock { $0.identical += 1 }
      return SwappedVerdicts(straight: .tie, swapped: .tie)
    }
    let straight = JudgePrompt.pair(request: request, reference: reference, first: candidate, second: other)
    let swapped = JudgePrompt.pair(request: request, reference: reference, first: other, second: candidate)
    guard let one = try await verdict(straight), let two = try await verdict(swapped) else {
      state.withLock { $0.withoutVerdict += 1 }
      return nil
    }
    let both = SwappedVerdicts(straight: one, swapped: two)
    state.withLock { tally in
      tally.pairs += 1
      tally.agreements += both.agree ? 1 : 0
    }
    return both
  }

  /// Under what name the journal keeps a verdict of this judge.
  private func key(_ prompt: JudgePrompt) -> String { TextKey.of([model, prompt.key]) }

  /// Whether a verdict is paid for already.
  package func isKnown(_ prompt: JudgePrompt) -> Bool { journal.entry(for: key(prompt)) != nil }

  private func verdict(_ prompt: JudgePrompt) async throws(JudgeError) -> Verdict? {
    let key = key(prompt)
    if let entry = journal.entry(for: key) {
      state.withLock { $0.journalled += 1 }
      return entry.verdict
    }
    for attempt in 1...max(1, retry.verdictAttempts) {
      let reply = try await reply(prompt)
      let verdict = Verdict(reply: reply.text)
      if verdict == nil { state.withLock { $0.malformed += 1 } }
      if verdict != nil || attempt == max(1, retry.verdictAttempts) {
        try journal.add(JournalEntry(verdict: verdict, costUSD: reply.costUSD), for: key)
        return verdict
      }
      try journal.add(costUSD: reply.costUSD)
    }
    return nil
  }

  /// A reply and what it cost, after as many attempts as it takes.
  private func reply(_ prompt: JudgePrompt) async throws(JudgeError) -> PaidReply {
    let attempts = max(1, retry.attempts)
    for attempt in 1...attempts {
      let (reason, retryAfter): (String, Double?)
      switch try await call(prompt) {
      case .success(let reply): return reply
      case .failure(let failure): (reason, retryAfter) = Self.describe(failure)
      }
      guard attempt < attempts else { throw .endpointFailed(reason: reason, attempts: attempts) }
      let pause = retry.pauseSeconds(attempt: attempt, retryAfterSeconds: retryAfter)
      do { try await Task.sleep(for: .seconds(pause)) } catch { throw .cancelled }
    }
    throw .cancelled
  }

  /// One call within the budget.
  /// - Throws: ``JudgeError`` for what no further call can mend.
  private func call(_ prompt: JudgePrompt) async throws(JudgeError) -> Result<PaidReply, JudgeFailure> {
    let most = mostUSD(prompt)
    try budget.reserve(most)
    let calls = state.withLock { tally in
      tally.calls += 1
      return tally.calls
    }
    do throws(JudgeFailure) {
      let reply = try await transport(JudgeRequest(prompt, maximumReplyTokens: Self.maximumReplyTokens))
      let cost = cost(of: reply, prompt)
      budget.settle(reservedUSD: most, spentUSD: cost)
      return .success(PaidReply(text: reply.text, costUSD: cost))
    } catch {
      try settle(error, reservedUSD: most, calls: calls)
      return .failure(error)
    }
  }

  /// Books a failed call. An answer that never came, or came broken, may have been worked out and billed.
  private func settle(_ failure: JudgeFailure, reservedUSD: Double, calls: Int) throws(JudgeError) {
    guard case .status(let status, _) = failure else {
      budget.settle(reservedUSD: reservedUSD, spentUSD: reservedUSD)
      return try journal.add(costUSD: reservedUSD)
    }
    budget.settle(reservedUSD: reservedUSD, spentUSD: 0)
    guard RetryPolicy.isPassing(status: status) else { throw .endpointRefused(status: status, calls: calls) }
  }

  private static func describe(_ failure: JudgeFailure) -> (String, Double?) {
    switch failure {
    case .status(let status, let seconds): ("status \(status)", seconds)
    case .timeout: ("no answer in time", nil)
    case .connection: ("no connection", nil)
    case .malformed: ("an answer that is no chat completion", nil)
    }
  }

  private func cost(of reply: JudgeReply, _ prompt: JudgePrompt) -> Double {
    budget.costUSD(
      inputTokens: reply.inputTokens ?? prompt.estimatedInputTokens,
      outputTokens: reply.outputTokens ?? Self.maximumReplyTokens)
  }

  /// What a call is expected to cost at most.
  package func mostUSD(_ prompt: JudgePrompt) -> Double {
    budget.costUSD(inputTokens: prompt.estimatedInputTokens, outputTokens: Self.maximumReplyTokens)
  }
}
