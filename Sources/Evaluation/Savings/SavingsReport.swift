/// How many of the strongest tier's dollars a model saves while it keeps so much of that tier's quality, by thresholds that
/// have not seen the requests that they are judged on.
///
/// The questions are assigned to folds. For each level, each fold is served by the cheapest thresholds of the path λ ↦ λ · cost
/// that keep the level on the other folds; all to the strongest always does, so that nothing is saved at worst. What is really
/// kept may fall short of the level: it is told beside it, and is no guarantee.
package struct SavingsReport: Sendable, Equatable {
  /// What comes of one level.
  package struct Level: Sendable, Equatable {
    /// The share of the strongest tier's quality that thresholds are chosen to keep, 0…1.
    package var quality: Double
    /// 1 − dollars / dollars of all to the strongest, at least 0.
    package var saved: Interval
    /// Quality / quality of all to the strongest.
    package var qualityKept: Interval
  }

  /// In the order of ``qualities``; empty where nothing could be measured.
  package var levels: [Level] = []
  /// Why nothing could be measured, in a sentence; `nil` where it was.
  package var refused: String?

  /// The levels of reports.
  package static let qualities = [0.95, 0.97, 0.99, 1.0]

  /// The folds that questions are assigned to.
  static let folds = 5

  /// The complete and priced rows below which nothing is measured.
  static let fewestRows = 30

  /// Measures a log.
  ///
  /// - Parameter table: the complete rows of the log, or none.
  /// - Complexity: O(policies · rows · T + resamples · rows).
  package init(_ table: OutcomeTable?, costs: TierCosts, parameters: BootstrapParameters) {
    guard let table, table.pricedPositions.count >= Self.fewestRows else {
      refused =
        "Fewer than \(Self.fewestRows) rows have the quality and the cost of every tier: savings cannot be measured."
      return
    }
    let priced = table.log.selecting(table.pricedPositions.map { table.rows[$0] })
    guard let grid = try? StepGrid(costs: costs, log: priced, count: Self.policiesPerSide) else {
      refused = "The tiers' mean costs do not rise from tier to tier: savings cannot be measured."
      return
    }
    let sample = SavingsSample(
      priced.inCanonicalOrder(), policies: grid.gains.map(grid.thresholds), seed: parameters.seed)
    guard sample.canBeSaved else {
      refused = "The strongest tier costs nothing or is never right: savings cannot be measured."
      return
    }
    levels = Self.qualities.compactMap { sample.level($0, parameters) }
  }

  /// The policies that are chosen among on either side of gain 0.
  private static let policiesPerSide = 300
}
