import Foundation
import Statistics
import Testing

@testable import Evaluation

/// Means of ratings that were drawn with unequal probabilities: against resampling, and how often their intervals hold the true value.
@Suite struct RatingTests {
  /// One request of a population: who serves it, and how good each tier's answer would be.
  private struct Member {
    var served: Int
    var quality: [Double]
    var inclusion: Double
  }

  private static let tiers = ["small", "frontier"]

  /// Requests that frontier answers rightly more often; those that are served by it are harder. Disagreements are drawn more often.
  private static func population(_ count: Int, seed: UInt64) -> [Member] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let ease = MadeUpTraffic.unit(&random)
      let served = ease < 0.35 ? 1 : 0
      let quality = [0.35 + 0.6 * ease, 0.85 + 0.1 * ease].map { MadeUpTraffic.unit(&random) < $0 ? 1.0 : 0.0 }
      // The audit rates all requests alike; on those that small served, a candidate disagrees and is drawn for.
      let inclusion = served == 0 ? 1 - 0.9 * (1 - 0.15 * (0.4 + 0.6 * ease)) : 0.1
      return Member(served: served, quality: quality, inclusion: inclusion)
    }
  }

  private static func rows(_ population: [Member]) -> [TrafficRow] {
    population.enumerated().map { number, member in
      TrafficRow(
        id: "r\(number)", time: 1_000, tier: tiers[member.served], answeredTier: tiers[member.served],
        costUSD: member.served == 0 ? 0.001 : 0.01, strongestUSD: 0.01, cheapestUSD: 0.001, isEligible: true)
    }
  }

  /// One draw of ratings on top of traffic without any.
  private static func drawn(
    _ base: Traffic, _ population: [Member], _ rows: [TrafficRow], _ random: inout SplitMix64
  ) -> Traffic {
    var traffic = base
    for (member, row) in zip(population, rows) where MadeUpTraffic.unit(&random) < member.inclusion {
      let labels = tiers.indices.map {
        TrafficLabel(tier: tiers[$0], quality: member.quality[$0], inclusion: member.inclusion)
      }
      for label in labels {
        traffic.rated[RatedKey(traffic: TrafficKey(row), rated: label.tier), default: RatedCell()]
          .add(label, served: labels[member.served], of: row)
      }
    }
    return traffic
  }

  @Test func theVarianceOfAMeanIsThatOfItsResamples() throws {
    var random = SplitMix64(seed: 3)
    let draws = (0..<400).map { _ -> (Double, Double) in
      let ease = MadeUpTraffic.unit(&random)
      return (MadeUpTraffic.unit(&random) < ease ? 1 : 0, 1 / (0.1 + 0.9 * ease))
    }
    var sums = WeightedSums()
    for (value, weight) in draws { sums.add(value, weight: weight) }
    let plain = draws.reduce(0) { $0 + $1.0 * $1.1 } / draws.reduce(0) { $0 + $1.1 }
    #expect(abs(try #require(sums.mean) - plain) < 1e-12)
    let means = (0..<2_000).map { _ -> Double in
      var resample = WeightedSums()
      for _ in draws {
        let (value, weight) = draws[Int(random.next() % 400)]
        resample.add(value, weight: weight)
      }
      return resample.mean ?? 0
    }
    let centre = means.reduce(0, +) / 2_000
    let spread = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 1_999
    #expect(abs(try #require(sums.variance) / spread - 1) < 0.1)
  }

  @Test func combinationsOfPairsAreThoseOfTheirValues() throws {
    var random = SplitMix64(seed: 4)
    var (pairs, plain) = (PairSums(), WeightedSums())
    for _ in 0..<100 {
      let (a, b, w) = (MadeUpTraffic.unit(&random), MadeUpTraffic.unit(&random), 1 + 9 * MadeUpTraffic.unit(&random))
      pairs.add(a, b, weight: w)
      plain.add(a - 0.97 * b, weight: w)
    }
    let sums = pairs.combination(1, -0.97)
    #expect(agree(sums.mean, plain.mean) && agree(sums.variance, plain.variance))
    #expect(pairs.bothCount + pairs.onlyFirstCount + pairs.onlySecondCount <= 100)
  }

  /// 1,000 draws of ratings from one population: intervals of 95 % contain the population's mean about as often, and never much less.
  @Test func intervalsHoldTheTruth() throws {
    let population = Self.population(1_500, seed: 5)
    let rows = Self.rows(population)
    let base = Traffic(rows: rows, tierNames: Self.tiers, period: 0..<10_000)
    var options = AuditOptions()
    options.targetQuality = 0.97
    let count = Double(population.count)
    let served = population.reduce(0) { $0 + $1.quality[$1.served] } / count
    let strongest = population.reduce(0) { $0 + $1.quality[1] } / count
    let cheapest = population.reduce(0) { $0 + $1.quality[0] } / count
    let mix = Double(population.count { $0.served == 1 }) / count
    let trueValues = [
      served, strongest, served - 0.97 * strongest, served - mix * strongest - (1 - mix) * cheapest,
    ]
    var (held, widths) = ([0, 0, 0, 0], [0.0, 0, 0, 0])
    var random = SplitMix64(seed: 6)
    for _ in 0..<1_000 {
      let traffic = Self.drawn(base, population, rows, &random)
      let shares = TrafficShares(traffic, confidence: 0.95)
      let quality = AuditQuality(traffic, shares: shares, options: options)
      let money = AuditMoney(traffic, shares: shares, confidence: 0.95)
      let figures = [quality.served, quality.strongest, quality.overTarget, money.overMix]
      for (index, figure) in figures.enumerated() {
        let (low, high) = (try #require(figure.low), try #require(figure.high))
        held[index] += low <= trueValues[index] && trueValues[index] <= high ? 1 : 0
        widths[index] += (high - low) / 1_000
      }
    }
    print(
      "coverage of 1,000 draws: served \(held[0]), strongest \(held[1]), guarantee \(held[2]), mix \(held[3]); widths \(widths)"
    )
    for share in held { #expect((930...995).contains(share), "\(held)") }
    for width in widths { #expect(width < 0.25, "\(widths)") }
  }

  /// Savings of as many requests again: conversations of one hour are alike, and the interval knows it.
  @Test func theIntervalOfSavingsHoldsForOtherRequests() throws {
    var random = SplitMix64(seed: 7)
    var (held, requests) = (0, 0)
    // A conversation of four requests is expensive or cheap as a whole: on average each request saves 0.5 · 9 + 0.5 · 1 = 5 mills.
    for _ in 0..<1_000 {
      var traffic = Traffic(tierNames: Self.tiers, period: 0..<1e9)
      for conversation in 0..<60 {
        let saving = MadeUpTraffic.unit(&random) < 0.5 ? 0.009 : 0.001
        for turn in 0..<4 {
          traffic.add(
            TrafficRow(
              id: "\(conversation)-\(turn)", time: Double(conversation) * 3_600, answeredTier: "small", costUSD: 0.001,
              strongestUSD: 0.001 + saving))
        }
      }
      let figure = AuditMoney(traffic, shares: TrafficShares(traffic, confidence: 0.95), confidence: 0.95).saved
      let (low, high) = (try #require(figure.low), try #require(figure.high))
      held += low <= 0.005 * 240 && 0.005 * 240 <= high ? 1 : 0
      requests += figure.isModelled ? 1 : 0
    }
    #expect((930...985).contains(held), "\(held)")
    #expect(requests == 1_000, "without shadow answers of the strongest tier, its dollars are modelled")
  }

  @Test func ratingsThatAllAgreeProveNoCertainty() throws {
    var sums = WeightedSums()
    for _ in 0..<20 { sums.add(1, weight: 4) }
    let figure = try #require(AuditFigure.share(sums, confidence: 0.95))
    #expect(figure.value == 1 && figure.high == 1)
    #expect((0.7...0.88).contains(try #require(figure.low)))
  }

  @Test func tooFewAndOneSidedRatingsAreRefused() throws {
    let population = Self.population(400, seed: 8)
    let rows = Self.rows(population)
    var traffic = Traffic(rows: rows, tierNames: Self.tiers, period: 0..<10_000)
    #expect(TrafficShares(traffic, confidence: 0.95).servedQuality.reason?.contains("nothing was rated") == true)
    for (member, row) in zip(population, rows).prefix(5) {
      traffic.rated[RatedKey(traffic: TrafficKey(row), rated: Self.tiers[member.served]), default: RatedCell()]
        .add(TrafficLabel(tier: Self.tiers[member.served], quality: 1), served: nil, of: row)
    }
    #expect(TrafficShares(traffic, confidence: 0.95).servedQuality.value == nil)
    var onlyShadow = Traffic(rows: rows, tierNames: Self.tiers, period: 0..<10_000)
    for (member, row) in zip(population, rows) {
      let label = TrafficLabel(tier: Self.tiers[member.served], quality: 1, inclusion: 0.5, isUniform: false)
      onlyShadow.rated[RatedKey(traffic: TrafficKey(row), rated: label.tier), default: RatedCell()]
        .add(label, served: label, of: row)
    }
    let refused = TrafficShares(onlyShadow, confidence: 0.95).servedQuality
    #expect(refused.value == nil && refused.reason?.contains("disagreements alone") == true)
  }
}
