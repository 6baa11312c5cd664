import Synchronization

/// A judge of answers, in pairs or one by one, with a journal, a budget and patience. It is shown texts and no names. Safe to
/// use from many tasks.
package final class PairJudge: Sendable {
  /// The most tokens a reply may have.
  package static let maximumReplyTokens = 64

  /// Who judges.
  package let model: String
  package var budget: JudgeBudget { calls.budget }
  private let bothOrdersShare: Double
  private let transport: JudgeTransport
  private let journal: any JudgeJournal
  private let calls: PaidCalls
  private let verdictAttempts: Int
  private let state = Mutex(Counts())

  /// A judge that counts what the journal has paid for against the cap.
  /// - Parameters:
  ///   - model: who judges: verdicts of another model are not taken for this one's.
  ///   - bothOrdersShare: the share of pairs, 0…1, that are judged in both orders; of the others, half are shown with the
  ///     candidate first. Which ones follows from the texts.
  package init(
    model: String, journal: any JudgeJournal, budget: JudgeBudget, retry: RetryPolicy = RetryPolicy(),
    bothOrdersShare: Double = 1, transport: @escaping JudgeTransport
  ) {
    self.model = model
    self.transport = transport
    self.journal = journal
    self.bothOrdersShare = bothOrdersShare
    verdictAttempts = max(1, retry.verdictAttempts)
    calls = PaidCalls(budget: budget, retry: retry) { costUSD throws(JudgeError) in try journal.add(costUSD: costUSD) }
    budget.settle(reservedUSD: 0, spentUSD: journal.totalCostUSD)
  }

  /// What judging has done so far.
  package var counts: Counts {
    var counts = state.withLock { $0 }
    counts.calls = calls.calls
    return counts
  }

  /// The prompts that a pair is judged by: with the candidate first, with the candidate second; at least one is there.
  package func prompts(
    request: String, reference: String?, candidate: String, other: String
  ) -> (straight: JudgePrompt?, swapped: JudgePrompt?) {
    let straight = JudgePrompt.pair(request: request, reference: reference, first: candidate, second: other)
    let swapped = JudgePrompt.pair(request: request, reference: reference, first: other, second: candidate)
    if TextKey.share(of: "orders " + straight.key) < bothOrdersShare { return (straight, swapped) }
    return TextKey.share(of: "first " + straight.key) < 0.5 ? (straight, nil) : (nil, swapped)
  }

  /// Judges a candidate against another answer; `nil` where no verdict could be read.
  /// - Throws: ``JudgeError``.
  package func verdicts(
    request: String, reference: String?, candidate: String, other: String
  ) async throws(JudgeError) -> SwappedVerdicts? {
    if candidate.utf8.elementsEqual(other.utf8) {
      state.withLock { $0.identical += 1 }
      return SwappedVerdicts(straight: .tie, swapped: .tie)
    }
    let prompts = prompts(request: request, reference: reference, candidate: candidate, other: other)
    var (one, two): (Verdict?, Verdict?)
    if let prompt = prompts.straight { one = try await verdict(prompt) }
    if let prompt = prompts.swapped, one != nil || prompts.straight == nil { two = try await verdict(prompt) }
    guard (one != nil) == (prompts.straight != nil), (two != nil) == (prompts.swapped != nil) else {
      state.withLock { $0.withoutVerdict += 1 }
      return nil
    }
    guard
      let result = one.map({ SwappedVerdicts(straight: $0, swapped: two) })
        ?? two.map({ SwappedVerdicts(straight: $0.swapped, swapped: nil) })
    else { return nil }
    state.withLock { $0.add(result, lengths: (candidate.utf8.count, other.utf8.count)) }
    return result
  }

  /// What an answer is worth by itself, from 0 to 1; `nil` where no score could be read.
  /// - Parameter rubric: what makes an answer good, in the operator's words.
  /// - Throws: ``JudgeError``.
  package func score(
    request: String, reference: String?, rubric: String?, answer: String
  ) async throws(JudgeError) -> Double? {
    let prompt = JudgePrompt.score(request: request, answer: answer, reference: reference, rubric: rubric)
    let score = try await entry(prompt) { reply in
      ReplyReader.score(in: reply, .alone).map { JournalEntry(score: $0, costUSD: 0) }
    }.score
    state.withLock { counts in
      if let score { counts.add(score: score, length: answer.utf8.count) } else { counts.withoutVerdict += 1 }
    }
    return score
  }

  private func verdict(_ prompt: JudgePrompt) async throws(JudgeError) -> Verdict? {
    let verdict = try await entry(prompt) { reply in
      Verdict(reply: reply).map { JournalEntry(verdict: $0, costUSD: 0) }
    }.verdict
    state.withLock { counts in
      counts.firstWins += verdict == .first ? 1 : 0
      counts.secondWins += verdict == .second ? 1 : 0
    }
    return verdict
  }

  /// Under what name the journal keeps what this judge says.
  private func key(_ prompt: JudgePrompt) -> String { TextKey.of([model, prompt.key]) }

  /// Whether an answer is paid for already.
  package func isKnown(_ prompt: JudgePrompt) -> Bool { journal.entry(for: key(prompt)) != nil }

  /// What the journal has, or what the judge says; an entry without verdict and score where nothing can be read.
  private func entry(
    _ prompt: JudgePrompt, _ read: @Sendable (String) -> JournalEntry?
  ) async throws(JudgeError) -> JournalEntry {
    let key = key(prompt)
    if let entry = journal.entry(for: key) {
      state.withLock { $0.journalled += 1 }
      return entry
    }
    for attempt in 1...verdictAttempts {
      let paid = try await reply(prompt)
      let found = read(paid.reply.text)
      if found == nil { state.withLock { $0.malformed += 1 } }
      if found == nil, attempt < verdictAttempts {
        try journal.add(costUSD: paid.costUSD)
        continue
      }
      var entry = found ?? JournalEntry(costUSD: 0)
      entry.costUSD = paid.costUSD
      try journal.add(entry, for: key)
      return entry
    }
    return JournalEntry(costUSD: 0)
  }

  private func reply(_ prompt: JudgePrompt) async throws(JudgeError) -> PaidCalls.Paid<JudgeReply> {
    let (transport, budget) = (transport, budget)
    return try await calls.reply(
      mostUSD: mostUSD(prompt),
      cost: { (reply: JudgeReply) in
        budget.costUSD(
          inputTokens: reply.inputTokens ?? prompt.estimatedInputTokens,
          outputTokens: reply.outputTokens ?? Self.maximumReplyTokens)
      },
      { () async throws(JudgeFailure) -> JudgeReply in
        try await transport(JudgeRequest(prompt, maximumReplyTokens: Self.maximumReplyTokens))
      })
  }

  /// What a call is expected to cost at most.
  package func mostUSD(_ prompt: JudgePrompt) -> Double {
    budget.costUSD(inputTokens: prompt.estimatedInputTokens, outputTokens: Self.maximumReplyTokens)
  }
}
