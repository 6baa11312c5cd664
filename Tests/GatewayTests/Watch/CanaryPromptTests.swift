import Foundation
import Synchronization
import Testing

@testable import Gateway
@testable import GatewayCore

/// Fixed prompts over HTTP: a provider that changes what it answers is told of, one that does not answer is not.
@Suite(.timeLimit(.minutes(20))) struct CanaryPromptTests {
  private static var canary: CanaryPromptConfiguration {
    var canary = CanaryPromptConfiguration()
    canary.prompts = [
      .init(text: "What is 17 × 23?", expectation: .contains("391")),
      .init(text: "Say yes.", expectation: .exact("yes")),
    ]
    canary.everySeconds = 60
    canary.referenceRounds = 5
    return canary
  }

  @Test func aSilentChangeIsToldOnceInAndOnceOut() async throws {
    let state = Mutex("good")
    let upstream = try await FaultUpstream.start { _, received in
      let isFirst = String(decoding: received.body, as: UTF8.self).contains("17")
      switch state.withLock({ $0 }) {
      case "good": return [FaultUpstream.completion(isFirst ? "It is 391." : " Yes\\n")]
      case "down": return [FaultUpstream.answer("{}", status: "500 X")]
      default: return [FaultUpstream.completion("As a language model I cannot say.")]
      }
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.canaryPrompts = Self.canary
    configuration.retries.attemptsPerTarget = 1
    configuration.breaker.minimumRequests = 1_000_000
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let (runtime, services) = (gateway.live.runtime, gateway.live.shared)
    var rounds = CanaryRounds(services)
    rounds.follow(Self.canary, runtime)
    for _ in 0..<8 { await rounds.ask(Self.canary, runtime) }
    #expect(services.alerts.raised.isEmpty)
    #expect(services.metrics.canaryPrompts["t0", "good"].value == 16)

    state.withLock { $0 = "down" }
    for _ in 0..<20 { await rounds.ask(Self.canary, runtime) }
    #expect(services.alerts.raised.isEmpty && services.metrics.canaryPrompts["t0", "failed"].value == 40)

    state.withLock { $0 = "worse" }
    for _ in 0..<30 { await rounds.ask(Self.canary, runtime) }
    let alert = try #require(services.alerts.raised.first?.alert)
    #expect(alert.name == "canary prompts t0" && alert.cause.contains("target t0"))

    state.withLock { $0 = "good" }
    for _ in 0..<40 { await rounds.ask(Self.canary, runtime) }
    #expect(services.alerts.raised.isEmpty)
    #expect(services.metrics.alerts["canary prompts t0", "raised"].value == 1)
    await upstream.stop()
  }

  @Test func whatWasAnsweredOutlivesTheProcess() async throws {
    let folder = try TelemetryFolder()
    let store = SQLiteWatch(try SQLiteFile(path: folder.database, lockSeconds: 1))
    let answers = (0..<3).map { CanaryAnswer(time: Double($0), target: "t", prompt: "p", isGood: $0 > 0, costUSD: nil) }
    try store.write(answers, deletingBefore: 1)
    #expect(try store.canaryAnswers() == Array(answers.dropFirst()))
    store.close()
  }

  @Test func answersAreGradedByTheirText() {
    let exact = CanaryPromptConfiguration.Prompt(text: "q", expectation: .exact("Paris"))
    #expect(exact.accepts(" paris\n") && !exact.accepts("Paris."))
    let part = CanaryPromptConfiguration.Prompt(text: "q", expectation: .contains("391"))
    #expect(part.accepts("17 × 23 = 391") && !part.accepts("392"))
  }
}
