import Ockham

/// Which of its two liberties a cascade uses.
package enum CascadeMember: String, Sendable, CaseIterable {
  /// Starts where it pays and takes every response as it is: the router of prompts.
  case router
  /// Starts at the first tier and escalates where it pays.
  case cascade
  /// Starts where it pays and escalates where it pays.
  case both
}

/// A path of cascades from the cheapest to the most expensive: what is fixed before the outcomes are read that one is chosen by.
///
/// A policy is named by its gain g, as in ``StepGrid``. Above 0 a dollar must buy g / (cost_last − cost_first) of quality; at
/// 0 quality alone counts; below, the last tier is credited with a premium of −g. At the upper end every request gets the
/// response of the first tier that it may start at, at the lower end that of the last tier alone.
struct CascadeFamily: Sendable, Equatable {
  let member: CascadeMember
  let costs: [Double]
  let spreads: [Float]
  let checkedTiers: TierSet
  /// The gains in descending order, from cheapest to most expensive.
  let gains: [Double]

  /// - Parameters:
  ///   - costs: rising costs per tier [T].
  ///   - spreads: see ``CascadePolicy/spreads`` [T − 1].
  ///   - checkedTiers: the tiers with response heads, at least one.
  ///   - isScaled: whether steps are scaled by each request's expected costs.
  ///   - count: the number of gains on either side of 0, at least 1.
  init(
    _ member: CascadeMember, costs: [Double], spreads: [Float], checkedTiers: TierSet, isScaled: Bool, count: Int
  ) {
    self.member = member
    self.costs = costs
    self.spreads = spreads
    self.checkedTiers = checkedTiers
    let span = costs[costs.count - 1] - costs[0]
    let least = zip(costs, costs.dropFirst()).map { ($1 - $0) / span }.min() ?? 1
    let largest = (1.001 + Double(spreads.max() ?? 0)) / least
    let upper = isScaled ? largest / Double(ThresholdScaling.range.lowerBound) : largest
    gains = (-count...count).reversed().map { index in
      let position = Double(index) / Double(count)
      return (index < 0 ? largest : upper) * position * position * position
    }
  }

  /// The policy at a gain.
  func policy(_ gain: Double) -> CascadePolicy {
    var policy = CascadePolicy(
      tierCostUSD: costs, spreads: spreads, lambda: max(0, gain) / (costs[costs.count - 1] - costs[0]),
      premium: max(0, -gain))
    policy.checkedTiers = member == .router ? [] : checkedTiers
    if member == .cascade, let first = checkedTiers.first { policy.startTiers = TierSet(only: first) }
    return policy
  }

  /// The members of a path whose parts are the same.
  static func all(
    costs: [Double], spreads: [Float], checkedTiers: TierSet, isScaled: Bool, count: Int
  ) -> [CascadeFamily] {
    CascadeMember.allCases.map {
      CascadeFamily(
        $0, costs: costs, spreads: spreads, checkedTiers: checkedTiers, isScaled: isScaled, count: count)
    }
  }
}

/// What a cascade makes of one request.
struct CascadeService: Sendable, Equatable {
  /// The tier that was asked first.
  var start: Int
  /// The tier whose response was taken.
  var tier: Int
  /// The tiers that were asked.
  var asked: TierSet

  /// The number of tiers asked.
  var attempts: Int { asked.count }
}

extension CascadePolicy {
  /// Serves a row of a log by the rule that serves requests; a response that was not scored is taken as it is.
  func serve(_ log: ScoredLog, _ responses: ResponseScores, row: Int) -> CascadeService {
    let tiers = log.tierCount
    let scaleElements = log.thresholdScale?.elements ?? []
    let allScales = scaleElements.span
    let scales =
      allScales.isEmpty ? allScales : allScales.extracting(row * (tiers - 1)..<(row + 1) * (tiers - 1))
    let prompt = log.probability.elements
    let start = start(prompt.span.extracting(row * tiers..<(row + 1) * tiers), thresholdScales: scales)
    var service = CascadeService(start: start, tier: start, asked: TierSet(only: start))
    while service.tier < tiers - 1, let scores = responses.probability[service.tier] {
      let elements = scores.elements
      let values = elements.span.extracting(row * scores.columns..<(row + 1) * scores.columns)
      guard !values[0].isNaN, let step = escalation(from: service.tier, values, thresholdScales: scales),
        step.isWorthwhile
      else { break }
      service.tier = step.candidate
      service.asked.insert(step.candidate)
    }
    return service
  }
}

extension ScoredLog {
  /// The dollars of all attempts at a row.
  func costUSD(_ service: CascadeService, row: Int) -> Double {
    (0..<tierCount).reduce(0) { service.asked.contains($1) ? $0 + cost[row, $1] : $0 }
  }
}
