import Ockham

/// Quality against dollars as λ, the quality that a dollar must buy, falls from ∞ to −∞: from every request at the first
/// tier to every request at the last.
///
/// Every change of a row's tier adds quality and dollars. With the changes in the order of λ, the curve of any resample of
/// the rows is one pass of running sums.
struct CostSweep {
  /// One row moves up.
  private struct Change {
    var lambda: Double
    /// The position of the row among the complete ones.
    var position: Int
    /// Weighted.
    var quality: Double
    /// Weighted.
    var costUSD: Double
  }

  /// In descending order of λ.
  private let changes: [Change]

  /// - Parameters:
  ///   - costs: the mean costs that λ is multiplied with.
  ///   - isScaled: whether steps are scaled by each row's expected costs, where the log has them.
  /// - Returns: `nil` without priced rows, or where mean costs do not rise from tier to tier.
  /// - Complexity: O(m·T² + m·T·log(m·T)).
  init?(_ table: OutcomeTable, costs: TierCosts, isScaled: Bool) {
    let values = costs.values
    guard !table.pricedPositions.isEmpty, zip(values, values.dropFirst()).allSatisfy(<) else { return nil }
    changes = table.pricedPositions.flatMap { position in
      let row = table.rows[position]
      let scaled = isScaled ? table.log.scaledCosts(values, row: row) : values
      let path = TierPath(table.log.probability.row(row).map(Double.init), scaledCosts: scaled, costs: values)
      return Self.changes(path, table.log, row: row, position: position)
    }.sorted { ($1.lambda, $0.position) < ($0.lambda, $1.position) }
  }

  private static func changes(_ path: TierPath, _ log: ScoredLog, row: Int, position: Int) -> [Change] {
    var tier = 0
    return path.changes.map { change in
      defer { tier = change.tier }
      return Change(
        lambda: change.lambda, position: position,
        quality: log.weights[row] * (log.quality[row, change.tier] - log.quality[row, tier]),
        costUSD: log.weights[row] * (log.cost[row, change.tier] - log.cost[row, tier]))
    }
  }

  /// The area under (quality gained) over (extra dollars), both as shares of what lies between all requests at the first
  /// and all at the last tier, by trapezoids between distinct λ. Random routing has 0.5. `nil` where the last tier is not
  /// better or not more expensive.
  ///
  /// - Parameter multiplicity: how often the complete row at a position counts.
  /// - Complexity: O(m·T), no allocation.
  func area(multiplicity: (Int) -> Int) -> Double? {
    var (area, dollars, quality) = (0.0, 0.0, 0.0)
    var (lastDollars, lastQuality) = (0.0, 0.0)
    for (index, change) in changes.enumerated() {
      let times = Double(multiplicity(change.position))
      dollars += times * change.costUSD
      quality += times * change.quality
      if index + 1 < changes.count, changes[index + 1].lambda == change.lambda { continue }
      area += (dollars - lastDollars) * (quality + lastQuality) / 2
      (lastDollars, lastQuality) = (dollars, quality)
    }
    return dollars > 0 && quality > 0 ? area / (dollars * quality) : nil
  }
}

/// The areas under quality over dollars; see ``CostSweep/area(multiplicity:)``.
struct CostAreas {
  private let own: CostSweep?
  private let flat: CostSweep?

  init(_ table: OutcomeTable, costs: TierCosts) {
    flat = CostSweep(table, costs: costs, isScaled: false)
    own = table.log.thresholdScale == nil ? nil : CostSweep(table, costs: costs, isScaled: true)
  }

  /// The areas of a resample.
  func metrics(multiplicity: (Int) -> Int) -> CostMetrics {
    let flat = flat?.area(multiplicity: multiplicity)
    let own = own?.area(multiplicity: multiplicity)
    return CostMetrics(apgr: own ?? flat, flatAPGR: flat, overFlat: own.flatMap { own in flat.map { own - $0 } })
  }
}

/// What routing by gain per dollar comes to.
package struct CostMetrics: Sendable, Equatable {
  /// The area under quality over dollars by the model's own rule; `nil` where the last tier is not better or not more expensive, or
  /// costs are unknown.
  package var apgr: Double?
  /// The same with every step at its mean cost.
  package var flatAPGR: Double?
  /// The difference of the two; `nil` for a model that predicts no costs.
  package var overFlat: Double?
}
