package import ChatProtocols
import Synchronization

/// Requests and tokens per minute and key.
///
/// Tokens are drawn by estimate before a request and put right once they are known.
package final class RateLimiter: Sendable {
  /// Where a key stands: what the `x-ratelimit-*` headers say.
  package struct Status: Sendable, Hashable {
    package struct Meter: Sendable, Hashable {
      /// Per minute.
      package var limit: Int
      package var remaining: Int
      /// Until all of the limit is there again.
      package var resetSeconds: Double
    }

    /// `nil` for a key without that limit.
    package var requests: Meter?
    package var tokens: Meter?

    package init(requests: Meter? = nil, tokens: Meter? = nil) {
      self.requests = requests
      self.tokens = tokens
    }

    /// `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, as OpenAI's clients read them.
    package var headers: [(name: String, value: String)] {
      [("requests", requests), ("tokens", tokens)].flatMap { name, meter -> [(name: String, value: String)] in
        guard let meter else { return [] }
        return [
          ("x-ratelimit-limit-\(name)", "\(meter.limit)"), ("x-ratelimit-remaining-\(name)", "\(meter.remaining)"),
          ("x-ratelimit-reset-\(name)", RateLimiter.duration(meter.resetSeconds)),
        ]
      }
    }
  }

  private struct Buckets {
    var requests: TokenBucket?
    var tokens: TokenBucket?

    init(_ key: KeyConfiguration, time: Double) {
      requests = key.requestsPerMinute.map { TokenBucket(perMinute: $0, time: time) }
      tokens = key.tokensPerMinute.map { TokenBucket(perMinute: $0, time: time) }
    }

    /// Whether the limits are still those of the key: a reload may have changed them.
    func fit(_ key: KeyConfiguration) -> Bool {
      requests.map { Int($0.capacity) } == key.requestsPerMinute
        && tokens.map { Int($0.capacity) } == key.tokensPerMinute
    }

    var status: Status { Status(requests: requests.map(Self.meter), tokens: tokens.map(Self.meter)) }

    private static func meter(_ bucket: TokenBucket) -> Status.Meter {
      Status.Meter(
        limit: Int(bucket.capacity), remaining: bucket.remaining, resetSeconds: bucket.secondsUntilFull)
    }
  }

  private let buckets = Mutex<[String: Buckets]>([:])

  package init() {}

  /// Draws one request and its estimated tokens.
  ///
  /// - Parameters:
  ///   - tokens: an estimate of prompt and answer together; more than the limit needs a full minute's worth.
  ///   - time: now, in seconds since 1970.
  /// - Throws: ``GatewayError/Code/rateLimitExceeded`` with status 429 and Retry-After; nothing is drawn then.
  package func take(tokens: Int, for key: KeyConfiguration, at time: Double) throws(GatewayError) -> Status {
    guard key.requestsPerMinute != nil || key.tokensPerMinute != nil else { return Status() }
    let amount = Double(max(0, tokens))
    let (status, wait, name): (Status, Double, String) = buckets.withLock { all in
      var buckets = Self.buckets(all[key.name], key, time)
      buckets.requests?.advance(to: time)
      buckets.tokens?.advance(to: time)
      defer { all[key.name] = buckets }
      if let bucket = buckets.requests, !bucket.has(1) { return (buckets.status, bucket.secondsUntil(1), "requests") }
      if let bucket = buckets.tokens, !bucket.has(amount) {
        return (buckets.status, bucket.secondsUntil(amount), "tokens")
      }
      buckets.requests?.draw(1)
      buckets.tokens?.draw(amount)
      return (buckets.status, 0, "")
    }
    guard !name.isEmpty else { return status }
    throw GatewayError(
      .rateLimitExceeded, status: 429,
      message: "The key's \(name) per minute are used up. Wait as Retry-After says, and then send fewer.",
      retryAfterSeconds: max(1, wait.rounded(.up)))
  }

  /// Puts what a request used in the place of its estimate.
  package func settle(estimated: Int, used: Int, for key: KeyConfiguration, at time: Double) {
    buckets.withLock {
      $0[key.name]?.tokens?.advance(to: time)
      $0[key.name]?.tokens?.draw(Double(max(0, used)) - Double(max(0, estimated)))
    }
  }

  /// Where a key stands now.
  package func status(of key: KeyConfiguration, at time: Double) -> Status {
    buckets.withLock {
      var buckets = Self.buckets($0[key.name], key, time)
      buckets.requests?.advance(to: time)
      buckets.tokens?.advance(to: time)
      return buckets.status
    }
  }

  private static func buckets(_ known: Buckets?, _ key: KeyConfiguration, _ time: Double) -> Buckets {
    if let known, known.fit(key) { return known }
    return Buckets(key, time: time)
  }

  /// A duration as OpenAI writes it: `1m30s`, `12s`, `850ms`.
  static func duration(_ seconds: Double) -> String {
    guard seconds >= 1 else { return "\(Int((max(0, seconds) * 1000).rounded(.up)))ms" }
    let whole = Int(min(seconds, 1e9).rounded(.up))
    return whole < 60 ? "\(whole)s" : "\(whole / 60)m\(whole % 60)s"
  }
}
