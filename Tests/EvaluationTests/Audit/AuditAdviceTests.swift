import Ockham
import Testing

@testable import Evaluation

/// What an audit advises, and what it says where it cannot.
@Suite struct AuditAdviceTests {
  private static let tiers = ["small", "frontier"]

  /// Requests whose gain is spread evenly below 1, at a threshold of 0.1; some are rated under both tiers.
  private static func rows(
    _ count: Int = 400, rated: Int = 4, small: (Int) -> Double = { _ in 1 }, isPriced: Bool = true
  ) -> [TrafficRow] {
    (0..<count).map { number in
      let gain = (Double(number) + 0.5) / Double(count)
      let served = gain >= 0.1 ? 1 : 0
      let costs = [0.001, 0.01 + Double(number) * 1e-5]
      let labels = tiers.indices.map { TrafficLabel(tier: tiers[$0], quality: $0 == 0 ? small(number) : 1) }
      return TrafficRow(
        id: "r\(number)", time: 10, tier: tiers[served], answeredTier: tiers[served], costUSD: costs[served],
        strongestUSD: costs[1], cheapestUSD: costs[0],
        tierUSD: isPriced ? ["small": costs[0], "frontier": costs[1]] : [:], isEligible: true, gain: gain,
        threshold: 0.1, probabilities: ["small": 1 - gain, "frontier": 1], labels: number % rated == 0 ? labels : [])
    }
  }

  private static func traffic(_ rows: [TrafficRow]) -> Traffic {
    Traffic(rows: rows, tierNames: tiers, period: 0..<100)
  }

  private static func thresholds(
    _ rows: [TrafficRow], _ guarantee: AuditQuality.Guarantee = .none
  ) -> AuditThresholds { AuditThresholds(traffic(rows), guarantee: guarantee, confidence: 0.95) }

  // MARK: Thresholds

  /// Every factor beside a loop over the requests.
  @Test func otherThresholdsAreCountedRequestByRequest() {
    let rows = Self.rows()
    let found = Self.thresholds(rows)
    #expect(found.weighed == 400 && found.choices.map(\.factor) == AuditThresholds.factors)
    for choice in found.choices {
      let up = rows.filter { ($0.gain ?? 0) >= choice.factor * 0.1 }
      #expect(agree(choice.shares, [1 - Double(up.count) / 400, Double(up.count) / 400]))
      let cost = rows.reduce(0.0) { sum, row in
        let then = (row.gain ?? 0) >= choice.factor * 0.1 ? "frontier" : "small"
        return sum + (row.tierUSD[then] ?? 0) - (row.costUSD ?? 0)
      }
      #expect(abs((choice.costUSD ?? .nan) - cost) < 1e-9, "\(choice.factor)")
      let predicted = rows.reduce(0.0) { sum, row in
        let (isUp, wasUp) = ((row.gain ?? 0) >= choice.factor * 0.1, row.tier == "frontier")
        return sum + (isUp == wasUp ? 0 : isUp ? row.gain ?? 0 : -(row.gain ?? 0))
      }
      #expect(agree(choice.predicted, predicted / 400))
    }
  }

  /// The cheapest change that ratings show to cost no quality is advised; what they show to cost some is not.
  @Test func whatSavesWithoutALossIsAdvised() {
    let harmless = Self.thresholds(Self.rows())
    #expect(harmless.choices.filter(\.isRecommended).map(\.factor) == [5])
    #expect(harmless.advice.hasPrefix("Worth a try: every threshold times 5. Prove it first"))
    // The cheap tier fails where the gain is above a fifth: no more than doubled thresholds lose nothing.
    let some = Self.thresholds(Self.rows(1_000, rated: 2) { $0 < 200 ? 1 : 0 })
    #expect(some.choices.filter(\.isRecommended).map(\.factor) == [2], "\(some.choices)")
    let harmful = Self.thresholds(Self.rows(rated: 2) { _ in 0 })
    #expect(
      harmful.choices.allSatisfy { !$0.isRecommended } && harmful.advice.hasPrefix("No factor saves more than 2 %"))
    let broken = Self.thresholds(Self.rows(), .broken)
    #expect(
      broken.choices.allSatisfy { !$0.isRecommended } && broken.advice.hasPrefix("The guarantee is broken: lower"))
    let priceless = Self.thresholds(Self.rows(isPriced: false))
    #expect(
      priceless.advice.hasPrefix("No change can be weighed") && priceless.choices.allSatisfy { $0.costUSD == nil })
  }

  @Test func fewWeighedRequestsAreNoGround() {
    let few = Self.thresholds(Array(Self.rows().prefix(49)))
    #expect(few.choices.isEmpty && few.reason?.contains("of 49 requests") == true)
    #expect(few.reason?.contains("at least 50 are needed") == true)
    let unrated = Self.thresholds(Self.rows(rated: 400))
    let moved = unrated.choices.filter { $0.factor != 1 }
    #expect(moved.allSatisfy { $0.rated.value == nil && $0.rated.reason?.contains("at least 20 are needed") == true })
  }

  // MARK: Dollars

  private static func money(_ change: (inout TrafficRow, Int) -> Void) -> AuditMoney {
    var rows = rows()
    for place in rows.indices { change(&rows[place], place) }
    let traffic = traffic(rows)
    return AuditMoney(traffic, shares: TrafficShares(traffic, confidence: 0.95), confidence: 0.95)
  }

  @Test func whatNoMixCostsIsSaid() {
    let more = Self.money { row, _ in row.costUSD = 1 }
    #expect(more.overMix == .unknown("more was spent than all to frontier had taken: no mix costs as much"))
    #expect((more.saved.value ?? 0) < 0 && (more.saved.high ?? 0) < 0, "a loss is a loss")
    let less = Self.money { row, _ in row.costUSD = 0 }
    #expect(less.overMix == .unknown("less was spent than all to small had taken: no mix costs as little"))
    let one = Self.money { row, _ in (row.strongestUSD, row.cheapestUSD) = (1, nil) }
    #expect(one.overMix.reason?.contains("are not both known") == true)
  }

  /// Of the requests that another tier served nearly all must be known in the strongest tier's dollars.
  @Test(arguments: [1, 2, 3]) func savingsOfAPartAreNone(missing: Int) {
    // Of 400 requests 40 went to the cheap tier.
    let money = Self.money { row, place in if place < missing { row.strongestUSD = nil } }
    if missing < 3 {
      #expect(money.saved.value != nil && money.compared == 400 - missing)
    } else {
      #expect(
        money.saved.reason?.hasPrefix("what 3 of 40 requests had taken in the strongest tier is not known") == true)
      #expect(money.compared == 0 && money.strongestUSD == 0 && money.savedShare.value == nil)
    }
  }

  // MARK: What gateways keep beside requests

  @Test func armsAlertsAndWatchedDecisionsAreShown() throws {
    var rows = Self.rows()
    for place in 0..<30 { rows[place].observedTier = "small" }
    var options = AuditOptions()
    options.arms = ["control", "new"].map { arm in
      AuditArm(
        experiment: "e", arm: arm, requests: 10, conversations: 4, failures: 1, priced: arm == "new" ? 8 : 0,
        costUSD: 2,
        meanLatencyMilliseconds: nil, rated: 3, meanQuality: 0.5)
    }
    options.alerts = ["drift", "budget"].map { AuditAlert(name: $0, cause: "why", remedy: "what", time: 3_600) }
    let report = AuditReport(Self.traffic(rows), options: options)
    let arms = try #require(report.tables.first { $0.name == "experiments" }).shown.rows.map(\.cells)
    #expect(arms[0][..<6] == ["e", "control", "10", "4", "1", "not known"] && arms[1][5] == "$0.25")
    #expect(arms[0][6...] == ["not known", "3", "50.0 %"])
    let alerts = try #require(report.tables.first { $0.name == "alerts" }).shown.rows.map(\.cells)
    #expect(alerts[1] == ["budget", "1970-01-01 01:00", "why", "what"])
    #expect(report.headline.contains { $0.contains("2 alerts are raised: drift, budget") }, "\(report.headline)")
    let text = report.text()
    #expect(text.contains("30 requests were only watched") && text.contains("Alerts that are raised: 2."))
    (options.arms, options.alerts) = ([], [])
    let none = AuditReport(Self.traffic(rows), options: options).text()
    #expect(none.contains("No experiment or canary in this period.") && none.contains("No alert is raised."))
  }
}
