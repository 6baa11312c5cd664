import Ockham
import Statistics

/// The tier that a policy chooses for each of some rows, and what that comes to: the one place where shares and means of a
/// policy are taken.
struct PolicyChoices {
  private let log: ScoredLog
  private let rows: [Int]
  private let tiers: [Int]

  /// - Parameters:
  ///   - rows: indices into the log [m].
  ///   - tiers: the tier of each of them [m].
  init(_ log: ScoredLog, rows: [Int], tiers: [Int]) {
    self.log = log
    self.rows = rows
    self.tiers = tiers
  }

  /// What thresholds choose for all rows of a log.
  init(_ log: ScoredLog, thresholds: Thresholds) {
    let all = Array(0..<log.rowCount)
    self.init(log, rows: all, tiers: thresholds.tiers(log, rows: all))
  }

  /// Their summed weight.
  var weight: Double { rows.reduce(0) { $0 + log.weights[$1] } }

  /// The weighted share of the rows per tier [T]; sums to 1.
  var share: [Double] {
    var share = [Double](repeating: 0, count: log.tierCount)
    for (row, tier) in zip(rows, tiers) { share[tier] += log.weights[row] }
    let total = weight
    return share.map { $0 / total }
  }

  /// The weighted mean of a value of the chosen tiers, such as quality [rows × T]; `nil` without rows.
  func mean(of values: Matrix<Double>) -> Double? {
    guard !rows.isEmpty else { return nil }
    return zip(rows, tiers).reduce(0) { $0 + log.weights[$1.0] * values[$1.0, $1.1] } / weight
  }

  /// The choices in those rows for which every tier's value is known.
  func complete(in values: Matrix<Double>) -> PolicyChoices {
    let kept = rows.indices.filter { place in values.row(rows[place]).allSatisfy { !$0.isNaN } }
    return PolicyChoices(log, rows: kept.map { rows[$0] }, tiers: kept.map { tiers[$0] })
  }

  /// The share of rows, by weight, for which another policy chooses another tier.
  func differingShare(from other: PolicyChoices) -> Double {
    let differing = rows.indices.reduce(0.0) { $0 + (tiers[$1] == other.tiers[$1] ? 0 : log.weights[rows[$1]]) }
    return differing / weight
  }
}
