import ChatProtocols

/// One key's requests and tokens per minute.
///
/// Tokens are drawn by estimate before a request and put right once they are known.
struct KeyLimits: Sendable {
  private var requests: TokenBucket?
  private var tokens: TokenBucket?

  private init(_ key: KeyConfiguration, time: Double) {
    requests = key.requestsPerMinute.map { TokenBucket(perMinute: $0, time: time) }
    tokens = key.tokensPerMinute.map { TokenBucket(perMinute: $0, time: time) }
  }

  /// What is known of a key, or full buckets where a reload has changed its limits; `nil` for a key without limits.
  static func fitting(_ key: KeyConfiguration, known: KeyLimits?, at time: Double) -> KeyLimits? {
    guard key.requestsPerMinute != nil || key.tokensPerMinute != nil else { return nil }
    if let known, known.fits(key) { return known }
    return KeyLimits(key, time: time)
  }

  private func fits(_ key: KeyConfiguration) -> Bool {
    requests.map { Int($0.capacity) } == key.requestsPerMinute
      && tokens.map { Int($0.capacity) } == key.tokensPerMinute
  }

  mutating func advance(to time: Double) {
    requests?.advance(to: time)
    tokens?.advance(to: time)
  }

  /// Draws one request and its tokens, both or neither.
  /// - Returns: the tokens that were drawn: less where the debt ends before.
  mutating func draw(tokens amount: Int) throws(GatewayError) -> Int {
    if let requests, !requests.has(1) { throw Self.error("requests", wait: requests.secondsUntil(1)) }
    if let tokens, !tokens.has(Double(amount)) {
      throw Self.error("tokens", wait: tokens.secondsUntil(Double(amount)))
    }
    requests?.draw(1)
    return Int(tokens?.draw(Double(amount)) ?? 0)
  }

  /// Returns tokens of a request that is not sent.
  mutating func giveBack(tokens amount: Int) { tokens?.draw(-Double(amount)) }

  /// Puts what a request used in the place of its estimate.
  mutating func settle(estimated: Int, used: Int, at time: Double) {
    tokens?.advance(to: time)
    tokens?.draw(Double(used) - Double(estimated))
  }

  var status: RateLimitStatus {
    RateLimitStatus(requests: requests.map(Self.meter), tokens: tokens.map(Self.meter))
  }

  private static func meter(_ bucket: TokenBucket) -> RateLimitStatus.Meter {
    RateLimitStatus.Meter(
      limit: Int(bucket.capacity), remaining: bucket.remaining, resetSeconds: bucket.secondsUntilFull)
  }

  private static func error(_ name: String, wait: Double) -> GatewayError {
    GatewayError(
      .rateLimitExceeded,
      message: "The key's \(name) per minute are used up. Wait as Retry-After says, and then send fewer.",
      retryAfterSeconds: max(1, wait.rounded(.up)))
  }
}
