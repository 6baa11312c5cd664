import Ockham

/// The path of policies from "quality at any price" (λ = 0) to "the cheapest, whatever it is worth" (λ → ∞).
///
/// λ is the probability of a good answer that one more unit of cost must buy. Each row changes its tier at finitely
/// many λ; between two neighbouring ones the policy stays the same. The path takes about a hundred of these intervals,
/// evenly by the number of rows that change, and evaluates the policy in the middle of each with the rule that serves
/// requests.
package struct CostQualityCurve: Sendable, Equatable {
  /// One policy of the path.
  package struct Point: Sendable, Equatable {
    /// λ in probability per USD, or per nominal unit of cost.
    package var lambda: Double
    /// What the policy comes to.
    package var outcome: PolicyOutcome
  }

  /// The policies in ascending order of λ; neighbours differ on some row.
  package var points: [Point]

  /// The costs that λ is multiplied with.
  package var tierCosts: TierCosts

  /// Walks the frontier.
  ///
  /// - Parameters:
  ///   - table: the complete rows; `nil` for none, which gives no points.
  ///   - pointLimit: the largest number of points, at least 2.
  /// - Complexity: O(n·T² + n·T·log(n·T) + pointLimit·n·T).
  package init(_ table: OutcomeTable?, tierCosts: TierCosts, pointLimit: Int = 101) {
    self.tierCosts = tierCosts
    points = table.map { Self.points($0, costs: tierCosts.values, limit: pointLimit) } ?? []
  }

  private static func points(_ table: OutcomeTable, costs: [Double], limit: Int) -> [Point] {
    let changes = changes(table, costs: costs)
    var points: [Point] = []
    var previous: [Int]?
    for lambda in lambdas(between: changes, limit: limit) {
      let tiers = table.tiers(Thresholds(lambda: lambda, tierCosts: costs))
      guard tiers != previous else { continue }
      points.append(Point(lambda: lambda, outcome: table.outcome(tiers: tiers)))
      previous = tiers
    }
    return points
  }

  /// Every λ ≥ 0 at which some row changes its tier, ascending, as often as rows change there.
  private static func changes(_ table: OutcomeTable, costs: [Double]) -> [Double] {
    table.rows.flatMap { row in
      UpperEnvelope(table.log.probability.row(row).map(Double.init), costs: table.log.scaledCosts(costs, row: row))
        .changes
    }.sorted()
  }

  /// 0, values inside the gaps between neighbouring distinct changes, and one beyond the last change.
  private static func lambdas(between changes: [Double], limit: Int) -> [Double] {
    guard let last = changes.last else { return [0] }
    var gapEnds: [Int] = []
    for step in 1..<max(1, limit - 1) {
      var index = step * changes.count / (limit - 1)
      while index < changes.count, index > 0, changes[index] == changes[index - 1] { index += 1 }
      if index > 0, index < changes.count, index != gapEnds.last { gapEnds.append(index) }
    }
    return [0] + gapEnds.map { (changes[$0 - 1] + changes[$0]) / 2 } + [last > 0 ? 2 * last : 1]
  }
}

/// The upper envelope of the lines P(t) − λ·cost(t) over λ ≥ 0: the tier that a row goes to at each λ.
struct UpperEnvelope {
  /// The λ ≥ 0 at which the highest line changes, ascending; 0 for a tie that any price breaks.
  private(set) var changes: [Double] = []

  /// - Complexity: O(T²).
  init(_ probabilities: [Double], costs: [Double]) {
    var tier = probabilities.indices.max { (probabilities[$0], $0) < (probabilities[$1], $1) } ?? 0
    while let next = Self.next(after: tier, probabilities, costs) {
      changes.append(next.lambda)
      tier = next.tier
    }
  }

  /// The first cheaper line to cross the line of `tier`; of several at one λ, the cheapest.
  private static func next(
    after tier: Int, _ probabilities: [Double], _ costs: [Double]
  ) -> (lambda: Double, tier: Int)? {
    var first: (lambda: Double, tier: Int)?
    for other in costs.indices where costs[other] < costs[tier] {
      let lambda = (probabilities[tier] - probabilities[other]) / (costs[tier] - costs[other])
      let isFirst = first.map { (lambda, costs[other]) < ($0.lambda, costs[$0.tier]) } ?? true
      if isFirst { first = (lambda, other) }
    }
    return first
  }
}
