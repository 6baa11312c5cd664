import Foundation
import Ockham
import Statistics

/// Where propensities come from.
package enum PropensitySource: String, Sendable, CaseIterable {
  /// The log.
  case logged
  /// A fit of who answered on what the log shows: see ``FittedPropensity``.
  case fitted
}

/// The rows of a scored log whose tier is known that answered: what off-policy estimates are made from.
struct DrawLog {
  let log: ScoredLog
  /// Rows with a draw, as indices into the log [m].
  let rows: [Int]
  let draws: [LoggedDraw]
  let source: PropensitySource
  /// How the tier of each row came about [m].
  let roles: [OffPolicySample.Role]
  /// The conversation of each row [m].
  let conversations: [Int]
  /// The probability of the tier that answered, logged or fitted; NaN where unknown [m].
  let propensities: [Double]
  /// The share of drawn rows whose tier the fit predicts; `nil` of logged propensities.
  let predictedShare: Double?

  /// `nil` when no row contains who answered.
  init?(_ log: ScoredLog, source: PropensitySource) {
    let rows = (0..<log.rowCount).filter { log.draws[$0] != nil }
    let draws = rows.compactMap { log.draws[$0] }
    guard !rows.isEmpty else { return nil }
    let conversations = Self.conversations(draws)
    let roles = Self.roles(draws, conversations, source)
    self.log = log
    self.rows = rows
    self.draws = draws
    self.source = source
    self.conversations = conversations
    self.roles = roles
    guard source == .fitted else {
      propensities = draws.map { $0.propensity ?? .nan }
      predictedShare = nil
      return
    }
    let drawn = rows.indices.filter { roles[$0] == .drawn }
    let fit = FittedPropensity(
      features: drawn.map { Self.features(log, rows[$0]) }, groups: drawn.map { log.origins[rows[$0]].dataset },
      tiers: drawn.map { draws[$0].tier }, conversations: drawn.map { conversations[$0] }, tierCount: log.tierCount)
    var fitted = [Double](repeating: .nan, count: rows.count)
    for (place, propensity) in zip(drawn, fit.served) { fitted[place] = propensity }
    propensities = fitted
    predictedShare = fit.predictedShare
  }

  /// The logits of the probabilities, the logarithm of the length and its square.
  private static func features(_ log: ScoredLog, _ row: Int) -> [Double] {
    let length = log1p(Double(log.promptBytes[row]))
    return log.probability.row(row).map { p in
      let kept = min(max(Double(p), 1e-4), 1 - 1e-4)
      return Foundation.log(kept / (1 - kept))
    } + [length, length * length]
  }

  private static func conversations(_ draws: [LoggedDraw]) -> [Int] {
    var numbers: [String: Int] = [:]
    var count = 0
    return draws.map { draw in
      if let name = draw.conversation, let known = numbers[name] { return known }
      if let name = draw.conversation { numbers[name] = count }
      count += 1
      return count - 1
    }
  }

  private static func roles(
    _ draws: [LoggedDraw], _ conversations: [Int], _ source: PropensitySource
  ) -> [OffPolicySample.Role] {
    var lastDraw: [Int: Int] = [:]
    return zip(draws, conversations).map { draw, conversation in
      if draw.isDrawn {
        lastDraw[conversation] = draw.tier
        return .drawn
      }
      return draw.isHeld(source) && lastDraw[conversation] == draw.tier ? .held : .fixed
    }
  }
}

extension LoggedDraw {
  /// Whether chance could have drawn another tier. A log that does not say is taken at its propensity: only 1 leaves none, and
  /// no fit can determine otherwise.
  fileprivate var isDrawn: Bool { isEligible ?? (propensity != 1) }

  /// Whether the tier may be that of an earlier draw.
  fileprivate func isHeld(_ source: PropensitySource) -> Bool {
    conversation != nil && isEligible == false && (source == .fitted || (propensity.map { $0 < 1 } ?? false))
  }
}

extension DrawLog {
  /// What estimates are made of.
  enum Reward {
    case quality
    case cost
    case latency
    case failure

    /// What the reward cannot leave; `nil` where only what was seen bounds it.
    var range: ClosedRange<Double>? {
      switch self {
      case .quality, .failure: 0...1
      case .cost, .latency: nil
      }
    }
  }

  /// A sample of one reward and the rows that know it, as positions in ``rows``.
  func sample(_ reward: Reward) -> (sample: OffPolicySample, places: [Int]) {
    let known = rows.indices.filter { value(reward, $0) != nil }
    let values = known.compactMap { value(reward, $0) }
    // Where requests that no one rated know what they cost, so do all: then it was not drawn who knows it.
    let isRated = reward == .quality || known.allSatisfy { draws[$0].quality != nil }
    let made = known.indices.map { index in
      let (place, draw) = (known[index], draws[known[index]])
      return OffPolicySample.Row(
        tier: draw.tier, propensity: propensities[place], role: roles[place], reward: values[index],
        weight: log.weights[rows[place]] / (isRated ? draw.inclusion : 1), conversation: conversations[place],
        allowed: draw.allowed.union(TierSet(only: draw.tier)))
    }
    let predictions =
      switch reward {
      case .quality: Matrix(known.flatMap { log.probability.row(rows[$0]).map(Double.init) }, columns: log.tierCount)
      case .cost, .latency, .failure: Self.leftOutMeans(made, tierCount: log.tierCount)
      }
    return (
      OffPolicySample(
        rows: made, predictions: predictions, range: reward.range ?? 0...(values.max() ?? 0),
        isRangeKnown: reward.range != nil), known
    )
  }

  private func value(_ reward: Reward, _ place: Int) -> Double? {
    switch reward {
    case .quality: draws[place].quality
    case .cost: draws[place].costUSD
    case .latency: draws[place].latencyMilliseconds
    case .failure: draws[place].hasFailed.map { $0 ? 1 : 0 }
    }
  }

  /// The mean reward of each tier over the other conversations [rows × T]; NaN where there is none.
  private static func leftOutMeans(_ rows: [OffPolicySample.Row], tierCount: Int) -> Matrix<Double> {
    let all = TierSums(rows, tierCount: tierCount)
    let own = Dictionary(grouping: rows, by: \.conversation).mapValues { TierSums($0, tierCount: tierCount) }
    return Matrix(
      rows.flatMap { row in (0..<tierCount).map { all.mean(of: $0, without: own[row.conversation]) } },
      columns: tierCount)
  }
}

/// Sums of rewards by tier.
private struct TierSums {
  private var rewards: [Double]
  private var weights: [Double]
  private var counts: [Int]

  init(_ rows: [OffPolicySample.Row], tierCount: Int) {
    rewards = [Double](repeating: 0, count: tierCount)
    weights = rewards
    counts = [Int](repeating: 0, count: tierCount)
    for row in rows {
      rewards[row.tier] += row.weight * row.reward
      weights[row.tier] += row.weight
      counts[row.tier] += 1
    }
  }

  /// The mean of what is left when a part is taken away; NaN of nothing.
  func mean(of tier: Int, without part: TierSums?) -> Double {
    guard counts[tier] > part?.counts[tier] ?? 0 else { return .nan }
    return (rewards[tier] - (part?.rewards[tier] ?? 0)) / (weights[tier] - (part?.weights[tier] ?? 0))
  }
}

extension DrawLog {
  /// The chances of thresholds that choose among each row's allowed tiers [places × T].
  func chances(_ thresholds: Thresholds, places: [Int]) -> Matrix<Double> {
    let tiers = places.map { place in
      thresholds.tier(log, row: rows[place], allowed: draws[place].allowed.union(TierSet(only: draws[place].tier)))
    }
    return OffPolicyEstimate.chances(tiers: tiers, tierCount: log.tierCount)
  }

  /// The chances of choosing at random with the given shares, whatever the request, among each row's allowed tiers.
  func chances(shares: [Double], places: [Int]) -> Matrix<Double> {
    var chances = Matrix(repeating: 0.0, rows: places.count, columns: log.tierCount)
    for (row, place) in places.enumerated() {
      let allowed = draws[place].allowed.union(TierSet(only: draws[place].tier))
      let open = shares.indices.filter(allowed.contains)
      let sum = open.reduce(0) { $0 + shares[$1] }
      for tier in open { chances[row, tier] = sum > 0 ? shares[tier] / sum : 1 / Double(open.count) }
    }
    return chances
  }
}
