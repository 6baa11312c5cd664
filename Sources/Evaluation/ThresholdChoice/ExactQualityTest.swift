import Foundation
import Statistics

/// The exact p-value of "the policy keeps less than the fraction α of the strongest tier's quality", where qualities are 0
/// or 1. It depends on four counts, hence on no order of the rows.
///
/// Given the M rows whose margin is not 0, gained, kept and lost are multinomial. The hypothesis leaves one number open, the
/// chance g that such a row is gained: the hardest case has a mean margin of exactly 0, where lost = (1 − α) + α·g. The
/// statistic is the best constant bet in hindsight (``OutcomeCounts/bestLogCapital(fraction:)``). Its tail is summed over all
/// outcomes for each g of a grid over a confidence interval of g (Berger & Boos, "P values maximized over a confidence set",
/// 1994), and the greatest sum counts. The p-value has three parts, each of which errs on the safe side: that sum, what it may
/// rise by between two points of the grid, and the chance that g lies outside the interval.
///
/// Clear cases need no sum: by the regret of the universal portfolio (Cover & Ordentlich, "Universal portfolios with side
/// information", 1996) the best constant bet wins C or more with probability 2√(M + 1)/C at most.
struct ExactQualityTest {
  /// The chance that g lies outside its interval, in units of δ.
  private static let outside = 0.02
  /// The distance of two points of the grid, in standard errors of g.
  private static let spacing = 0.12
  /// Below this a probability does not count.
  private static let negligible = 1e-13

  /// ln k! for k up to the number of rows.
  private let logFactorials: [Double]

  /// - Parameter rows: the most rows that will be counted.
  init(rows: Int) {
    var sum = 0.0
    logFactorials =
      [0]
      + (0..<rows).map {
        sum += log(Double($0 + 1))
        return sum
      }
  }

  /// The p-value where it is at most `level`; else some number above it.
  ///
  /// - Complexity: O(M) where the answer is near the level.
  func pValue(_ counts: OutcomeCounts, fraction: Double, level: Double) -> Double {
    guard fraction < 1 else {
      return BinomialTest.pValue(successes: counts.lost, count: counts.gained + counts.lost, share: 0.5)
    }
    let statistic = counts.bestLogCapital(fraction: fraction)
    guard statistic > 0 else { return 1 }
    let bound = HindsightBound.pValue(logCapital: statistic, draws: counts.count) + Self.outside * level
    if bound <= level { return bound }
    let region = Region(counts, fraction: fraction, statistic: statistic)
    var worst = 0.0
    var pValue: Double { worst + (2 * worst).squareRoot() * Self.spacing * Self.spacing / 8 + Self.outside * level }
    for gain in gains(counts, fraction: fraction, level: level) where pValue <= level {
      worst = max(worst, probability(region, gain: gain))
    }
    return pValue
  }

  /// The grid over the interval of g, the most probable values first.
  private func gains(_ counts: OutcomeCounts, fraction: Double, level: Double) -> [Double] {
    let (rows, tail) = (counts.count, Self.outside * level / 2)
    let limit = fraction / (1 + fraction) - 1e-9
    let high = min(BinomialTest.upperBound(successes: counts.gained, count: rows, level: tail), limit)
    var gain = min(max(BinomialTest.lowerBound(successes: counts.gained, count: rows, level: tail), 1e-9), high)
    var gains: [Double] = []
    while gain < high {
      gains.append(gain)
      let lost = 1 - fraction + fraction * gain
      let information =
        1 / gain + fraction * fraction / lost + (1 + fraction) * (1 + fraction) / (1 - gain - lost)
      gain += Self.spacing / (Double(rows) * information).squareRoot()
    }
    gains.append(high)
    let mostProbable = Double(counts.gained) / Double(rows)
    return gains.sorted { abs($0 - mostProbable) < abs($1 - mostProbable) }
  }

  /// The probability of a region when a row is gained with probability `gain` and the mean margin is 0.
  private func probability(_ region: Region, gain: Double) -> Double {
    let rows = region.rows
    let odds = gain / (1 - gain)
    let lostShare = (1 - region.fraction + region.fraction * gain) / (1 - gain)
    let mode = min(Int(Double(rows + 1) * gain), rows)
    let peak = mass(mode, of: rows, share: gain)
    var (sum, term) = (0.0, peak)
    for gained in mode...rows {
      sum += term * lower(region.mostLost(gained), of: rows - gained, share: lostShare)
      term *= Double(rows - gained) / Double(gained + 1) * odds
      if term < Self.negligible { break }
    }
    term = peak
    for gained in stride(from: mode, to: 0, by: -1) {
      term *= Double(gained) / (Double(rows - gained + 1) * odds)
      if term < Self.negligible { break }
      sum += term * lower(region.mostLost(gained - 1), of: rows - gained + 1, share: lostShare)
    }
    return sum
  }

  /// P(Bin(count, share) ≤ limit), summed from the limit away from the mode.
  private func lower(_ limit: Int, of count: Int, share: Double) -> Double {
    if limit < 0 { return 0 }
    if limit >= count { return 1 }
    let odds = share / (1 - share)
    var term = mass(limit, of: count, share: share)
    var sum = 0.0
    if Double(limit) <= Double(count) * share {
      for k in stride(from: limit, through: 0, by: -1) where term > Self.negligible {
        sum += term
        term *= Double(k) / (Double(count - k + 1) * odds)
      }
      return sum
    }
    for k in limit..<count {
      term *= Double(count - k) / Double(k + 1) * odds
      if term < Self.negligible { break }
      sum += term
    }
    return 1 - sum
  }

  /// P(Bin(count, share) = k).
  private func mass(_ k: Int, of count: Int, share: Double) -> Double {
    exp(
      logFactorials[count] - logFactorials[k] - logFactorials[count - k] + Double(k) * log(share)
        + Double(count - k) * log1p(-share))
  }
}

/// The outcomes of M rows that speak against the hypothesis as clearly as those seen.
///
/// Since the statistic falls with every row that is lost instead of kept, it is determined by the most lost rows for each number of
/// gained ones, and this number rises with them.
private final class Region {
  let rows: Int
  let fraction: Double
  private let statistic: Double
  private var limits: [Int] = []

  init(_ counts: OutcomeCounts, fraction: Double, statistic: Double) {
    rows = counts.count
    self.fraction = fraction
    // Outcomes of equal statistic belong to the region however they are rounded.
    self.statistic = statistic * (1 - 1e-12)
  }

  /// The most rows lost among outcomes of the region with this many gained; −1 where there are none.
  func mostLost(_ gained: Int) -> Int {
    while limits.count <= gained {
      var lost = limits.last ?? -1
      let most = rows - limits.count
      while lost < most, isInside(limits.count, lost + 1) { lost += 1 }
      limits.append(min(lost, most))
    }
    return limits[gained]
  }

  private func isInside(_ gained: Int, _ lost: Int) -> Bool {
    OutcomeCounts(gained: gained, kept: rows - gained - lost, lost: lost).bestLogCapital(fraction: fraction)
      >= statistic
  }
}
