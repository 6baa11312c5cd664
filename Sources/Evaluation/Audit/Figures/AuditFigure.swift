import Foundation
import Statistics

/// A figure of an audit: with an interval, without one and why, or unknown and why.
package struct AuditFigure: Sendable, Equatable {
  package var value: Double?
  package var low: Double?
  package var high: Double?
  /// Why there is no value, or no interval; what it would take to know.
  package var reason: String?
  /// Whether prices times tokens, or a model's forecast, stand in for what no one saw.
  package var isModelled = false

  package init(value: Double?, low: Double? = nil, high: Double? = nil, reason: String? = nil, isModelled: Bool = false)
  {
    (self.value, self.low, self.high) = (value, low, high)
    (self.reason, self.isModelled) = (reason, isModelled)
  }

  /// A figure that was counted, not estimated.
  package static func exact(_ value: Double) -> AuditFigure { AuditFigure(value: value, low: value, high: value) }

  package static func unknown(_ reason: String) -> AuditFigure { AuditFigure(value: nil, reason: reason) }

  /// A figure with a t interval.
  /// - Parameter degrees: of freedom, above 0.
  package static func estimate(_ value: Double, variance: Double, degrees: Double, confidence: Double) -> AuditFigure {
    let reach = StudentT.quantile((1 + confidence) / 2, degrees: max(1, degrees)) * max(0, variance).squareRoot()
    return AuditFigure(value: value, low: value - reach, high: value + reach)
  }

  /// The mean of numbers in 0…1 with Wilson's interval (1927) at the number of even draws that would have this variance, as Korn and
  /// Graubard (1998) have it for surveys. Where all draws agree, it is that of their effective number.
  package static func share(_ sums: WeightedSums, confidence: Double) -> AuditFigure? {
    guard let mean = sums.mean, sums.count > 1 else { return nil }
    let spread = mean * (1 - mean)
    let effective =
      if let variance = sums.variance, variance > 0, spread > 0 { spread / variance } else { sums.effectiveCount }
    return wilson(mean, count: effective, degrees: Double(sums.count - 1), confidence: confidence)
  }

  /// Wilson's interval of a share, with t in place of z.
  package static func wilson(_ share: Double, count: Double, degrees: Double, confidence: Double) -> AuditFigure {
    let share = min(1, max(0, share))
    let t = StudentT.quantile((1 + confidence) / 2, degrees: max(1, degrees))
    let square = t * t / count
    let centre = (share + square / 2) / (1 + square)
    let reach = t / (1 + square) * (share * (1 - share) / count + square / (4 * count)).squareRoot()
    return AuditFigure(value: share, low: max(0, min(share, centre - reach)), high: min(1, max(share, centre + reach)))
  }

  /// The same figure in another unit, or less something that is known.
  package func scaled(by factor: Double, less loss: Double = 0) -> AuditFigure {
    var figure = self
    figure.value = value.map { $0 * factor - loss }
    let ends = [low, high].map { $0.map { $0 * factor - loss } }
    (figure.low, figure.high) = factor < 0 ? (ends[1], ends[0]) : (ends[0], ends[1])
    return figure
  }

  /// 1 where the whole interval lies above a number, −1 where it lies below, 0 where it cannot decide, and where nothing is known.
  package func side(of number: Double) -> Int {
    guard let low, let high else { return 0 }
    return low > number ? 1 : high < number ? -1 : 0
  }
}
