import Foundation

/// How much a label of one request is worth beside that of another: g ∝ σ / √cost, with σ the standard deviation that the difference
/// is predicted to have. That is what makes an estimate sharpest for its dollars (Neyman 1934).
///
/// g is measured against the geometric mean of the requests before, which sits in the middle of ``LabelDesign/intensities``: it depends
/// on the past and on the request, never on its outcome.
package struct LabelIntensity: Sendable {
  /// Requests after which the mean has forgotten two thirds of what it knew.
  private static let memory = 500.0
  private var meanLog = 0.0
  private var count = 0.0

  private let range: ClosedRange<Double>

  /// - Parameter range: what intensities cannot leave, above 0.
  package init(range: ClosedRange<Double> = LabelDesign.intensities) { self.range = range }

  /// The standard deviation of the difference of two qualities whose chances of being good are predicted; taken as independent.
  package static func deviation(_ first: Double, _ second: Double) -> Double {
    (first * (1 - first) + second * (1 - second)).squareRoot()
  }

  /// The intensity of a disagreement, which then counts among those before.
  ///
  /// - Parameters:
  ///   - deviation: σ, at least 0; a hundredth counts as the least.
  ///   - costUSD: what the label is expected to cost; `nil` where unknown, and then all cost the same.
  package mutating func intensity(deviation: Double, costUSD: Double?) -> Double {
    let score = log(max(deviation, 0.01)) - log(max(costUSD ?? 1, 1e-9)) / 2
    let relative = count > 0 ? score - meanLog : 0
    count = min(count + 1, Self.memory)
    meanLog += (score - meanLog) / count
    let middle = (range.lowerBound * range.upperBound).squareRoot()
    return min(max(middle * exp(relative), range.lowerBound), range.upperBound)
  }
}
