import Foundation

/// What other thresholds would have done: every threshold times one factor, so that a dollar must buy so much more quality, or less.
///
/// Counted on a sample of the requests that a policy weighed. With two tiers that is exact. With more, a request names the threshold of
/// the tier that it was weighed against; those of the others stand to it as they do on average.
package struct AuditThresholds: Sendable, Equatable {
  /// One factor.
  package struct Choice: Sendable, Equatable {
    package var factor: Double
    /// The share of weighed requests per tier, cheapest first.
    package var shares: [Double]
    /// Dollars in the period, for all weighed requests, less those at a factor of 1; modelled.
    package var costUSD: Double?
    /// Quality of weighed requests, less that at a factor of 1: as rated, and as the model predicts.
    package var rated: AuditFigure
    package var predicted: Double
    package var isRecommended = false
  }

  package var weighed: Int
  package var sampled: Int
  package var choices: [Choice]
  /// Why there are none.
  package var reason: String?
  /// Why this one is recommended, or why none is.
  package var advice: String

  static let factors = [0, 0.25, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 3, 5]
  static let fewestRated = 20
  /// What a recommended change may lose in quality, and has to save in dollars, as shares.
  static let tolerableLoss = 0.005
  static let leastSaving = 0.02

  init(_ traffic: Traffic, guarantee: AuditQuality.Guarantee, confidence: Double) {
    (weighed, sampled, choices, advice) = (traffic.sample.seen, traffic.sample.rows.count, [], "")
    let rows = WeighedRow.all(traffic)
    guard rows.count >= TrafficShares.fewestPairs else {
      reason =
        "the log says of \(rows.count) requests what gain a policy weighed against which threshold, at least \(TrafficShares.fewestPairs) are needed"
      return
    }
    let scale = Double(weighed) / Double(max(1, sampled)) * Double(sampled) / Double(rows.count)
    choices = Self.factors.map { factor in
      Self.choice(factor, rows, tiers: traffic.tierNames.count, scale: scale, confidence)
    }
    recommend(rows, scale: scale, guarantee)
  }

  private static func choice(
    _ factor: Double, _ rows: [WeighedRow], tiers: Int, scale: Double, _ confidence: Double
  ) -> Choice {
    var counts = [Double](repeating: 0, count: tiers)
    var (cost, predicted, priced) = (0.0, 0.0, 0)
    var rated = RatedMoves()
    for row in rows {
      let (now, then) = (row.choose(factor: 1), row.choose(factor: factor))
      counts[then] += 1
      predicted += row.probabilities[then] - row.probabilities[now]
      if let a = row.costs[now], let b = row.costs[then] { (cost, priced) = (cost + b - a, priced + 1) }
      rated.add(row, now: now, then: then)
    }
    let count = Double(rows.count)
    return Choice(
      factor: factor, shares: counts.map { $0 / count },
      costUSD: priced * 10 >= rows.count * 9 ? cost * scale * count / Double(priced) : nil,
      rated: factor == 1 ? .exact(0) : rated.figure(rows: count, confidence), predicted: predicted / count)
  }

  /// The cheapest choice that keeps the quality, or, where a guarantee is broken, the cheapest that wins more than it is short of.
  private mutating func recommend(_ rows: [WeighedRow], scale: Double, _ guarantee: AuditQuality.Guarantee) {
    let spent = rows.reduce(0.0) { $0 + ($1.costs[$1.choose(factor: 1)] ?? 0) } * scale
    guard choices.contains(where: { $0.costUSD != nil && $0.factor != 1 }), spent > 0 else {
      advice = "No change can be weighed: what each tier would have taken is not known; give --price for each tier."
      return
    }
    if guarantee == .broken {
      advice =
        "The guarantee is broken: lower the thresholds (a factor below 1), and prove them with ockham calibrate on a labelled log."
      return
    }
    let fitting = choices.indices.filter { index in
      guard let cost = choices[index].costUSD, cost < -Self.leastSaving * spent else { return false }
      return (choices[index].rated.low ?? choices[index].predicted) >= -Self.tolerableLoss
    }
    guard let best = fitting.min(by: { (choices[$0].costUSD ?? 0) < (choices[$1].costUSD ?? 0) }) else {
      advice =
        "No factor saves more than 2 % of the dollars of weighed requests for half a point of quality: leave them as they are."
      return
    }
    choices[best].isRecommended = true
    advice =
      "Worth a try: every threshold times \(choices[best].factor.formatted(.number.locale(Locale(identifier: "en_US_POSIX")))). "
      + "Prove it first: ockham calibrate on a labelled log, then ockham replay against what serves now."
  }
}

/// The quality that moves win, on requests that were rated under both tiers; moves that were not rated are stood for by those that were.
private struct RatedMoves {
  private var count = 0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ row: WeighedRow, now: Int, then: Int) {
    guard now != then, let a = row.labels[now], let b = row.labels[then], let x = a.quality, let y = b.quality else {
      return
    }
    let difference = (y - x) / min(a.inclusion, b.inclusion)
    count += 1
    sum += difference
    squares += difference * difference
  }

  func figure(rows: Double, _ confidence: Double) -> AuditFigure {
    guard count >= AuditThresholds.fewestRated else {
      return .unknown(
        "\(count) of the moved requests are rated under both tiers, at least \(AuditThresholds.fewestRated) are needed")
    }
    let variance = max(0, squares - sum * sum / rows) / (rows * rows)
    return .estimate(sum / rows, variance: variance, degrees: Double(count - 1), confidence: confidence)
  }
}

/// A request that was weighed, with what each tier's threshold was for it.
struct WeighedRow {
  /// By tier, cheapest first.
  var probabilities: [Double]
  var thresholds: [Double]
  var costs: [Double?]
  var labels: [TrafficLabel?]

  /// The tier that wins most over its threshold times a factor; of equals the upper one.
  func choose(factor: Double) -> Int {
    var (best, net) = (0, 0.0)
    for tier in probabilities.indices.dropFirst() {
      let won = probabilities[tier] - probabilities[0] - factor * thresholds[tier]
      if won >= net { (best, net) = (tier, won) }
    }
    return best
  }

  /// The rows of a sample, those that know every tier's probability.
  static func all(_ traffic: Traffic) -> [WeighedRow] {
    let names = traffic.tierNames
    guard names.count > 1 else { return [] }
    let known = traffic.sample.rows.compactMap { row -> (ScoredSample.Row, [Double], Int)? in
      let probabilities = names.compactMap { row.probabilities[$0] }
      guard probabilities.count == names.count, let candidate = candidate(row, probabilities) else { return nil }
      return (row, probabilities, candidate)
    }
    let means = meanThresholds(known.map { ($0.0.threshold, $0.2) }, tiers: names.count)
    return known.map { row, probabilities, candidate in
      let ratio = means[candidate] == 0 ? 0 : row.threshold / means[candidate]
      return WeighedRow(
        probabilities: probabilities,
        thresholds: names.indices.map { $0 == candidate ? row.threshold : means[$0] * ratio },
        costs: names.map { row.tierUSD[$0] }, labels: names.map { name in row.labels.first { $0.tier == name } })
    }
  }

  /// The tier that the gain is the gain of: that of the nearest difference to the cheapest tier's probability.
  private static func candidate(_ row: ScoredSample.Row, _ probabilities: [Double]) -> Int? {
    let misses = probabilities.indices.dropFirst().map { ($0, abs(probabilities[$0] - probabilities[0] - row.gain)) }
    guard let best = misses.min(by: { $0.1 < $1.1 }), best.1 < 1e-3 else { return nil }
    return best.0
  }

  /// A tier that nothing was weighed against is out of reach.
  private static func meanThresholds(_ weighed: [(threshold: Double, candidate: Int)], tiers: Int) -> [Double] {
    (0..<tiers).map { tier in
      guard tier > 0 else { return 0 }
      let own = weighed.filter { $0.candidate == tier }
      return own.isEmpty ? .infinity : own.reduce(0) { $0 + $1.threshold } / Double(own.count)
    }
  }
}
