/// How good answers were found to be, and whether what was guaranteed held.
package struct AuditQuality: Sendable, Equatable {
  /// One tier, key or kind of task.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var requests: Int
    package var ratings: Int
    /// Of what was served.
    package var served: AuditFigure
    /// Of the tier, were it asked for everything; unknown of keys and kinds of task.
    package var ofAll: AuditFigure
  }

  /// Whether the guarantee held.
  package enum Guarantee: Sendable, Equatable {
    case none
    case kept
    case broken
    /// The ratings cannot decide, and why.
    case open(String)
  }

  package var ratings: Int
  package var drawn: Int
  package var missing: Int
  package var served: AuditFigure
  /// Of the strongest tier, were it asked for everything.
  package var strongest: AuditFigure
  /// ``served`` less the target's share of ``strongest``.
  package var overTarget: AuditFigure
  package var targetQuality: Double?
  package var guarantee: Guarantee
  package var tiers: [Part]
  package var keys: [Part]
  package var tasks: [Part]
  package var feedbacks: Int
  package var meanFeedback: Double?

  init(_ traffic: Traffic, shares: TrafficShares, options: AuditOptions) {
    let total = traffic.total
    (drawn, missing, feedbacks) = (total.drawn, total.missing, total.feedbacks)
    meanFeedback = total.feedbacks > 0 ? total.feedback / Double(total.feedbacks) : nil
    ratings = shares.servedRatings
    served = shares.servedQuality
    strongest = traffic.strongest.map(shares.quality(ofAllTo:)) ?? .unknown("there is no tier")
    tiers = traffic.tierNames.map { tier in
      Part(
        name: tier, requests: traffic.totals(by: \.tier)[tier]?.requests ?? 0,
        ratings: shares.cell(served: tier, rated: tier).quality.count, served: shares.quality(servedBy: tier),
        ofAll: shares.quality(ofAllTo: tier))
    }
    keys = Self.parts(traffic, by: \.key, options.confidence)
    tasks = Self.parts(traffic, by: \.task, options.confidence)
    targetQuality = options.targetQuality
    overTarget = Self.overTarget(traffic, shares, options.targetQuality)
    guarantee = Self.guarantee(overTarget, options.targetQuality)
  }

  private static func parts(
    _ traffic: Traffic, by part: @escaping (TrafficKey) -> String?, _ confidence: Double
  ) -> [Part] {
    let names = Set(traffic.rated.keys.compactMap { part($0.traffic) })
    let totals = traffic.totals(by: part)
    return names.sorted { (totals[$0]?.requests ?? 0, $1) > (totals[$1]?.requests ?? 0, $0) }.map { name in
      let shares = TrafficShares(traffic.filtered { part($0) == name }, confidence: confidence)
      return Part(
        name: name, requests: totals[name]?.requests ?? 0, ratings: shares.servedRatings, served: shares.servedQuality,
        ofAll: .unknown(""))
    }
  }

  private static func overTarget(_ traffic: Traffic, _ shares: TrafficShares, _ target: Double?) -> AuditFigure {
    guard let target else {
      return .unknown("no guarantee is named; give --target-quality 0.97, or a --model that was calibrated with one")
    }
    guard let strongest = traffic.strongest else { return .unknown("there is no tier") }
    return shares.difference(range: -1...1) { _ in
      [TrafficShares.Term(rated: strongest, alpha: 1, beta: -target)]
    }
  }

  private static func guarantee(_ overTarget: AuditFigure, _ target: Double?) -> Guarantee {
    guard target != nil else { return .none }
    switch overTarget.side(of: 0) {
    case 1: return .kept
    case -1: return .broken
    default:
      return .open(
        overTarget.reason ?? "the interval reaches to both sides of the guarantee; more ratings would decide it")
    }
  }
}
