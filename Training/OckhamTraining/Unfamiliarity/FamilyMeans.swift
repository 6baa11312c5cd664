import Statistics

/// The mean quality of each tier in each family, and what unseen families are likely to have.
struct FamilyMeans: Sendable {
  /// By family and tier; `nil` where the family does not know the tier.
  private let means: [[Double?]]

  /// - Parameters:
  ///   - dataset: with the labels that heads are fitted to, so that tiers are compared over the same families.
  ///   - rows: those that count.
  init(_ dataset: Dataset, rows: [Int], families: Families) {
    var means = families.names.map { _ in dataset.tierNames.map { _ in Double?.none } }
    for (family, places) in families.parted(rows) {
      for tier in dataset.tierNames.indices {
        var (sum, total) = (0.0, 0.0)
        for place in places {
          let (row, label) = (rows[place], dataset.labels[rows[place], tier])
          guard !label.isNaN else { continue }
          let weight = Double(dataset.weight(ofRow: row, tier: tier))
          sum += weight * Double(label)
          total += weight
        }
        if total > 0 { means[family][tier] = sum / total }
      }
    }
    self.means = means
  }

  /// What families come to for one tier.
  struct Estimate: Sendable {
    /// Their mean, each counting once, and the ends of its interval, in 0…1.
    var mean, lower, upper: Double
  }

  /// The mean over families with its 95 % interval by Student's t, one family being one observation; 0 to 1 around a single one.
  ///
  /// - Parameter family: one that is not counted.
  func estimate(_ tier: Int, without family: Int? = nil) -> Estimate? {
    let known = means.indices.filter { $0 != family }.compactMap { means[$0][tier] }
    guard !known.isEmpty else { return nil }
    let mean = known.reduce(0, +) / Double(known.count)
    guard known.count > 1 else { return Estimate(mean: mean, lower: 0, upper: 1) }
    let freedom = Double(known.count - 1)
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / freedom
    let half = StudentT.quantile(0.975, degrees: freedom) * (variance / Double(known.count)).squareRoot()
    return Estimate(mean: mean, lower: max(0, mean - half), upper: min(1, mean + half))
  }
}
