import Foundation

/// Student's t distribution: how far a mean strays when its spread is estimated too.
package enum StudentT {
  /// The quantile at a probability in 0…1, for any degrees of freedom above 0, to about 10 digits.
  ///
  /// Bisection of the distribution function, which is the incomplete beta function by its continued fraction (Abramowitz &
  /// Stegun 26.5.8 and 26.7.1).
  package static func quantile(_ probability: Double, degrees: Double) -> Double {
    precondition(probability > 0 && probability < 1 && degrees > 0, "a quantile needs a probability inside 0…1")
    if probability < 0.5 { return -quantile(1 - probability, degrees: degrees) }
    var (low, high) = (0.0, 1.0)
    while upperTail(high, degrees: degrees) > 1 - probability, high < 1e150 { (low, high) = (high, high * 2) }
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if upperTail(middle, degrees: degrees) > 1 - probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// P(T > t) for t of at least 0: half of I_x(ν/2, 1/2) at x = ν / (ν + t²).
  private static func upperTail(_ t: Double, degrees: Double) -> Double {
    let sum = degrees + t * t
    return 0.5 * incompleteBeta(degrees / sum, rest: t * t / sum, degrees / 2, 0.5)
  }

  /// - Parameter rest: 1 − x, which x has no digits of where it is near 1.
  private static func incompleteBeta(_ x: Double, rest: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard rest > 0 else { return 1 }
    let scale = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(rest))
    // The fraction converges fast below the mean and is mirrored above it.
    if x < (a + 1) / (a + b + 2) { return scale * fraction(x, a, b) / a }
    return 1 - scale * fraction(rest, b, a) / b
  }

  /// The continued fraction by Lentz's method.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-15 { break }
    }
    return result
  }

  /// ln Γ(x) for x above 0: Stirling's series from 12 up, below it by Γ(x + 1) = x·Γ(x).
  private static func logGamma(_ x: Double) -> Double {
    var (x, shift) = (x, 0.0)
    while x < 12 { (x, shift) = (x + 1, shift + log(x)) }
    let (inverse, square) = (1 / x, 1 / (x * x))
    let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square / 1_680)))
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + series - shift
  }
}
