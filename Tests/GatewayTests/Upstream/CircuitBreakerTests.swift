import Testing

@testable import Gateway
@testable import GatewayCore

/// Closed, open, half open: every way from one to the other.
struct CircuitBreakerTests {
  private static func breaker(minimum: Int = 4, rate: Double = 0.5) -> CircuitBreaker {
    var configuration = BreakerConfiguration()
    configuration.minimumRequests = minimum
    configuration.failureRate = rate
    configuration.windowSeconds = 60
    configuration.cooldownSeconds = 30
    return CircuitBreaker(configuration)
  }

  @Test func opensAtTheRateAndNotBefore() {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.fail(at: 100) }
    #expect(breaker.permit(at: 100) == .pass)
    breaker.fail(at: 100)
    #expect(breaker.permit(at: 100) == .refused)
    #expect(breaker.state(at: 100) == .open)
  }

  @Test func staysClosedBelowTheRate() {
    let breaker = Self.breaker()
    for _ in 0..<6 { breaker.succeed(at: 100) }
    for _ in 0..<5 { breaker.fail(at: 100) }
    #expect(breaker.state(at: 100) == .closed)
    breaker.fail(at: 100)
    #expect(breaker.state(at: 100) == .open)
  }

  @Test func forgetsWhatLeftTheWindow() {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.fail(at: 100) }
    breaker.fail(at: 165)
    #expect(breaker.state(at: 165) == .closed)
  }

  @Test func letsOneProbeThrough() {
    let breaker = Self.breaker(minimum: 1)
    breaker.fail(at: 100)
    #expect(breaker.permit(at: 129.9) == .refused)
    #expect(breaker.state(at: 130) == .halfOpen)
    #expect(breaker.permit(at: 130) == .probe)
    #expect(breaker.permit(at: 130) == .refused)
    breaker.succeed(at: 131)
    #expect(breaker.permit(at: 131) == .pass)
    #expect(breaker.state(at: 131) == .closed)
  }

  @Test func opensAgainWhenTheProbeFails() {
    let breaker = Self.breaker(minimum: 1)
    breaker.fail(at: 100)
    #expect(breaker.permit(at: 130) == .probe)
    breaker.fail(at: 131)
    #expect(breaker.permit(at: 160.9) == .refused)
    #expect(breaker.permit(at: 161) == .probe)
  }

  @Test func aProbeGivenBackIsFree() {
    let breaker = Self.breaker(minimum: 1)
    breaker.fail(at: 100)
    #expect(breaker.permit(at: 130) == .probe)
    breaker.release()
    #expect(breaker.permit(at: 130) == .probe)
  }

  @Test func coolsDownAsAsked() {
    let breaker = Self.breaker()
    breaker.coolDown(until: 120)
    #expect(breaker.permit(at: 119) == .refused)
    #expect(breaker.permit(at: 120) == .probe)
  }

  @Test func opensForOneWhereOnlyOneFails() {
    let breaker = Self.breaker()
    for _ in 0..<4 { breaker.fail(at: 100, origin: 1) }
    #expect(breaker.permit(at: 100, origin: 1) == .refused)
    #expect(breaker.permit(at: 100, origin: 2) == .pass)
    // Its answers do not close it for the one whose requests fail.
    breaker.succeed(at: 101, origin: 2)
    #expect(breaker.permit(at: 101, origin: 1) == .refused)
  }

  @Test func opensForAllWhereSeveralFail() {
    let breaker = Self.breaker()
    for origin in [1, 1, 1, 2] as [UInt64] { breaker.fail(at: 100, origin: origin) }
    #expect(breaker.permit(at: 100, origin: 1) == .refused)
    #expect(breaker.permit(at: 100, origin: 3) == .refused)
  }

  @Test func anotherFailureOpensItForAll() {
    let breaker = Self.breaker()
    for _ in 0..<4 { breaker.fail(at: 100, origin: 1) }
    breaker.fail(at: 101, origin: 2)
    #expect(breaker.permit(at: 101, origin: 3) == .refused)
  }
}
