import Foundation

/// A confidence sequence for the mean of draws that nothing bounds: an interval that holds however often one looks, as far as the sum of
/// many draws is normal.
///
/// The boundary is that of a normal mixture (Robbins 1970), with the variance estimated on the way: Waudby-Smith, Arbour, Sinha, Kennedy,
/// Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", 2024. With n draws of standard deviation σ,
///
///   mean ± σ·√(2(nρ² + 1) / (n²ρ²) · ln(√(nρ² + 1) / α))
///
/// Draws that are bounded, and few, belong into a ``BettingSequence``, which needs no such limit.
package struct AsymptoticSequence: Sendable {
  private let level: Double
  private let precision: Double
  package private(set) var count = 0
  /// The mean of the draws so far; 0 without any.
  package private(set) var mean = 0.0
  /// Σ (x − mean)².
  private var squares = 0.0

  /// - Parameters:
  ///   - level: α of the interval, above 0 and below 1.
  ///   - planned: the number of draws at which the interval is to be sharpest.
  package init(level: Double, sharpestAt planned: Double) {
    precondition(level > 0 && level < 1 && planned >= 1, "a level is a probability, a plan at least one draw")
    self.level = level
    // ρ² that makes the boundary least at the planned draw, to first order.
    precision = (-2 * log(level) + log(-2 * log(level) + 1)) / planned
  }

  /// Takes a draw.
  /// - Complexity: O(1).
  package mutating func add(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / Double(count)
    squares += before * (value - mean)
  }

  /// The interval as it is now; `nil` before two draws.
  package var interval: ClosedRange<Double>? {
    guard count > 1 else { return nil }
    let n = Double(count)
    let spread = n * precision + 1
    let reach = (squares / n * 2 * spread / (n * n * precision) * log(spread.squareRoot() / level)).squareRoot()
    return mean - reach...mean + reach
  }
}
