import Foundation
import Statistics

/// Whether a fixed set of prompts, asked again and again of one target, is still answered as it was: a provider that changes a model silently
/// shows here first, with the same prompts every time and no judge.
///
/// Each prompt has a share of passes of its own, known from a reference, and counts the more the surer it passed; an answer that fails is a bet
/// won against "as before, less the tolerance and twice what the reference may be wrong by".
package struct CanaryPrompts: Sendable {
  private var asked: [Int]
  private var passed: [Int]
  private var detector: BettingDetector
  private var terms: Terms?
  /// Since the reference, the last answers only: what was bet on, and by how much each fell short of its prompt's share.
  private var recent: [Double] = []
  private var shortfalls: [Double] = []
  private let daysToFalseAlarm: Double
  private let targets: Int
  private let asksPerDay: Double
  private let referenceRounds: Int
  private(set) package var hasAlarm = false

  /// What passes may fall by, beside what a short reference does not know.
  package static let tolerance = 0.01

  /// - Parameters:
  ///   - prompts: how many.
  ///   - asksPerDay: how often all prompts together are asked in a day.
  ///   - targets: how many share the false alarms.
  ///   - referenceRounds: how many first answers to each prompt are the reference.
  package init(
    prompts: Int, daysToFalseAlarm: Double = 365, asksPerDay: Double = 480, targets: Int = 1,
    referenceRounds: Int = 24
  ) {
    asked = [Int](repeating: 0, count: prompts)
    passed = asked
    (self.daysToFalseAlarm, self.asksPerDay, self.targets) = (daysToFalseAlarm, asksPerDay, targets)
    self.referenceRounds = max(1, referenceRounds)
    detector = BettingDetector(lowest: -1)
  }

  /// Takes an answer.
  package mutating func add(_ prompt: Int, _ isGood: Bool) {
    if asked[prompt] < referenceRounds {
      asked[prompt] += 1
      passed[prompt] += isGood ? 1 : 0
      terms = nil
      return
    }
    let terms = terms ?? Terms(asked: asked, passed: passed)
    if self.terms == nil { detector = BettingDetector(lowest: terms.lowest) }
    self.terms = terms
    let draw = terms.draw(prompt, isGood)
    detector.add(draw)
    recent.append(draw)
    shortfalls.append(terms.shares[prompt] - (isGood ? 1 : 0))
    let kept = 5 * asked.count
    if recent.count > kept {
      recent.removeFirst(recent.count - kept)
      shortfalls.removeFirst(shortfalls.count - kept)
    }
    if !hasAlarm {
      hasAlarm = detector.evidence >= log(daysToFalseAlarm * max(1, asksPerDay) * Double(targets))
    } else if recent.count == kept, recent.reduce(0, +) <= 0 {
      hasAlarm = false
      detector.restart()
    }
  }

  /// What is bet on, once the reference is whole.
  private struct Terms: Sendable {
    /// By prompt: the share of passes, and how much it counts.
    let shares: [Double]
    let weights: [Double]
    /// Twice what a draw's mean may be wrong by, for the reference is short.
    let margin: Double

    init(asked: [Int], passed: [Int]) {
      shares = zip(asked, passed).map { (Double($1) + 0.5) / (Double($0) + 1) }
      let variances = shares.map { $0 * (1 - $0) }
      let weights = variances.map { Self.usual / ($0 + Self.usual) }
      self.weights = weights
      let error = zip(asked, variances.indices).reduce(0) { sum, item in
        sum + weights[item.1] * weights[item.1] * variances[item.1] / Double(max(1, item.0))
      }
      margin = 2 * error.squareRoot() / Double(asked.count)
    }

    /// The variance of an answer from which on a prompt counts less than half.
    private static let usual = 0.02

    func draw(_ prompt: Int, _ isGood: Bool) -> Double {
      weights[prompt] * (shares[prompt] - (isGood ? 1 : 0) - CanaryPrompts.tolerance) - margin
    }

    var lowest: Double { shares.indices.reduce(-1e-3) { min($0, draw($1, true)) } }
  }

  /// The share of passes in the reference, and of late; `nil` where nothing is known.
  package var shares: (before: Double?, now: Double?) {
    let count = asked.reduce(0, +)
    let before = count > 0 ? Double(passed.reduce(0, +)) / Double(count) : nil
    guard let before, !shortfalls.isEmpty else { return (before, nil) }
    return (before, min(1, max(0, before - shortfalls.reduce(0, +) / Double(shortfalls.count))))
  }

  /// ln of the sum of e-values.
  package var evidence: Double { detector.evidence }
}
