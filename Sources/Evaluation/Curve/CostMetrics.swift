/// The areas under quality over dollars; see ``CostSweep/area(multiplicity:)``.
struct CostAreas {
  private let own: CostSweep?
  private let flat: CostSweep?

  init(_ table: OutcomeTable, costs: TierCosts) {
    flat = CostSweep(table, costs: costs, isScaled: false)
    own = table.log.stepScale == nil ? nil : CostSweep(table, costs: costs, isScaled: true)
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
  /// The area under quality over dollars by the model's own rule; `nil` where the last tier is not better or not dearer, or
  /// costs are unknown.
  package var apgr: Double?
  /// The same with every step at its mean cost.
  package var flatAPGR: Double?
  /// The difference of the two; `nil` for a model that foretells no costs.
  package var overFlat: Double?
}
