import Ockham
import Testing

@testable import Evaluation

/// A tiny model of two tiers: P(first) is 0.1, P(last) is what `value` makes of the last user message, cut to 0…1.
func tinyScorer(threshold: Float = 0.5, value: @escaping (String) -> Float) -> TierScorer {
  TierScorer(thresholds: Thresholds(increments: [threshold])) { request in
    [0.1, min(1, max(0, value(request.segments.last { $0.role == .user }?.text ?? "")))]
  }
}
