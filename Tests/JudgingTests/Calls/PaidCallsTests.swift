import Synchronization
import Testing

@testable import Judging

/// What failed calls cost, how often they are made again, and what is left of the budget.
struct PaidCallsTests {
  /// What one attempt may cost, and what a reply did cost.
  private static let (mostUSD, costUSD) = (4.0, 1.0)

  private struct Result {
    var error: JudgeError?
    var calls: Int
    var spentUSD: Double
    var bookedUSD: Double
  }

  /// An endpoint that fails in some ways and then answers, and the books of what that may have cost.
  private final class Script: Sendable {
    private let state: Mutex<(failures: [JudgeFailure], bookedUSD: Double)>

    init(_ failures: [JudgeFailure]) { state = Mutex((failures, 0)) }

    var bookedUSD: Double { state.withLock(\.bookedUSD) }

    func book(_ usd: Double) { state.withLock { $0.bookedUSD += usd } }

    func answer() async throws(JudgeFailure) -> String {
      let failure: JudgeFailure? = state.withLock { $0.failures.isEmpty ? nil : $0.failures.removeFirst() }
      if let failure { throw failure }
      return "reply"
    }
  }

  private static func ask(failures: [JudgeFailure], attempts: Int = 3, capUSD: Double = 100) async throws -> Result {
    var retry = RetryPolicy()
    (retry.attempts, retry.firstPauseSeconds) = (attempts, 0)
    let script = Script(failures)
    let budget = JudgeBudget(capUSD: capUSD) { _, _ in mostUSD }
    let calls = PaidCalls(budget: budget, retry: retry) { usd throws(JudgeError) in script.book(usd) }
    var ended: JudgeError?
    do throws(JudgeError) {
      let paid = try await calls.reply(mostUSD: mostUSD, cost: { (_: String) in costUSD }, script.answer)
      #expect(paid.reply == "reply" && paid.costUSD == costUSD)
    } catch { ended = error }
    // Whatever came of it, nothing stays set aside: all that was not spent can be spent.
    try budget.reserve(capUSD - budget.spentUSD)
    return Result(error: ended, calls: calls.calls, spentUSD: budget.spentUSD, bookedUSD: script.bookedUSD)
  }

  /// An answer that never came may have been worked out and billed; one that was refused was not.
  @Test(
    arguments: [
      ([], nil, 1, 1, 0), ([.status(503, retryAfterSeconds: nil)], nil, 2, 1, 0),
      ([.status(429, retryAfterSeconds: 0), .status(500, retryAfterSeconds: -5)], nil, 3, 1, 0),
      ([.timeout], nil, 2, 5, 4), ([.connection, .malformed], nil, 3, 9, 8),
      ([.timeout, .timeout, .connection], .endpointFailed(reason: "no connection", attempts: 3), 3, 12, 12),
      (
        [.malformed, .timeout, .status(502, retryAfterSeconds: nil)],
        .endpointFailed(reason: "status 502", attempts: 3), 3, 8, 8
      ),
      ([.timeout, .status(403, retryAfterSeconds: 60)], .endpointRefused(status: 403, calls: 2), 2, 4, 4),
    ] as [([JudgeFailure], JudgeError?, Int, Double, Double)])
  func failuresAreBooked(
    failures: [JudgeFailure], error: JudgeError?, calls: Int, spentUSD: Double, bookedUSD: Double
  ) async throws {
    let result = try await Self.ask(failures: failures)
    #expect(result.error == error && result.calls == calls)
    #expect(result.spentUSD == spentUSD && result.bookedUSD == bookedUSD)
  }

  /// Of all statuses of errors those are asked again that may pass.
  @Test func whatCannotPassIsNotAskedAgain() async throws {
    for status in 300..<600 {
      let result = try await Self.ask(failures: [.status(status, retryAfterSeconds: nil)])
      let mayPass = [408, 425, 429].contains(status) || status >= 500
      #expect(result.calls == (mayPass ? 2 : 1), "\(status)")
      #expect(result.error == (mayPass ? nil : .endpointRefused(status: status, calls: 1)), "\(status)")
    }
  }

  /// What a failed call may have cost is gone: a second attempt that the rest does not cover is not made.
  @Test func theCapHoldsForAttemptsToo() async throws {
    let result = try await Self.ask(failures: [.timeout], capUSD: 7)
    #expect(result.error == .budgetSpent(capUSD: 7, spentUSD: 4) && result.calls == 1)
    let none = try await Self.ask(failures: [], capUSD: 3.5)
    #expect(none.error == .budgetSpent(capUSD: 3.5, spentUSD: 0) && none.calls == 0)
  }

  @Test(arguments: [-3, 0, 1]) func oneAttemptIsAlwaysMade(attempts: Int) async throws {
    #expect(try await Self.ask(failures: [], attempts: attempts).error == nil)
    let failed = try await Self.ask(failures: [.timeout], attempts: attempts)
    #expect(failed.error == .endpointFailed(reason: "no answer in time", attempts: 1) && failed.calls == 1)
  }
}
