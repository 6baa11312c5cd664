import Foundation

/// Detects that the mean of bounded draws has risen above 0, at any time and with few false alarms: an e-detector.
///
/// While each draw's mean given those before is 0 at most, the capital Π(1 + λ·v) of a gambler who starts at any draw is an e-process for every bet λ.
/// The sum over all draws at which he may have started (Shiryaev 1963, Roberts 1966) passes N no sooner than after N draws on average;
/// so does its mean over bets.
package struct BettingDetector: Sendable {
  private let bets: [Double]
  /// Of each bet: the capital of all who started so far.
  private var capitals: [Double]

  /// - Parameter lowest: what no draw is below; under 0.
  package init(lowest: Double) {
    precondition(lowest < 0, "a draw that cannot lose is no bet")
    bets = [0.02, 0.05, 0.12, 0.3, 0.7].map { $0 / -lowest }
    capitals = bets.map { _ in 0 }
  }

  /// Draws so far.
  package private(set) var count = 0

  /// Takes a draw.
  package mutating func add(_ draw: Double) {
    count += 1
    for (index, bet) in bets.enumerated() {
      // Far beyond every alarm it need not grow further.
      capitals[index] = min((capitals[index] + 1) * max(0, 1 + bet * draw), 1e200)
    }
  }

  /// ln of the sum of e-values over starts: it reaches ln N by chance no sooner than after N draws on average. −∞ before the first.
  package var evidence: Double { log(capitals.reduce(0, +) / Double(capitals.count)) }

  /// Begins anew.
  package mutating func restart() {
    capitals = bets.map { _ in 0 }
    count = 0
  }
}
