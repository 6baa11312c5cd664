import Synchronization

/// Calls that cost money: within a budget, made again after failures that may pass, with the pauses that the server asks for.
/// Safe to use from many tasks.
package final class PaidCalls: Sendable {
  /// A reply and what it cost.
  package struct Paid<Reply: Sendable>: Sendable {
    package var reply: Reply
    package var costUSD: Double
  }

  private struct State {
    var calls = 0
    /// Before this moment no call is made, where the policy lets one task's pause hold all.
    var opensAt: ContinuousClock.Instant?
  }

  package let budget: JudgeBudget
  private let retry: RetryPolicy
  private let book: @Sendable (Double) throws(JudgeError) -> Void
  private let state = Mutex(State())

  /// - Parameter book: keeps what calls without a reply may have cost, in US dollars.
  package init(
    budget: JudgeBudget, retry: RetryPolicy, book: @escaping @Sendable (Double) throws(JudgeError) -> Void
  ) {
    self.budget = budget
    self.retry = retry
    self.book = book
  }

  /// Calls that were made, failed ones included.
  package var calls: Int { state.withLock(\.calls) }

  /// A reply, after as many attempts as it takes.
  /// - Parameters:
  ///   - mostUSD: what one attempt can cost; it is set aside while the call is in flight.
  ///   - cost: what a reply did cost.
  /// - Throws: ``JudgeError`` for what no further call can mend.
  package func reply<Reply>(
    mostUSD: Double, cost: @Sendable (Reply) -> Double, _ call: @Sendable () async throws(JudgeFailure) -> Reply
  ) async throws(JudgeError) -> Paid<Reply> {
    let attempts = max(1, retry.attempts)
    for attempt in 1...attempts {
      try await waitForTurn()
      let failure: JudgeFailure
      switch try await one(mostUSD: mostUSD, cost: cost, call) {
      case .success(let reply): return reply
      case .failure(let problem): failure = problem
      }
      guard attempt < attempts else { throw .endpointFailed(reason: failure.reason, attempts: attempts) }
      try await sleep(seconds: pause(after: failure, attempt: attempt))
    }
    throw .cancelled
  }

  /// One call within the budget.
  private func one<Reply>(
    mostUSD: Double, cost: @Sendable (Reply) -> Double, _ call: @Sendable () async throws(JudgeFailure) -> Reply
  ) async throws(JudgeError) -> Result<Paid<Reply>, JudgeFailure> {
    try budget.reserve(mostUSD)
    let calls = state.withLock { state in
      state.calls += 1
      return state.calls
    }
    do throws(JudgeFailure) {
      let reply = try await call()
      let costUSD = cost(reply)
      budget.settle(reservedUSD: mostUSD, spentUSD: costUSD)
      return .success(Paid(reply: reply, costUSD: costUSD))
    } catch {
      try settle(error, reservedUSD: mostUSD, calls: calls)
      return .failure(error)
    }
  }

  /// Books a failed call. An answer that never came, or came broken, may have been worked out and billed.
  private func settle(_ failure: JudgeFailure, reservedUSD: Double, calls: Int) throws(JudgeError) {
    guard case .status(let status, _) = failure else {
      budget.settle(reservedUSD: reservedUSD, spentUSD: reservedUSD)
      return try book(reservedUSD)
    }
    budget.settle(reservedUSD: reservedUSD, spentUSD: 0)
    guard RetryPolicy.isPassing(status: status) else { throw .endpointRefused(status: status, calls: calls) }
  }

  private func pause(after failure: JudgeFailure, attempt: Int) -> Double {
    var asked: Double?
    if case .status(_, let seconds) = failure { asked = seconds }
    let pause = retry.pauseSeconds(attempt: attempt, retryAfterSeconds: asked)
    if retry.pausesHoldAll, asked != nil {
      let moment = ContinuousClock.now + .seconds(pause)
      state.withLock { $0.opensAt = max($0.opensAt ?? moment, moment) }
    }
    return pause
  }

  private func waitForTurn() async throws(JudgeError) {
    while let moment = state.withLock(\.opensAt), moment > .now {
      try await sleep(seconds: (moment - .now) / .seconds(1))
    }
  }

  private func sleep(seconds: Double) async throws(JudgeError) {
    do { try await Task.sleep(for: .seconds(max(0, seconds))) } catch { throw .cancelled }
  }
}

extension JudgeFailure {
  /// The failure as a noun phrase.
  fileprivate var reason: String {
    switch self {
    case .status(let status, _): "status \(status)"
    case .timeout: "no answer in time"
    case .connection: "no connection"
    case .malformed: "an answer that is no chat completion"
    }
  }
}
