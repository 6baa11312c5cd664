import Foundation

/// A linear map from values to pixels, with round ticks.
struct Scale: Equatable {
  /// The values at the ends.
  let domain: ClosedRange<Double>
  /// The pixels at the ends of ``domain``; a vertical scale runs downwards.
  let start: Double
  let end: Double

  /// The pixel of a value.
  func pixel(_ value: Double) -> Double {
    start + (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound) * (end - start)
  }

  /// Multiples of 1, 2 or 5 times a power of ten inside the domain, at most about six.
  var ticks: [Double] {
    let rough = (domain.upperBound - domain.lowerBound) / 5
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// The range of values with some room on either side; a range of one value is widened.
  static func domain(_ values: [Double], room: Double = 0.06) -> ClosedRange<Double> {
    let known = values.filter(\.isFinite)
    guard let low = known.min(), let high = known.max() else { return 0...1 }
    let span = high > low ? high - low : max(abs(high) * 0.1, 0.1)
    return (low - span * room)...(high + span * room)
  }
}
