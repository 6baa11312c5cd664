import Evaluation
import Foundation
import Statistics

/// A way to look at labels at any time: an interval for Δ after each labelled conversation.
protocol AnytimeInterval {
  mutating func add(_ labels: ArraySlice<DecidingSequence.Label>, greatestWeight: Double)
  /// For θ, the mean difference on disagreements.
  var interval: ClosedRange<Double>? { get }
}

/// Bets of one kind on the sums of conversations.
struct Betting: AnytimeInterval {
  /// `nil` for bets without a plan.
  let reach: Double?
  private var sequence = BettingSequence(range: -1...1, level: 0.05)
  private var bets = PlugInBets(range: -1...1, level: 0.025)

  init(reach: Double?) { self.reach = reach }

  mutating func add(_ labels: ArraySlice<DecidingSequence.Label>, greatestWeight: Double) {
    let weight = labels.reduce(0) { $0 + $1.weight }
    let sum = labels.reduce(0) { $0 + $1.weight * ($1.difference ?? 0) }
    let most = greatestWeight * Double(DecidingSequence.greatest.labels)
    sequence.add(
      sums: sum...sum, weight: weight, within: .init(sum: -most...most, weight: 0...most),
      bet: reach.map { bets.bet(sharpestAt: $0) } ?? bets.bet)
    bets.add(sum: sum, weight: weight)
  }

  var interval: ClosedRange<Double>? { sequence.interval }
}

/// The closed form, for labels of equal weight: on the mean of a conversation's labels.
struct EmpiricalBernstein: AnytimeInterval {
  private var sequence = EmpiricalBernsteinSequence(level: 0.05)

  mutating func add(_ labels: ArraySlice<DecidingSequence.Label>, greatestWeight: Double) {
    let mean = labels.reduce(0) { $0 + ($1.difference ?? 0) } / Double(labels.count)
    sequence.add((mean + 1) / 2)
  }

  var interval: ClosedRange<Double>? { sequence.interval.map { (2 * $0.lowerBound - 1)...(2 * $0.upperBound - 1) } }
}

/// Robbins' normal mixture with an estimated variance, for large samples only (Waudby-Smith et al., "Time-uniform central limit theory and
/// asymptotic confidence sequences", 2024), sharpest after `planned` conversations; not before 50.
struct Asymptotic: AnytimeInterval {
  let planned: Double
  private var sums: [(sum: Double, weight: Double)] = []
  private var known: ClosedRange<Double>? = -1...1

  init(planned: Double) { self.planned = planned }

  mutating func add(_ labels: ArraySlice<DecidingSequence.Label>, greatestWeight: Double) {
    sums.append(labels.reduce((0, 0)) { ($0.0 + $1.weight * ($1.difference ?? 0), $0.1 + $1.weight) })
    guard sums.count >= 50 else { return }
    let count = Double(sums.count)
    let weight = sums.reduce(0) { $0 + $1.weight }
    let mean = sums.reduce(0) { $0 + $1.sum } / weight
    let variance = sums.reduce(0) { $0 + ($1.sum - mean * $1.weight) * ($1.sum - mean * $1.weight) } / count
    let tuned = (-2 * log(0.05) + log(-2 * log(0.05) + 1)) / planned
    let reach =
      (variance * 2 * (count * tuned + 1) / (count * count * tuned) * log((count * tuned + 1).squareRoot() / 0.05))
      .squareRoot() * count / weight
    guard let before = known else { return }
    let (low, high) = (max(before.lowerBound, mean - reach), min(before.upperBound, mean + reach))
    known = low <= high ? low...high : nil
  }

  var interval: ClosedRange<Double>? { known }
}
