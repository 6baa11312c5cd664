import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What SIGTERM does to requests that are worked on, that wait, and that come after it.
struct ShutdownTests {
  @Test(.timeLimit(.minutes(20))) func whoWaitsIsSentAwayAtOnce() async throws {
    let gate = Gate()
    let upstream = try await FaultUpstream.start { _, _ in [.await(gate), FaultUpstream.completion("yes")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    (configuration.limits.concurrentRequests, configuration.limits.queuedRequests) = (1, 3)
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let admission = gateway.live.shared.admission
    let running = Task { try await gateway.chat() }
    while admission.counts.running < 1 { try await Task.sleep(for: .milliseconds(5)) }
    let waiting = (0..<3).map { _ in Task { try await gateway.chat() } }
    while admission.counts.waiting < 3 { try await Task.sleep(for: .milliseconds(5)) }
    await gateway.drain()
    for request in waiting {
      let seen = try await request.value
      #expect(seen.status == 503 && seen.code == "shutting_down", "\(seen.text)")
      #expect(seen.headers["retry-after"] == "1")
    }
    #expect(admission.counts == (1, 0), "who waited was answered before who is worked on")
    await #expect(throws: GatewayError.self) { try await admission.acquire(Party(0), presence: ConnectionMonitor()) }
    gate.open()
    #expect(try await running.value.status == 200)
    await gateway.end()
  }

  /// A call upstream that is in progress when the drain limit is reached is cancelled.
  @Test(.timeLimit(.minutes(20))) func theDrainLimitEndsWhatIsUnderWay() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [.awaitClose] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.limits.drainSeconds = 0.2
    let gateway = try await TestGateway.start(configuration)
    let running = Task { try await gateway.chat() }
    while upstream.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let start = ContinuousClock.now
    await gateway.drain()
    await gateway.end()
    // The upstream never ends by itself; a busy machine may need minutes to give this test a thread.
    #expect(ContinuousClock.now - start < .seconds(600))
    _ = await running.result
    while upstream.abandonedCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
  }
}
