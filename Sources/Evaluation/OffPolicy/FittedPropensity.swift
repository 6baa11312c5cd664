import Foundation
import Statistics

/// The probability of each tier for each row, fitted where a log does not say: a guess at why who answered did.
///
/// One logistic regression per tier against the rest with a ridge, on what the log shows of a row (the model's probabilities, the
/// length, how often the tier answers in the row's dataset), fitted five times on four fifths of the conversations and read on
/// the rest; the tiers' probabilities are scaled to a sum of 1 and none is below 0.02. It is blind to whatever else decided.
struct FittedPropensity {
  /// The least probability that is believed.
  static let floor = 0.02
  /// The share of rows whose tier may be predicted before the log counts as deterministic.
  static let predictedShare = 0.99

  private static let folds = 5
  private static let ridge = 1.0

  /// The fitted probability of the tier that answered [rows].
  let served: [Double]
  /// The share of rows in which the tier that answered is the most probable one by the fit.
  let predictedShare: Double

  /// - Parameters:
  ///   - features: what is known of each row without its outcome [rows × any].
  ///   - groups: where each row comes from, such as its dataset [rows].
  ///   - tiers: the tier that answered [rows].
  ///   - conversations: rows of one number are never on both sides of a fit [rows].
  ///   - tierCount: T.
  init(features: [[Double]], groups: [String], tiers: [Int], conversations: [Int], tierCount: Int) {
    let scaled = Self.standardised(features)
    var chances = [[Double]](repeating: [], count: tiers.count)
    for fold in 0..<Self.folds {
      let isHeldOut = conversations.map {
        Int(SplitMix64.mixed(UInt64($0) &+ 0x9e37_79b9) % UInt64(Self.folds)) == fold
      }
      let training = tiers.indices.filter { !isHeldOut[$0] }
      let rest = tiers.indices.filter { isHeldOut[$0] }
      guard !rest.isEmpty else { continue }
      for row in rest { chances[row] = [] }
      for tier in 0..<tierCount {
        let rates = GroupRates(training.map { (groups[$0], tiers[$0] == tier) })
        func inputs(_ row: Int) -> [Double] { [1, rates.logOdds(groups[row])] + scaled[row] }
        let fit = LogisticRidge(
          training.map(inputs), training.map { tiers[$0] == tier ? 1 : 0 }, ridge: Self.ridge)
        for row in rest { chances[row].append(fit.probability(inputs(row))) }
      }
    }
    let clipped = chances.map(Self.clipped)
    served = zip(clipped, tiers).map { $0[$1] }
    let predicted = zip(chances, tiers).count { chance, tier in chance.allSatisfy { $0 <= chance[tier] } }
    predictedShare = tiers.isEmpty ? 0 : Double(predicted) / Double(tiers.count)
  }

  /// Scaled to a sum of 1, none below the floor.
  private static func clipped(_ chances: [Double]) -> [Double] {
    let sum = chances.reduce(0, +)
    let raised = chances.map { max(floor, sum > 0 ? $0 / sum : 1 / Double(chances.count)) }
    let total = raised.reduce(0, +)
    return raised.map { max(floor, $0 / total) }
  }

  /// Columns of mean 0 and standard deviation 1; constant ones become 0.
  private static func standardised(_ rows: [[Double]]) -> [[Double]] {
    guard let width = rows.first?.count else { return rows }
    let count = Double(rows.count)
    let means = (0..<width).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let deviations = (0..<width).map { column in
      (rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
    return rows.map { row in
      row.indices.map { deviations[$0] > 0 ? (row[$0] - means[$0]) / deviations[$0] : 0 }
    }
  }
}

/// How often a tier answers in each group, drawn to the mean of all groups as by ten rows of it.
private struct GroupRates {
  private static let priorRows = 10.0
  private var counts: [String: (rows: Double, hits: Double)] = [:]
  private let mean: Double

  init(_ rows: [(group: String, isHit: Bool)]) {
    let hits = rows.count { $0.isHit }
    mean = (Double(hits) + 0.5) / (Double(rows.count) + 1)
    for row in rows {
      counts[row.group, default: (0, 0)].rows += 1
      if row.isHit { counts[row.group, default: (0, 0)].hits += 1 }
    }
  }

  func logOdds(_ group: String) -> Double {
    let (rows, hits) = counts[group] ?? (0, 0)
    let rate = (hits + mean * Self.priorRows) / (rows + Self.priorRows)
    return log(rate / (1 - rate))
  }
}

/// Logistic regression with a ridge on all inputs but the first, by Newton's method.
private struct LogisticRidge {
  private let weights: [Double]

  init(_ inputs: [[Double]], _ targets: [Double], ridge: Double) {
    let width = inputs.first?.count ?? 1
    func loss(_ weights: [Double]) -> Double {
      let penalty = weights.dropFirst().reduce(0) { $0 + ridge * $1 * $1 / 2 } + 1e-6 * weights[0] * weights[0] / 2
      return zip(inputs, targets).reduce(penalty) { $0 + Self.loss(Self.dot($1.0, weights), $1.1) }
    }
    weights = Newton(maximumIterations: 30).minimise(
      from: [Double](repeating: 0, count: width), loss: loss
    ) { point, _ in
      var gradient = point.enumerated().map { $0 == 0 ? 1e-6 * $1 : ridge * $1 }
      var curvature = (0..<width).map { row in (0..<width).map { $0 == row ? (row == 0 ? 1e-6 : ridge) : 0.0 } }
      for (row, target) in zip(inputs, targets) {
        let p = Self.sigmoid(Self.dot(row, point))
        for i in 0..<width {
          gradient[i] += (p - target) * row[i]
          for j in 0...i { curvature[i][j] += p * (1 - p) * row[i] * row[j] }
        }
      }
      for i in 0..<width { for j in 0..<i { curvature[j][i] = curvature[i][j] } }
      let step = Self.solved(curvature, gradient)
      let decrease = Self.dot(step, gradient)
      guard decrease > 1e-9 else { return nil }
      return Newton.Step(decrease: decrease) { part in zip(point, step).map { $0 - part * $1 } }
    }
  }

  func probability(_ row: [Double]) -> Double { Self.sigmoid(Self.dot(row, weights)) }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  private static func sigmoid(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }
  private static func loss(_ logit: Double, _ target: Double) -> Double {
    max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
  }

  /// The solution of a symmetric positive definite system, by elimination.
  private static func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var (a, b) = (matrix, right)
    for pivot in b.indices {
      for row in b.indices where row > pivot {
        let factor = a[row][pivot] / a[pivot][pivot]
        for column in pivot..<b.count { a[row][column] -= factor * a[pivot][column] }
        b[row] -= factor * b[pivot]
      }
    }
    for row in b.indices.reversed() {
      for column in b.indices where column > row { b[row] -= a[row][column] * b[column] }
      b[row] /= a[row][row]
    }
    return b
  }
}
