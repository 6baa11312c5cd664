/// A search along one direction for a step that fulfils the strong Wolfe conditions.
///
/// With φ(α) = f(x + α d): sufficient decrease φ(α) ≤ φ(0) + c₁ α φ′(0) and curvature |φ′(α)| ≤ c₂ |φ′(0)|. Brackets such
/// a step by doubling, then narrows the bracket by cubic interpolation (Nocedal & Wright, *Numerical Optimization*,
/// 2nd ed., algorithms 3.5 and 3.6). Values may differ by rounding: a rise by less than 10⁻¹⁴ |φ(0)| is none.
struct LineSearch: Sendable {
  /// c₁ of the decrease condition.
  var decrease = 1e-4

  /// c₂ of the curvature condition.
  var curvature = 0.9

  /// The most evaluations of one search.
  var maximumEvaluations = 30

  /// φ and φ′ at one step.
  struct Point: Sendable, Equatable {
    var step: Double
    var value: Double
    var slope: Double
  }

  /// What a search found.
  enum Outcome: Sendable, Equatable {
    /// A step that fulfils both conditions.
    case strongWolfe(Point)
    /// Only the decrease condition could be fulfilled within the evaluations allowed.
    case decreaseOnly(Point)
    /// No step lowers the function.
    case failed
  }

  /// Searches from `start` (its step is 0, its slope negative), trying `firstStep` first.
  func search(from start: Point, firstStep: Double, evaluate: (Double) -> Point) -> Outcome {
    var low = start
    var high: Point?
    var step = firstStep
    for _ in 0..<maximumEvaluations {
      let trial = evaluate(step)
      if !decreases(trial, from: start) || (low.step > 0 && trial.value > low.value) {
        high = trial
      } else if abs(trial.slope) <= -curvature * start.slope {
        return .strongWolfe(trial)
      } else {
        if trial.slope * ((high?.step ?? .infinity) - low.step) >= 0 { high = low }
        low = trial
      }
      guard let next = Self.nextStep(low: low, high: high), next != step else { break }
      step = next
    }
    return low.step > 0 ? .decreaseOnly(low) : .failed
  }

  private func decreases(_ trial: Point, from start: Point) -> Bool {
    let noise = 1e-14 * abs(start.value)
    return trial.value.isFinite && trial.slope.isFinite
      && trial.value <= start.value + decrease * trial.step * start.slope + noise
  }

  /// Twice the step without an upper bracket, else the interpolated one, kept inside the middle 80 % of the bracket.
  private static func nextStep(low: Point, high: Point?) -> Double? {
    guard let high else { return low.step < 1e20 ? low.step * 2 : nil }
    let width = high.step - low.step
    guard abs(width) > 1e-16 * max(abs(high.step), abs(low.step)) else { return nil }
    guard high.value.isFinite, high.slope.isFinite else { return low.step + width * 0.1 }
    let fraction = (cubicMinimum(low, high) - low.step) / width
    return low.step + width * (fraction.isFinite ? min(max(fraction, 0.1), 0.9) : 0.5)
  }

  /// The minimum of the cubic through two values and slopes (Nocedal & Wright, equation 3.59); NaN when it has none.
  static func cubicMinimum(_ a: Point, _ b: Point) -> Double {
    let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
    let discriminant = d1 * d1 - a.slope * b.slope
    guard discriminant >= 0 else { return .nan }
    let d2 = (b.step > a.step ? 1 : -1) * discriminant.squareRoot()
    return b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
  }
}
