import Foundation

/// A confidence sequence for the mean of bounded draws: an interval that holds however often one looks.
///
/// For each candidate m on a grid two gamblers bet, one that the mean is above m and one that it is below. With draws s of weight w,
/// E[s − m·w] = 0 where m is the mean, their capital Π(1 ± λ·(s − m·w)) is a non-negative martingale for any bets λ that depend on the
/// past only, and passes 2/α with probability α/2 at most (Ville 1939; Waudby-Smith & Ramdas 2024). The candidates that neither has
/// refuted make the interval; what is refuted once stays so.
///
/// A plain draw has weight 1. Where several values go together, as the turns of a conversation do, s is their sum by weight.
package struct BettingSequence: Sendable {
  /// One who bets: the capital by candidate, and the most that it ever was.
  private struct Gambler: Sendable {
    var capital: [Double]
    var best: [Double]

    init(count: Int) {
      capital = [Double](repeating: 1, count: count)
      best = capital
    }

    mutating func multiply(_ place: Int, by factor: Double) {
      capital[place] *= factor
      best[place] = max(best[place], capital[place])
    }
  }

  /// What the mean cannot leave.
  package let range: ClosedRange<Double>
  private let largestRisk: Double
  private let step: Double
  private let limit: Double
  private var above: Gambler
  private var below: Gambler
  /// Candidates that are not refuted lie among these.
  private var possible: Range<Int>

  /// - Parameters:
  ///   - level: α, above 0 and below 1.
  ///   - steps: of the grid: the interval's ends are known to one of them.
  ///   - largestRisk: the share of the capital that a bet may lose, above 0 and below 1.
  package init(range: ClosedRange<Double>, level: Double, steps: Int = 2_000, largestRisk: Double = 0.9) {
    self.range = range
    self.largestRisk = largestRisk
    step = (range.upperBound - range.lowerBound) / Double(steps)
    limit = 2 / level
    above = Gambler(count: steps + 1)
    below = above
    possible = 0..<steps + 1
  }

  /// What a draw cannot leave, known before it.
  package struct Bounds: Sendable {
    /// The range of s.
    package var sum: ClosedRange<Double>
    /// The range of w, from 0 up.
    package var weight: ClosedRange<Double>

    package init(sum: ClosedRange<Double>, weight: ClosedRange<Double>) {
      self.sum = sum
      self.weight = weight
    }
  }

  /// Bets on a draw of weight 1.
  ///
  /// - Parameters:
  ///   - value: inside the range.
  ///   - bet: λ, at least 0, chosen before; it is cut where the capital could be lost.
  package mutating func add(_ value: Double, bet: Double) {
    add(sums: value...value, weight: 1, within: Bounds(sum: range, weight: 1...1), bet: bet)
  }

  /// Bets on a draw with a weight. Where only a range of s is known each gambler gets the worst for him.
  ///
  /// - Complexity: O(candidates that are left).
  package mutating func add(sums: ClosedRange<Double>, weight: Double, within bounds: Bounds, bet: Double) {
    for place in possible {
      let mean = candidate(place)
      let drift = (
        min(mean * bounds.weight.lowerBound, mean * bounds.weight.upperBound),
        max(mean * bounds.weight.lowerBound, mean * bounds.weight.upperBound)
      )
      let losses = (drift.1 - bounds.sum.lowerBound, bounds.sum.upperBound - drift.0)
      above.multiply(place, by: 1 + min(bet, largestRisk / losses.0) * (sums.lowerBound - mean * weight))
      below.multiply(place, by: 1 - min(bet, largestRisk / losses.1) * (sums.upperBound - mean * weight))
    }
    while let first = possible.first, isRefuted(first) { possible.removeFirst() }
    while let last = possible.last, isRefuted(last) { possible.removeLast() }
  }

  private func isRefuted(_ place: Int) -> Bool { max(above.best[place], below.best[place]) > limit }

  private func candidate(_ place: Int) -> Double { range.lowerBound + Double(place) * step }

  /// The interval at the confidence 1 − α; `nil` where every candidate is refuted: then the draws have no common mean.
  package var interval: ClosedRange<Double>? {
    guard let first = possible.first, let last = possible.last else { return nil }
    return max(range.lowerBound, candidate(first) - step)...min(range.upperBound, candidate(last) + step)
  }

  /// The evidence that the mean is above m, an e-value at any time one likes: 1/δ or more happens with probability δ at most if it is not.
  /// It is that of the candidate at or next above m, counted until that is refuted; infinite where the range says so already.
  package func evidence(meanAbove mean: Double) -> Double {
    if mean < range.lowerBound { return .infinity }
    return mean > range.upperBound ? 1 : above.best[place(of: mean, .up)]
  }

  /// The evidence that the mean is below m.
  package func evidence(meanBelow mean: Double) -> Double {
    if mean > range.upperBound { return .infinity }
    return mean < range.lowerBound ? 1 : below.best[place(of: mean, .down)]
  }

  /// The candidate next to a mean on one side; one that lies on it but for rounding is it.
  private func place(of mean: Double, _ side: FloatingPointRoundingRule) -> Int {
    let place = (mean - range.lowerBound) / step
    let nearest = place.rounded()
    return Int(abs(place - nearest) < 1e-9 * Double(above.best.count) ? nearest : place.rounded(side))
  }
}
