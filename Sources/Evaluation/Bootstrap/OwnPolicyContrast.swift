/// The quality of a model's own policy minus the quality expected from random routing with the same shares.
///
/// With weights w and multiplicities m: Σ m·w·q(own) / W − Σ_t S_t·Q_t / W², where S_t = Σ m·w·[own = t],
/// Q_t = Σ m·w·q_t and W = Σ m·w.
struct OwnPolicyContrast {
  private let tiers: [Int]
  private let weights: [Double]
  private let quality: Matrix<Double>

  /// - Parameter tiers: the tier that the model chose for each complete row [m].
  init(_ table: OutcomeTable, tiers: [Int]) {
    self.tiers = tiers
    weights = table.rows.map { table.log.weights[$0] }
    quality = table.log.quality.selecting(table.rows)
  }

  /// The contrast of a resample in which row i occurs `multiplicity(i)` times.
  ///
  /// - Complexity: O(m·T).
  func value(multiplicity: (Int) -> Int) -> Double {
    let tierCount = quality.columns
    var shares = [Double](repeating: 0, count: tierCount)
    var qualities = shares
    var total = 0.0
    var own = 0.0
    for row in tiers.indices {
      let weight = Double(multiplicity(row)) * weights[row]
      total += weight
      shares[tiers[row]] += weight
      own += weight * quality.elements[row * tierCount + tiers[row]]
      for tier in 0..<tierCount { qualities[tier] += weight * quality.elements[row * tierCount + tier] }
    }
    return own / total - zip(shares, qualities).reduce(0) { $0 + $1.0 * $1.1 } / (total * total)
  }
}
