import Foundation

/// Where the dollars of a period went, and what routing saved.
package struct AuditMoney: Sendable, Equatable {
  package var requests: Int
  /// Dollars of requests whose cost is known, and how many have none.
  package var spentUSD: Double
  package var unpriced: Int
  /// What everything had taken in the strongest tier, less what it took.
  package var saved: AuditFigure
  /// Of what all to the strongest tier had taken.
  package var savedShare: AuditFigure
  /// What an answer of the strongest tier took more than its price says, on average, by the tier that served instead; empty while too
  /// few were asked.
  package var corrections: [String: Double]
  /// What the requests that ``saved`` speaks of had taken in the strongest tier, and how many they are.
  package var strongestUSD: Double
  package var compared: Int
  package var labelUSD: Double
  package var judgeUSD: Double
  /// ``saved`` less what finding out took.
  package var net: AuditFigure
  /// Of answers that were thrown away; part of what was spent.
  package var rejectedUSD: Double
  /// The quality of what was served less that of a random mix of the cheapest and the strongest tier for the same dollars.
  package var overMix: AuditFigure
  /// The share of requests that such a mix sends to the strongest tier.
  package var mixShare: Double?
  /// The share of the dollars that the most expensive requests took: of 1 %, 5 % and 10 % of them.
  package var mostExpensive: [MostExpensivePart]

  /// What some of the most expensive requests took.
  package struct MostExpensivePart: Sendable, Equatable {
    package var share: Double
    package var requests: Int
    package var costUSD: Double
  }

  init(_ traffic: Traffic, shares: TrafficShares, confidence: Double) {
    let total = traffic.total
    requests = total.requests
    (spentUSD, unpriced) = (total.costUSD, total.unpriced)
    (labelUSD, judgeUSD, rejectedUSD) = (total.labelUSD, total.judgeUSD, total.rejectedUSD)
    let correction = Correction(traffic, shares)
    corrections = correction?.means ?? [:]
    saved = Self.saved(traffic, total, correction, confidence)
    (strongestUSD, compared) = (total.strongestUSD + (correction?.value ?? 0), total.compared)
    // Requests of the strongest tier alone would say that nothing was saved.
    if saved.value == nil { (strongestUSD, compared) = (0, 0) }
    savedShare =
      strongestUSD > 0 ? saved.scaled(by: 1 / strongestUSD) : .unknown(saved.reason ?? "nothing would have been spent")
    net = saved.scaled(by: 1, less: total.labelUSD + total.judgeUSD)
    mixShare = Self.mixShare(total)
    overMix = Self.overMix(traffic, mixShare, shares)
    mostExpensive = [0.01, 0.05, 0.1].map { share in
      let count = Int((Double(total.priced) * share).rounded())
      return MostExpensivePart(share: share, requests: count, costUSD: total.costs.sum(ofLargest: count))
    }
  }

  /// The spread of savings is the greater of that between requests and that between hours, since requests of one conversation
  /// resemble each other.
  private static func saved(
    _ traffic: Traffic, _ total: TrafficCell, _ correction: Correction?, _ confidence: Double
  ) -> AuditFigure {
    guard total.compared > 0 else {
      return .unknown(
        total.priced == 0
          ? "no request's cost is known; set the prices of targets, or give --price TIER=INPUT,OUTPUT"
          : "the strongest tier's price is not known; give --price TIER=INPUT,OUTPUT in USD per million tokens")
    }
    if let refusal = refusal(traffic) { return .unknown(refusal) }
    let count = Double(total.compared)
    guard total.compared > 1 else { return AuditFigure(value: total.savedUSD, reason: "one request", isModelled: true) }
    let mean = total.savedUSD / count
    let between = max(0, total.squaredSaving - count * mean * mean) / (count - 1) * count
    var variance = max(between, hourly(traffic, mean: mean))
    if let correction { variance += correction.variance }
    var figure = AuditFigure.estimate(
      total.savedUSD + (correction?.value ?? 0), variance: variance, degrees: count - 1, confidence: confidence)
    figure.isModelled = correction == nil
    return figure
  }

  /// Requests of the other tiers must be known in the strongest tier's dollars, nearly all of them.
  private static func refusal(_ traffic: Traffic) -> String? {
    let others = traffic.totals(by: \.tier).filter { total in
      total.key.map { $0 != traffic.strongest && traffic.tierNames.contains($0) } ?? false
    }.values
    let (priced, compared) = others.reduce((0, 0)) { ($0.0 + $1.priced, $0.1 + $1.compared) }
    guard Double(compared) < 0.95 * Double(priced) else { return nil }
    return
      "what \(priced - compared) of \(priced) requests had taken in the strongest tier is not known; give --price TIER=INPUT,OUTPUT"
  }

  /// The variance of the sum from hours: those of Σ(saving − mean).
  private static func hourly(_ traffic: Traffic, mean: Double) -> Double {
    let hours = traffic.totals(by: \.hour).values.filter { $0.compared > 0 }
    guard hours.count >= 20 else { return 0 }
    let squares = hours.reduce(0.0) { sum, hour in
      let deviation = hour.savedUSD - mean * Double(hour.compared)
      return sum + deviation * deviation
    }
    return squares * Double(hours.count) / Double(hours.count - 1)
  }

  /// What shadow answers of the strongest tier cost more than its price for the served answers' tokens.
  private struct Correction {
    var means: [String: Double] = [:]
    var value = 0.0
    var variance = 0.0

    /// `nil` where too few were asked.
    init?(_ traffic: Traffic, _ shares: TrafficShares) {
      guard let strongest = traffic.strongest else { return nil }
      let totals = traffic.totals(by: \.tier)
      for (tier, total) in totals where total.compared > 0 && tier != strongest {
        let errors = tier.map { shares.cell(served: $0, rated: strongest).costError } ?? WeightedSums()
        guard errors.count >= 30, let mean = errors.mean, let variance = errors.variance else { return nil }
        if let tier { means[tier] = mean }
        value += Double(total.compared) * mean
        self.variance += Double(total.compared) * Double(total.compared) * variance
      }
    }
  }

  /// π with π·strongest + (1 − π)·cheapest = spent, on requests of which all three are known.
  private static func mixShare(_ total: TrafficCell) -> Double? {
    guard total.floored > 0, total.floored == total.compared, total.strongestUSD > total.cheapestUSD else { return nil }
    return (total.comparedUSD - total.cheapestUSD) / (total.strongestUSD - total.cheapestUSD)
  }

  private static func overMix(_ traffic: Traffic, _ mixShare: Double?, _ shares: TrafficShares) -> AuditFigure {
    guard let low = traffic.cheapest, let high = traffic.strongest, low != high else {
      return .unknown("there is one tier")
    }
    guard let share = mixShare else {
      return .unknown("the prices of the cheapest and the strongest tier are not both known; give --price for each")
    }
    guard share >= 0, share <= 1 else {
      return .unknown(
        share > 1
          ? "more was spent than all to \(high) had taken: no mix costs as much"
          : "less was spent than all to \(low) had taken: no mix costs as little")
    }
    // What was served, less π of the strongest tier, less 1 − π of the cheapest: 0 for what either of them served itself.
    return shares.difference(range: -1...1) { served in
      let up = TrafficShares.Term(rated: high, alpha: share, beta: -share)
      let down = TrafficShares.Term(rated: low, alpha: 1 - share, beta: share - 1)
      return (served == high ? [] : [up]) + (served == low ? [] : [down])
    }
  }
}

// Parts of what was saved.
extension AuditMoney {
  /// Requests of a part, and what they saved; `nil` where that is not known of the whole.
  struct PartSum {
    var cell = TrafficCell()
    var savedUSD: Double?
  }

  /// The requests by a part of their keys, each request saving what it adds to ``saved``: the parts add up to it.
  func sums<Part: Hashable>(of traffic: Traffic, by part: (TrafficKey) -> Part) -> [Part: PartSum] {
    traffic.cells.reduce(into: [:]) { sums, cell in
      let name = part(cell.key)
      sums[name, default: PartSum()].cell.merge(cell.value)
      guard saved.value != nil, cell.value.compared > 0 else { return }
      let correction = cell.key.tier.flatMap { corrections[$0] } ?? 0
      let own = cell.value.savedUSD + Double(cell.value.compared) * correction
      let before = sums[name]?.savedUSD ?? 0
      sums[name]?.savedUSD = before + own
    }
  }
}
