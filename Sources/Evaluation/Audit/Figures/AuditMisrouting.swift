/// Requests that were sent higher than they had to be, and lower than they should have been, as ratings of several tiers say.
package struct AuditMisrouting: Sendable, Equatable {
  /// What one tier served, beside what another made of it.
  package struct Step: Sendable, Equatable {
    package var served: String
    package var other: String
    /// Whether the other tier is the cheaper one.
    package var isOver: Bool
    package var requests: Int
    package var pairs: Int
    /// The share that the cheaper tier had answered well enough, or that only the more expensive tier had.
    package var share: AuditFigure
    /// Pairs behind the share.
    package var found: Int
  }

  package var steps: [Step]

  init(_ traffic: Traffic, shares: TrafficShares, confidence: Double) {
    let names = traffic.tierNames
    steps = names.indices.flatMap { served in
      names.indices.filter { $0 != served }.compactMap { other in
        Self.step(names[served], names[other], isOver: other < served, shares, confidence)
      }
    }
  }

  private static func step(
    _ served: String, _ other: String, isOver: Bool, _ shares: TrafficShares, _ confidence: Double
  ) -> Step? {
    guard let requests = shares.requests[served], requests > 0 else { return nil }
    let pairs = shares.cell(served: served, rated: other).pairs
    let weight = isOver ? pairs.both + pairs.onlySecond : pairs.onlySecond
    let found = isOver ? pairs.bothCount + pairs.onlySecondCount : pairs.onlySecondCount
    return Step(
      served: served, other: other, isOver: isOver, requests: requests, pairs: pairs.count,
      share: share(weight, of: pairs, shares, confidence), found: found)
  }

  private static func share(
    _ weight: Double, of pairs: PairSums, _ shares: TrafficShares, _ confidence: Double
  ) -> AuditFigure {
    if let refusal = shares.refusal { return .unknown(refusal) }
    guard pairs.count >= TrafficShares.fewestRatings else {
      return .unknown(TrafficShares.tooFew(pairs.count, needed: TrafficShares.fewestRatings, unit: "rated pairs"))
    }
    let effective = pairs.weight * pairs.weight / pairs.squaredWeight
    return .wilson(weight / pairs.weight, count: effective, degrees: Double(pairs.count - 1), confidence: confidence)
  }
}
