/// Maps a head's logit to the probability that the tier's answer is good.
public enum Calibration: Sendable, Hashable {
  /// Platt scaling: 1 / (1 + e^−(slope·z + intercept)) (Platt 1999). Slope 1 and intercept 0 change nothing.
  case platt(slope: Float, intercept: Float)

  /// Isotonic regression: linear between knots, constant outside. `x` (logits) rises strictly, `y` (probabilities) does
  /// not fall; both have the same count of at least 1.
  case isotonic(x: [Float], y: [Float])

  /// The calibrated probability of a logit, from 0 to 1.
  ///
  /// - Complexity: O(1) for Platt, O(log knots) for isotonic; no allocation.
  public func probability(_ logit: Float) -> Float { probability(logit, correction: 0) }

  /// The same with something added to what Platt scaling applies the logistic function to; isotonic regression takes none.
  package func probability(_ logit: Float, correction: Double) -> Float {
    switch self {
    case .platt(let slope, let intercept):
      logistic(Double(slope) * Double(logit) + Double(intercept) + correction)
    case .isotonic(let x, let y): Self.interpolate(logit, x, y)
    }
  }

  private static func interpolate(_ logit: Float, _ x: [Float], _ y: [Float]) -> Float {
    var low = 0
    var high = x.count
    while low < high {
      let middle = (low + high) / 2
      if x[middle] <= logit { low = middle + 1 } else { high = middle }
    }
    if low == 0 { return y[0] }
    if low == x.count { return y[low - 1] }
    let share = (logit - x[low - 1]) / (x[low] - x[low - 1])
    return y[low - 1] + share * (y[low] - y[low - 1])
  }
}
