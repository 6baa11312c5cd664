import Ockham
import Statistics

/// What a cascade that reads responses is worth on a log, beside the router of prompts, a check by form alone, chance and the best
/// that any check could do.
///
/// Whether requests cascade at all, where they start and when they escalate is chosen for each fold of the questions on the
/// other folds; every attempt's dollars count.
package struct CascadeReport: Sendable, Equatable {
  /// What comes of one level; see ``SavingsReport/Level``.
  package struct Level: Sendable, Equatable {
    /// The share of the strongest tier's quality that policies are chosen to keep, 0…1.
    package var quality: Double
    /// 1 − dollars of all attempts / dollars of all to the strongest, at least 0.
    package var saved: Interval
    /// Quality / quality of all to the strongest.
    package var qualityKept: Interval
    /// Tiers asked per request, at least 1.
    package var attempts: Double
    /// The share of requests that escalate.
    package var escalated: Double
    /// How long the attempts before the last take per request, in milliseconds; `nil` where latencies are unknown.
    package var addedLatencyMilliseconds: Double?
    /// ``saved`` by the router of prompts.
    package var savedByRouter: Interval
    /// ``saved`` − ``savedByRouter``.
    package var savedOverRouter: Interval
    /// ``saved`` by a check by form alone; `nil` where no form is known.
    package var savedByForm: Interval?
    /// The quality kept where as many requests escalate from and to the same tiers, but by chance: for the same dollars.
    package var qualityKeptByChance: Double
  }

  /// What comes of one group of rows at the level of ``groupQuality``.
  package struct Group: Sendable, Equatable {
    package var name: String
    package var rows: Int
    /// 1 − dollars / dollars of all to the strongest; below 0 where the group costs more.
    package var saved: Double
    /// Quality / quality of all to the strongest; `nil` where that is 0.
    package var qualityKept: Double?
    package var attempts: Double
  }

  /// What a check that is never wrong would come to, each response that it reads being paid.
  package struct Oracle: Sendable, Equatable {
    /// 1 − dollars / dollars of all to the strongest.
    package var saved: Double
    /// Quality / quality of all to the strongest.
    package var qualityKept: Double
  }

  /// The level that groups are reported at.
  package static let groupQuality = 0.99

  /// The rows that everything is measured on.
  package var rows = 0
  /// What most folds choose.
  package var member = CascadeMember.router
  /// In the order of ``SavingsReport/qualities``; empty where nothing could be measured.
  package var levels: [Level] = []
  /// Areas under quality over dollars and gaps recovered.
  package var figures = CascadeFigures()
  /// The best that any check could do.
  package var oracle: Oracle?
  /// One per group, in the order of their names.
  package var groups: [Group] = []
  /// Why nothing could be measured, in a sentence; `nil` where it was.
  package var refused: String?

  /// The complete and priced rows with scored responses below which nothing is measured.
  static let fewestRows = 30

  /// The policies of each member on either side of gain 0.
  static let policiesPerSide = 60

  /// Measures a log.
  ///
  /// - Returns: `nil` where no response of the log was scored.
  /// - Complexity: O(policies · rows · T + resamples · rows).
  package init?(_ log: ScoredLog, costs: TierCosts, grouping: Grouping?, parameters: BootstrapParameters) {
    guard log.responses?.tiers.isEmpty == false else { return nil }
    guard let sample = CascadeSample(log, seed: parameters.seed), sample.count >= Self.fewestRows else {
      refused =
        "Fewer than \(Self.fewestRows) rows have the quality and the cost of every tier and the responses that are weighed: "
        + "cascades cannot be measured."
      return
    }
    rows = sample.count
    guard zip(costs.values, costs.values.dropFirst()).allSatisfy(<) else {
      refused = "The tiers' mean costs do not rise from tier to tier: cascades cannot be measured."
      return
    }
    let strongest = CascadeTotals(sample.log, services: sample.all(to: log.tierCount - 1))
    guard strongest.quality > 0, strongest.costUSD > 0 else {
      refused = "The strongest tier costs nothing or is never right: cascades cannot be measured."
      return
    }
    measure(sample, costs: costs, strongest: strongest, grouping: grouping, parameters: parameters)
  }

  private mutating func measure(
    _ sample: CascadeSample, costs: TierCosts, strongest: CascadeTotals, grouping: Grouping?,
    parameters: BootstrapParameters
  ) {
    let count = Self.policiesPerSide
    let study = CascadeStudy(sample, costs: costs.values, count: count)
    let form = sample.responses.byForm.map {
      CascadeStudy(sample.replacing($0), costs: costs.values, count: count)
    }
    member = study.member
    let ways = CascadeWays(study, form: form)
    let intervals = CascadeIntervals(ways, parameters: parameters)
    figures = intervals.figures
    levels = SavingsReport.qualities.indices.compactMap { intervals.level($0, of: ways) }
    let best = CascadeTotals(sample.log, services: sample.oracle)
    oracle = Oracle(
      saved: 1 - best.costUSD / strongest.costUSD, qualityKept: best.quality / strongest.quality)
    if let grouping {
      groups = sample.groups(grouping, services: study.services(.chosen, keeping: Self.groupQuality))
    }
  }
}

/// Weighted means over rows of what a way of serving comes to.
struct CascadeTotals {
  var quality = 0.0
  var costUSD = 0.0
  var attempts = 0.0
  var escalated = 0.0
  /// NaN where the latency of some attempt is unknown.
  var addedLatencyMilliseconds = 0.0

  /// - Parameter rows: which rows; all by default.
  init(_ log: ScoredLog, services: [CascadeService], rows: [Int]? = nil) {
    let rows = rows ?? Array(services.indices)
    let weight = rows.reduce(0) { $0 + log.weights[$1] }
    for row in rows {
      let (service, share) = (services[row], log.weights[row] / weight)
      quality += share * log.quality[row, service.tier]
      costUSD += share * log.costUSD(service, row: row)
      attempts += share * Double(service.attempts)
      escalated += service.attempts > 1 ? share : 0
      for tier in 0..<service.tier where service.asked.contains(tier) {
        addedLatencyMilliseconds += share * (log.latencyMilliseconds?[row, tier] ?? .nan)
      }
    }
    if log.latencyMilliseconds == nil { addedLatencyMilliseconds = .nan }
  }
}

extension CascadeSample {
  /// Every row to one tier [n].
  func all(to tier: Int) -> [CascadeService] {
    [CascadeService](repeating: CascadeService(start: tier, tier: tier, asked: TierSet(only: tier)), count: count)
  }

  /// Every row to the first tier with a check, and on to the cheapest tier above that is better where one is [n].
  var oracle: [CascadeService] {
    let start = checkedTiers.first ?? 0
    return (0..<count).map { row in
      let tier = (start..<log.tierCount).reduce(start) { log.quality[row, $1] > log.quality[row, $0] ? $1 : $0 }
      return CascadeService(start: start, tier: tier, asked: [start, tier])
    }
  }

  /// The mean quality where requests that start at a tier end at each tier as often as here, but by chance.
  func qualityByChance(_ services: [CascadeService]) -> Double {
    let tiers = log.tierCount
    var moves = Matrix(repeating: 0.0, rows: tiers, columns: tiers)
    for (row, service) in services.enumerated() { moves[service.start, service.tier] += log.weights[row] }
    let starts = (0..<tiers).map { moves.row($0).reduce(0, +) }
    var (quality, weight) = (0.0, 0.0)
    for (row, service) in services.enumerated() {
      weight += log.weights[row]
      for tier in service.start..<tiers where moves[service.start, tier] > 0 {
        quality += log.weights[row] * moves[service.start, tier] / starts[service.start] * log.quality[row, tier]
      }
    }
    return quality / weight
  }

  /// What the groups of the rows come to.
  func groups(_ grouping: Grouping, services: [CascadeService]) -> [CascadeReport.Group] {
    let last = all(to: log.tierCount - 1)
    let groups = Dictionary(grouping: 0..<count) { grouping.name(of: log.origins[$0]) }
    return groups.sorted { $0.key < $1.key }.map { name, rows in
      let own = CascadeTotals(log, services: services, rows: rows)
      let strongest = CascadeTotals(log, services: last, rows: rows)
      return CascadeReport.Group(
        name: name, rows: rows.count, saved: strongest.costUSD > 0 ? 1 - own.costUSD / strongest.costUSD : 0,
        qualityKept: strongest.quality > 0 ? own.quality / strongest.quality : nil, attempts: own.attempts)
    }
  }
}
