import Foundation

/// What became of rows under a policy where every quality is 0 or 1: all that a guarantee about quality depends on.
///
/// A row's margin, its quality − α times that of the strongest tier, is 1 where it gained, 1 − α where it was kept, −α where
/// it was lost, and 0 where neither tier is right.
struct OutcomeCounts: Equatable {
  /// Rows that the chosen tier gets right and the strongest tier does not.
  var gained = 0
  /// Rows that both get right, those sent to the strongest tier among them.
  var kept = 0
  /// Rows that only the strongest tier gets right.
  var lost = 0

  /// The rows whose margin is not 0.
  var count: Int { gained + kept + lost }

  /// Counts one row.
  mutating func add(chosenIsRight: Bool, strongestIsRight: Bool) {
    switch (chosenIsRight, strongestIsRight) {
    case (true, true): kept += 1
    case (true, false): gained += 1
    case (false, true): lost += 1
    case (false, false): return
    }
  }

  /// The logarithm of what 1 would have become by the best constant bet on the margins, known only in hindsight: the
  /// likelihood ratio against "the mean margin is at most 0"; 0 where the mean margin is.
  ///
  /// It rises when a lost row becomes a kept one or a kept row a gained one, since every bet then wins more.
  ///
  /// - Parameter fraction: α, above 0 and below 1.
  func bestLogCapital(fraction: Double) -> Double {
    let (gained, kept, lost) = (Double(self.gained), Double(self.kept), Double(self.lost))
    let (alpha, rest) = (fraction, 1 - fraction)
    guard gained + rest * kept > alpha * lost else { return 0 }
    guard self.lost > 0 else { return gained * log1p(1 / alpha) + kept * log1p(rest / alpha) }
    // The derivative by the bet, times the three denominators, is a·bet² + b·bet + c with a < 0 < c.
    let a = -rest * alpha * (gained + kept + lost)
    let b = gained * (rest - alpha) + kept * rest * (1 - alpha) - lost * alpha * (1 + rest)
    let c = gained + rest * kept - alpha * lost
    let root = (b * b - 4 * a * c).squareRoot()
    let bet = b >= 0 ? (b + root) / (-2 * a) : 2 * c / (root - b)
    return gained * log1p(bet) + kept * log1p(rest * bet) + lost * log1p(-alpha * bet)
  }
}
