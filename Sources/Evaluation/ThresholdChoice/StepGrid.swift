import Ockham

/// The thresholds that a choice is made among, fixed before any outcome is looked at.
///
/// A policy is named by its gain g: the probability that the whole way from the cheapest to the most expensive tier must win.
/// The steps divide g in proportion to the tiers' costs, which makes it the same path as λ = g / (cost_last −
/// cost_first). g runs from −G to G, where G lies just above 1 / (the cheapest step's part): at G every request goes to
/// the first tier and at −G to the last, whatever the probabilities. Where expected costs scale the steps, the upper end is
/// as many times higher as a scale may be below 1; steps below 0 are not scaled. Points lie on a cubic, dense around 0
/// where most gains are.
struct StepGrid: Sendable {
  /// The gains, ascending; the middle one is 0.
  let gains: [Double]
  /// The part of g that falls on each step [T − 1]; sums to 1.
  private let parts: [Double]
  private let costSpan: Double

  /// - Parameters:
  ///   - costs: rising costs per tier.
  ///   - count: the number of gains on either side of 0, at least 1.
  init(costs: TierCosts, log: ScoredLog, count: Int) throws(EvaluationError) {
    let values = costs.values
    for tier in 1..<values.count where values[tier] <= values[tier - 1] {
      throw .costsNotRising(
        lower: log.tierNames[tier - 1], lowerCost: values[tier - 1], upper: log.tierNames[tier],
        upperCost: values[tier])
    }
    let span = values[values.count - 1] - values[0]
    let parts = zip(values, values.dropFirst()).map { ($1 - $0) / span }
    let largest = 1.001 / (parts.min() ?? 1)
    let upper = log.thresholdScale == nil ? largest : largest / Double(ThresholdScaling.range.lowerBound)
    costSpan = span
    self.parts = parts
    gains = (-count...count).map { index in
      let position = Double(index) / Double(count)
      return (index < 0 ? largest : upper) * position * position * position
    }
  }

  /// The thresholds at a gain.
  func thresholds(_ gain: Double) -> Thresholds { Thresholds(increments: parts.map { Float(gain * $0) }) }

  /// λ at a gain, in probability per unit of cost.
  func lambda(_ gain: Double) -> Double { gain / costSpan }
}
