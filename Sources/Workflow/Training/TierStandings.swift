package import Evaluation
package import OckhamTraining
import Statistics
import TextKit

/// What a log says of its tiers before training: what each is worth and costs, which are worth having, and which upper one is
/// worse than one below it.
package struct TierStandings: Sendable {
  /// One tier.
  package struct Standing: Sendable, Hashable {
    package let tier: String
    /// The rows that tell its quality.
    package let rows: Int
    package let meanQuality: Double?
    package let meanCostUSD: Double?
    /// Whether no other tier is at least as good for at most the same money; `nil` where that is unknown.
    package fileprivate(set) var isWorthHaving: Bool?
  }

  package private(set) var standings: [Standing]
  /// A sentence for each upper tier that does worse than one below it.
  package let warnings: [String]

  /// - Parameter costs: the mean costs that thresholds will be chosen for.
  package init(_ dataset: Dataset, costs: TierCosts) {
    var standings = dataset.tierNames.enumerated().map { tier, name in
      let known = dataset.rows(telling: [tier])
      return Standing(
        tier: name, rows: known.count, meanQuality: dataset.meanQuality(tier, known),
        meanCostUSD: costs.source == .nominal ? dataset.meanCost(tier) : costs.values[tier])
    }
    let all = standings
    for place in standings.indices {
      standings[place].isWorthHaving =
        all.allSatisfy { $0.meanQuality != nil && $0.meanCostUSD != nil }
        ? !all.contains { $0.beats(all[place]) } : nil
    }
    self.standings = standings
    warnings = dataset.tierNames.indices.dropFirst().compactMap { Self.warning(dataset, upper: $0) }
  }

  /// The tiers that are worth having, cheapest first; empty where costs are unknown.
  package var front: [String] { standings.filter { $0.isWorthHaving == true }.map(\.tier) }

  /// What a tier is compared with: the tier below it that does best against it.
  private static func warning(_ dataset: Dataset, upper: Int) -> String? {
    var worst: (lower: Int, lead: PairedDifference, rows: [Int])?
    for lower in 0..<upper {
      let rows = dataset.rows(telling: [lower, upper])
      guard rows.count > 1 else { continue }
      let lead = PairedDifference(
        rows.map { Double(dataset.labels[$0, lower]) - Double(dataset.labels[$0, upper]) },
        weights: rows.map { Double(dataset.weights[$0]) })
      if lead.mean > lead.standardError, lead.mean > worst?.lead.mean ?? 0 { worst = (lower, lead, rows) }
    }
    guard let worst else { return nil }
    func quality(_ tier: Int) -> String { NumberFormat.decimal(dataset.meanQuality(tier, worst.rows), places: 3) }
    let (name, below) = (SafeText.name(dataset.tierNames[upper]), SafeText.name(dataset.tierNames[worst.lower]))
    return
      "tier '\(name)' is worse than '\(below)' below it: mean quality \(quality(upper)) against \(quality(worst.lower)) on "
      + "the \(NumberFormat.count(worst.rows.count)) requests that tell both; leave it out, or name the tiers cheapest first"
  }
}

extension TierStandings.Standing {
  /// Whether this tier leaves no reason to have another: as good for as little money, and better in one of them.
  fileprivate func beats(_ other: Self) -> Bool {
    guard let quality = meanQuality, let cost = meanCostUSD, let otherQuality = other.meanQuality,
      let otherCost = other.meanCostUSD
    else { return false }
    return quality >= otherQuality && cost <= otherCost && (quality > otherQuality || cost < otherCost)
  }
}

extension Dataset {
  /// The rows that tell the quality of all of some tiers.
  fileprivate func rows(telling tiers: [Int]) -> [Int] {
    (0..<rows).filter { row in tiers.allSatisfy { !labels[row, $0].isNaN } }
  }

  fileprivate func meanQuality(_ tier: Int, _ rows: [Int]) -> Double? {
    let total = rows.reduce(0) { $0 + Double(weights[$1]) }
    return total > 0 ? rows.reduce(0) { $0 + Double(weights[$1]) * Double(labels[$1, tier]) } / total : nil
  }

  fileprivate func meanCost(_ tier: Int) -> Double? {
    let known = (0..<rows).filter { !costs[$0 * tierNames.count + tier].isNaN }
    let total = known.reduce(0) { $0 + Double(weights[$1]) }
    return total > 0 ? known.reduce(0) { $0 + Double(weights[$1]) * costs[$1 * tierNames.count + tier] } / total : nil
  }
}
