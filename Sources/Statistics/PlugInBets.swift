import Foundation

/// How much to bet against a mean, from the draws before: the predictable plug-in of Waudby-Smith & Ramdas ("Estimating means of bounded
/// random variables by betting", 2024).
///
/// λ_t = √(2 ln(1/α) / (σ²_{t−1}·h_t)) with the variance σ² of the draws before, which starts from one made-up draw in the middle of the
/// range. Constant bets, h = n, are the sharpest after n draws; h_t = t·ln(1 + t) is never far from the sharpest.
///
/// A draw may be a sum of several values by weight, as of the turns of a conversation: then σ² is that of the sum less mean·weight.
package struct PlugInBets: Sendable {
  private let scale: Double
  private var sum: Double
  private var weight: Double
  private var squares: Double
  /// Draws so far.
  package private(set) var count = 0

  /// - Parameters:
  ///   - range: what a value cannot leave.
  ///   - level: α of one side, above 0 and below 1.
  package init(range: ClosedRange<Double>, level: Double) {
    let width = range.upperBound - range.lowerBound
    self.init(mean: (range.lowerBound + range.upperBound) / 2, variance: width * width / 4, weight: 1, level: level)
  }

  /// Bets that start from a made-up draw of this weight and variance.
  package init(mean: Double, variance: Double, weight: Double, level: Double) {
    scale = 2 * log(1 / level)
    sum = mean * weight
    self.weight = weight
    squares = variance
  }

  /// The mean so far, by weight.
  package var mean: Double { sum / weight }
  /// σ² so far.
  package var variance: Double { squares / Double(count + 1) }
  /// The mean weight of a draw so far.
  package var meanWeight: Double { weight / Double(count + 1) }

  /// The next bet, sharpest after `draws` draws of this variance; it is never 0.
  package func bet(sharpestAfter draws: Double) -> Double { (scale / (variance * draws)).squareRoot() }

  /// The next bet where no one knows how many draws there will be.
  package var bet: Double {
    let next = Double(count + 1)
    return bet(sharpestAfter: next * log(1 + next))
  }

  /// The next bet, sharpest when the interval reaches so far to each side: λ = reach·w̄/σ² with the mean weight w̄. Once that many draws
  /// were seen it falls as slowly as it can for the interval to go on shrinking.
  ///
  /// - Parameter reach: above 0.
  package func bet(sharpestAt reach: Double) -> Double {
    let aim = reach * meanWeight
    let planned = scale * variance / (aim * aim)
    let next = Double(count + 1)
    return bet(sharpestAfter: max(planned, next * log2(1 + next / planned)))
  }

  /// Takes a draw.
  package mutating func add(sum draw: Double, weight drawn: Double = 1) {
    sum += draw
    weight += drawn
    count += 1
    let residual = draw - mean * drawn
    squares += residual * residual
  }
}
