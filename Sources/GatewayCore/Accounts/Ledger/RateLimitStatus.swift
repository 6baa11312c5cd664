/// How much of a key's limits is left: what the `x-ratelimit-*` headers say.
package struct RateLimitStatus: Sendable, Hashable {
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
        ("x-ratelimit-reset-\(name)", Self.duration(meter.resetSeconds)),
      ]
    }
  }

  /// A duration as OpenAI writes it: `1m30s`, `12s`, `850ms`.
  static func duration(_ seconds: Double) -> String {
    guard seconds >= 1 else { return "\(Int((max(0, seconds) * 1000).rounded(.up)))ms" }
    let whole = Int(min(seconds, 1e9).rounded(.up))
    return whole < 60 ? "\(whole)s" : "\(whole / 60)m\(whole % 60)s"
  }
}
