import Testing

@testable import GatewayCore

struct RateLimitStatusTests {
  @Test func headersAreOpenAIs() async throws {
    var key = KeyConfiguration(name: "k", sha256: "")
    (key.requestsPerMinute, key.tokensPerMinute) = (60, 100)
    let reservation = try await MemoryLedger().reserve(Claim(key: key, tokens: 100, estimateUSD: nil), at: 0)
    let headers = Dictionary(uniqueKeysWithValues: reservation.limits.headers.map { ($0.name, $0.value) })
    #expect(
      headers == [
        "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-limit-tokens": "100", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0s",
      ])
    #expect(RateLimitStatus().headers.isEmpty)
  }

  @Test(arguments: [
    (0.0, "0ms"), (0.0004, "1ms"), (0.85, "850ms"), (1, "1s"), (11.2, "12s"), (90, "1m30s"), (-3, "0ms"),
  ])
  func durations(seconds: Double, text: String) { #expect(RateLimitStatus.duration(seconds) == text) }
}
