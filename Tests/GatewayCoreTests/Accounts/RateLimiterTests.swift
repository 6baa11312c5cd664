import Testing

@testable import ChatProtocols
@testable import GatewayCore

struct RateLimiterTests {
  private static func key(requests: Int? = nil, tokens: Int? = nil) -> KeyConfiguration {
    var key = KeyConfiguration(name: "k", sha256: "")
    (key.requestsPerMinute, key.tokensPerMinute) = (requests, tokens)
    return key
  }

  private func error(_ body: () throws -> Void) -> GatewayError? {
    do { try body() } catch { return error as? GatewayError }
    return nil
  }

  @Test func requestsRunOutAndComeBack() throws {
    let limiter = RateLimiter()
    let key = Self.key(requests: 2)
    #expect(try limiter.take(tokens: 0, for: key, at: 100).requests?.remaining == 1)
    _ = try limiter.take(tokens: 0, for: key, at: 100)
    let refused = error { _ = try limiter.take(tokens: 0, for: key, at: 100) }
    #expect(refused?.code == .rateLimitExceeded)
    #expect(refused?.retryAfterSeconds == 30)
    #expect(error { _ = try limiter.take(tokens: 0, for: key, at: 129.9) } != nil)
    #expect(error { _ = try limiter.take(tokens: 0, for: key, at: 130.1) } == nil)
  }

  @Test func tokensAreSettled() throws {
    let limiter = RateLimiter()
    let key = Self.key(tokens: 600)
    _ = try limiter.take(tokens: 500, for: key, at: 0)
    #expect(error { _ = try limiter.take(tokens: 200, for: key, at: 0) }?.retryAfterSeconds == 10)
    limiter.settle(estimated: 500, used: 100, for: key, at: 0)
    #expect(try limiter.take(tokens: 200, for: key, at: 0).tokens?.remaining == 300)
    // An answer that was longer than estimated leaves a debt.
    limiter.settle(estimated: 200, used: 1100, for: key, at: 0)
    #expect(limiter.status(of: key, at: 0).tokens?.remaining == 0)
    #expect(error { _ = try limiter.take(tokens: 1, for: key, at: 59) } != nil)
    #expect(error { _ = try limiter.take(tokens: 1, for: key, at: 61) } == nil)
  }

  @Test func largeRequestsNeedAFullMinute() throws {
    let limiter = RateLimiter()
    let key = Self.key(tokens: 600)
    _ = try limiter.take(tokens: .max, for: key, at: 0)
    #expect(error { _ = try limiter.take(tokens: 1, for: key, at: 1) } != nil)
  }

  @Test func headersAreOpenAIs() throws {
    let status = try RateLimiter().take(tokens: 100, for: Self.key(requests: 60, tokens: 100), at: 0)
    let headers = Dictionary(uniqueKeysWithValues: status.headers.map { ($0.name, $0.value) })
    #expect(
      headers == [
        "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-limit-tokens": "100", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0s",
      ])
    #expect(try RateLimiter().take(tokens: 5, for: Self.key(), at: 0).headers.isEmpty)
  }

  @Test func changedLimitsHoldAtOnce() throws {
    let limiter = RateLimiter()
    _ = try limiter.take(tokens: 0, for: Self.key(requests: 1), at: 0)
    #expect(error { _ = try limiter.take(tokens: 0, for: Self.key(requests: 5), at: 0) } == nil)
  }

  @Test func clocksThatGoBackDoNoHarm() throws {
    let limiter = RateLimiter()
    let key = Self.key(requests: 1)
    _ = try limiter.take(tokens: -5, for: key, at: 1000)
    #expect(error { _ = try limiter.take(tokens: 0, for: key, at: 0) } != nil)
    #expect(error { _ = try limiter.take(tokens: 0, for: key, at: .nan) } != nil)
    #expect(error { _ = try limiter.take(tokens: 0, for: key, at: 1060) } == nil)
  }
}
