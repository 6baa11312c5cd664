/// What two policies are compared by.
package enum ReplayQuantity: String, Sendable, CaseIterable {
  /// The mean quality of answers, 0…1.
  case quality
  /// US dollars per request.
  case costUSD = "cost_usd"
  /// Milliseconds per request.
  case latencyMilliseconds = "latency_ms"
  /// The share of requests whose client got an error.
  case failures

  /// What a mean cannot leave.
  var range: ClosedRange<Double> {
    switch self {
    case .quality, .failures: 0...1
    case .costUSD, .latencyMilliseconds: 0 ... .infinity
    }
  }

  /// What a difference of two means cannot leave.
  var differenceRange: ClosedRange<Double> { -range.upperBound...range.upperBound }

  /// Whether nature bounds single values, so that what is missing can be bounded too.
  var isBounded: Bool { range.upperBound == 1 }

  var reward: DrawLog.Reward {
    switch self {
    case .quality: .quality
    case .costUSD: .cost
    case .latencyMilliseconds: .latency
    case .failures: .failure
    }
  }
}
