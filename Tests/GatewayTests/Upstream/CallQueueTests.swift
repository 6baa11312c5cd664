import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// More calls of one provider than it has connections.
struct CallQueueTests {
  @Test(.timeLimit(.minutes(20))) func waitingIsNoFailure() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [.pause(seconds: 0.05), FaultUpstream.completion("yes")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.maximumConnections = 4
    configuration.providers["p0"]?.timeouts.connect = 3600
    configuration.providers["p0"]?.timeouts.queue = 3600
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<60 { group.addTask { try await gateway.chat("question \(number)").status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 60))
    #expect(gateway.live.shared.metrics.queueTime["t0"].cumulativeCounts.last ?? 0 > 0)
    let text = try await gateway.send("/metrics", method: "GET").text
    #expect(text.contains("ockham_gateway_provider_calls_queued{provider=\"p0\"} 0"))
    #expect(text.contains("ockham_gateway_breaker_state{target=\"t0\"} 0"))
  }

  /// A wait that is too long is the gateway's own failure: 503, the next target, and nothing against the provider.
  @Test(.timeLimit(.minutes(20))) func tooLongAWaitGoesOn() async throws {
    let slow = try await FaultUpstream.start { _, _ in [.awaitClose] }
    var configuration = GatewayConfiguration.testing(slow.baseURL)
    configuration.providers["p0"]?.maximumConnections = 1
    configuration.providers["p0"]?.timeouts.queue = 0.2
    configuration.breaker.minimumRequests = 1
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let first = Task { try await gateway.chat("first") }
    while slow.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let second = try await gateway.chat("second")
    #expect(second.status == 503 && second.text.contains("saturated"), "\(second.text)")
    #expect(gateway.live.runtime.targets["t0"]?.breaker.state(at: 0) == .closed)
    first.cancel()
  }

  /// A client that leaves while it waits gives its seat back.
  @Test(.timeLimit(.minutes(20))) func leavingEndsTheWait() async throws {
    var provider = ProviderConfiguration(name: "p", kind: .openai, baseURL: "http://127.0.0.1:1")
    provider.maximumConnections = 1
    let queue = CallQueue(provider)
    let presence = ConnectionMonitor()
    let turn = try await queue.turn(for: Party(1), presence: ConnectionMonitor(), deadlines: CallTokenTable(), .system)
    let waiting = Task { try await queue.turn(for: Party(2), presence: presence, deadlines: CallTokenTable(), .system) }
    while queue.counts.waiting == 0 { await Task.yield() }
    presence.leave()
    #expect(try await waiting.value == nil)
    turn?.end()
    #expect(queue.counts == (0, 0))
  }
}
