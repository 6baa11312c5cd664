import Foundation

/// A confidence sequence for the mean of draws in 0…1 in closed form: the predictable-mixture empirical Bernstein bound (Waudby-Smith &
/// Ramdas 2024). It is wider than ``BettingSequence`` and needs no grid.
///
/// Σ λx / Σ λ ± (ln(2/α) + Σ v·ψ(λ)) / Σ λ with v = (x − the mean before)² and ψ(λ) = −ln(1 − λ) − λ for bets of at most 1/2.
package struct EmpiricalBernsteinSequence: Sendable {
  /// One side: a lower bound.
  private struct Side: Sendable {
    var bets: PlugInBets
    let evidence: Double
    var sum = 0.0
    var betSum = 0.0
    var gainSum = 0.0
    var variation = 0.0
    var bound = 0.0

    init(level: Double) {
      bets = PlugInBets(range: 0...1, level: level)
      evidence = log(1 / level)
    }

    mutating func add(_ value: Double) {
      let bet = min(bets.bet, 0.5)
      let before = bets.count > 0 ? sum / Double(bets.count) : 0
      betSum += bet
      gainSum += bet * value
      variation += (value - before) * (value - before) * (-log(1 - bet) - bet)
      sum += value
      bets.add(sum: value)
      bound = max(bound, (gainSum - evidence - variation) / betSum)
    }
  }

  private var lower: Side
  private var upper: Side

  /// - Parameter level: α, above 0 and below 1.
  package init(level: Double) {
    lower = Side(level: level / 2)
    upper = lower
  }

  /// Takes a draw in 0…1.
  package mutating func add(_ value: Double) {
    lower.add(value)
    upper.add(1 - value)
  }

  /// The interval at the confidence 1 − α; `nil` where the sides exclude each other: then the draws have no common mean.
  package var interval: ClosedRange<Double>? {
    lower.bound <= 1 - upper.bound ? lower.bound...(1 - upper.bound) : nil
  }
}
