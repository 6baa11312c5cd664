/// The weighted mean of the differences of pairs, and how sure it is.
package struct PairedDifference: Sendable, Hashable {
  /// d̄ = Σ w d / Σ w.
  package let mean: Double
  /// √(Σ w² (d − d̄)²) / Σ w: the standard error of d̄ for independent pairs.
  package let standardError: Double

  /// - Parameters:
  ///   - differences: first − second of each pair.
  ///   - weights: how much each pair counts, at least 0, not all 0.
  /// - Complexity: O(pairs).
  package init(_ differences: [Double], weights: [Double]) {
    let total = weights.reduce(0, +)
    let mean = zip(differences, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let squares = zip(differences, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 * $1.1 }
    self.mean = mean
    standardError = squares.squareRoot() / total
  }

  /// The same for pairs that are independent only between groups: the standard error is over these, √(Σ W² (D − d̄)²) / Σ W, with
  /// W the weight of a group and D its mean.
  ///
  /// - Parameter groups: the places of the pairs of each group; every pair is in one.
  package init(_ differences: [Double], weights: [Double], groups: [[Int]]) {
    let totals = groups.map { $0.reduce(0) { $0 + weights[$1] } }
    let means = zip(groups, totals).map { places, total in
      total > 0 ? places.reduce(0) { $0 + weights[$1] * differences[$1] } / total : 0
    }
    self.init(means, weights: totals)
  }
}
