import Foundation
import Ockham
import Statistics

/// Scored requests whose outcomes are all known: what loops draw their traffic from.
struct Pool: Decodable {
  /// A number that the turns of a conversation share, from 0 up [n].
  let conversation: [Int]
  /// P(good) by tier, as a model predicts it [n × T].
  let probability: [[Double]]
  /// The quality by tier [n × T].
  let quality: [[Double]]
  /// Dollars by tier [n × T]; 1 where unknown.
  let cost: [[Double]]

  /// The rows of each conversation, in parts as a deciding sequence takes them.
  var conversations: [[Int]] {
    var rows = [[Int]](repeating: [], count: (conversation.max() ?? -1) + 1)
    for (row, number) in conversation.enumerated() { rows[number].append(row) }
    return rows.filter { !$0.isEmpty }
  }
}

/// Two policies on a pool: the incumbent sends all to the strongest tier, the candidate follows the model at the gain with which it sends about
/// the wanted share elsewhere.
struct Contest {
  let pool: Pool
  let conversations: [[Int]]
  /// The candidate's tier by row.
  let tier: [Int]
  /// The strongest tier.
  let strongest: Int
  /// The candidate's quality less the incumbent's by row.
  let difference: [Double]
  /// The same as a judge sees it on average, who takes good for bad and bad for good with the probability `noise`.
  let judged: Double
  /// Δ.
  let trueValue: Double
  /// d.
  let share: Double

  init(_ pool: Pool, wantedShare: Double, noise: Double) {
    self.pool = pool
    conversations = pool.conversations
    let strongest = pool.quality[0].count - 1
    self.strongest = strongest
    func tiers(_ gain: Float) -> [Int] {
      let thresholds = Thresholds(increments: [Float](repeating: gain, count: strongest))
      return pool.probability.map { thresholds.choose($0.map { Float($0) }.span).tier }
    }
    var (low, high) = (Float(-1), Float(1))
    for _ in 0..<30 {
      let middle = (low + high) / 2
      let elsewhere = tiers(middle).count { $0 != strongest }
      if Double(elsewhere) < wantedShare * Double(pool.quality.count) { low = middle } else { high = middle }
    }
    let chosen = tiers(high)
    tier = chosen
    difference = chosen.indices.map { pool.quality[$0][chosen[$0]] - pool.quality[$0][strongest] }
    trueValue = difference.reduce(0, +) / Double(difference.count)
    share = Double(chosen.count { $0 != strongest }) / Double(chosen.count)
    judged = trueValue * (1 - 2 * noise)
  }

  /// Whether the policies disagree on a row.
  func disagrees(_ row: Int) -> Bool { tier[row] != strongest }

  /// What the model predicts of the difference.
  func prediction(_ row: Int) -> Double { pool.probability[row][tier[row]] - pool.probability[row][strongest] }

  /// The standard deviation of the difference as the model predicts it.
  func deviation(_ row: Int) -> Double {
    let chances = pool.probability[row]
    return ((chances[tier[row]] * (1 - chances[tier[row]])) + chances[strongest] * (1 - chances[strongest]))
      .squareRoot()
  }

  /// Dollars of a label: the answer of the candidate's tier and a judge who reads both, at the strongest tier's price of one.
  func labelUSD(_ row: Int) -> Double { pool.cost[row][tier[row]] + pool.cost[row][strongest] / 4 }
}
