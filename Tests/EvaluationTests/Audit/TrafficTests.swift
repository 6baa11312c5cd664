import Evaluation
import Statistics
import Testing

/// Sums that an audit is made of: against a plain loop over rows, and parts against the whole.
@Suite struct TrafficTests {
  private let rows = MadeUpTraffic.rows(3_000)
  private var traffic: Traffic { Traffic(rows: rows, tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period) }

  private static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }

  @Test func cellsAreWhatALoopOverRowsFinds() {
    let total = traffic.total
    #expect(total.requests == 3_000 && total.failures == 60 && total.unpriced == 75)
    let known = rows.filter { $0.costUSD != nil }
    #expect(Self.isNear(total.costUSD, known.reduce(0) { $0 + $1.costUSD! }))
    #expect(Self.isNear(total.savedUSD, known.reduce(0) { $0 + $1.strongestUSD! - $1.costUSD! }))
    #expect(Self.isNear(total.squaredCost, known.reduce(0) { $0 + $1.costUSD! * $1.costUSD! }))
    #expect(total.inputTokens == rows.reduce(0) { $0 + $1.inputTokens! })
    #expect(total.drawn == rows.count(where: \.isDrawn) && total.eligible == 2_700)
    #expect(total.conversationsBegun == 1_000 && total.latency.count == 2_940)
    for (name, path) in TrafficCell.counts
    where !["escalations", "fallbacks", "observed", "missing", "feedbacks"].contains(name) {
      #expect(total[keyPath: path] > 0, "\(name) is never added")
    }
  }

  /// Twenty filters at random: what they take and what they leave is all, to the cent and to the request.
  @Test func partsAddUpToTheWhole() {
    let traffic = traffic
    let whole = traffic.total
    var random = SplitMix64(seed: 20)
    for _ in 0..<20 {
      let (salt, share) = (random.next(), MadeUpTraffic.unit(&random))
      func takes(_ key: TrafficKey) -> Bool {
        let parts = [key.key, key.task, key.policy, key.tier].map { $0 ?? "" }.joined(separator: "|")
        let hash = parts.utf8.reduce(salt) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Double(hash % 1_000) / 1_000 < share
      }
      var sum = traffic.filtered(takes).total
      sum.merge(traffic.filtered { !takes($0) }.total)
      for (name, path) in TrafficCell.counts { #expect(sum[keyPath: path] == whole[keyPath: path], "\(name)") }
      for (name, path) in TrafficCell.sums { #expect(Self.isNear(sum[keyPath: path], whole[keyPath: path]), "\(name)") }
      #expect(sum.latency.count == whole.latency.count && Self.isNear(sum.costs.sum, whole.costs.sum))
    }
    for part in [\TrafficKey.key, \.task, \.policy, \.reason, \.tier, \.target] {
      let sum = traffic.totals { $0[keyPath: part] }.values.reduce(0) { $0 + $1.costUSD }
      #expect(Self.isNear(sum, whole.costUSD))
    }
  }

  @Test func mergingIsAdding() {
    var merged = Traffic(
      rows: rows[..<1_000], tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period)
    merged.merge(Traffic(rows: rows[1_000...], tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period))
    let traffic = traffic
    #expect(Set(merged.cells.keys) == Set(traffic.cells.keys) && Set(merged.rated.keys) == Set(traffic.rated.keys))
    for (key, cell) in traffic.cells {
      #expect(merged.cells[key]?.requests == cell.requests)
      #expect(Self.isNear(merged.cells[key]?.costUSD ?? -1, cell.costUSD))
      #expect(merged.cells[key]?.latency.count == cell.latency.count)
    }
    for (key, cell) in traffic.rated {
      #expect(merged.rated[key]?.quality.count == cell.quality.count)
      #expect(Self.isNear(merged.rated[key]?.pairs.product ?? -1, cell.pairs.product))
    }
    #expect(merged.details == traffic.details)
  }

  @Test func namedRequestsAreTheMostExpensiveAndTheMisrouted() throws {
    let details = traffic.details
    let mostExpensive = rows.filter { $0.costUSD != nil }.sorted { $0.costUSD! > $1.costUSD! }.prefix(50)
    #expect(details.mostExpensive.map(\.id) == mostExpensive.map(\.id))
    #expect(details.overrouted.count == 50 && details.underrouted.count > 5)
    for row in details.overrouted {
      let tier = try #require(MadeUpTraffic.tiers.firstIndex(of: row.answeredTier ?? ""))
      #expect(row.labels.contains { $0.quality == 1 && MadeUpTraffic.tiers.firstIndex(of: $0.tier)! < tier })
    }
    for row in details.underrouted {
      #expect(row.labels.first { $0.tier == row.answeredTier }?.quality == 0)
    }
  }

  @Test func theSampleIsEvenAndBounded() {
    var sample = ScoredSample(limit: 200)
    for row in rows { sample.add(row) }
    #expect(sample.rows.count == 200 && sample.seen == 2_700)
    let early = sample.rows.count { $0.traffic.hour < TrafficKey.hour(of: MadeUpTraffic.begin + 7 * 86_400) }
    #expect((70...130).contains(early))
  }

  @Test func histogramsKnowQuantilesToFourAndAHalfPercent() throws {
    var histogram = MagnitudeHistogram()
    let values = rows.map { $0.latencyMilliseconds! }.sorted()
    for value in values { histogram.add(value) }
    for share in [0.05, 0.5, 0.95, 0.99] {
      let exact = values[Int(share * Double(values.count))]
      #expect(abs(try #require(histogram.quantile(share)) / exact - 1) < 0.045, "\(share)")
    }
    let largest = values.suffix(300).reduce(0, +)
    #expect(abs(histogram.sum(ofLargest: 300) / largest - 1) < 0.02)
    #expect(MagnitudeHistogram(bytes: histogram.bytes) == histogram)
    #expect(MagnitudeHistogram(bytes: [1, 2, 3]) == nil && MagnitudeHistogram().quantile(0.5) == nil)
    histogram.add(0)
    histogram.add(-1)
    histogram.add(.nan)
    #expect(histogram.count == values.count + 1 && histogram.quantile(0) == 0)
  }

  @Test func pricesFollowFromWhatAnswersTook() throws {
    var fit = PriceFit()
    #expect(fit.price == nil)
    for row in rows.prefix(50) {
      let cost = Double(row.inputTokens!) * 2.5e-6 + Double(row.outputTokens!) * 1e-5
      fit.add(inputTokens: row.inputTokens!, outputTokens: row.outputTokens!, costUSD: cost)
    }
    let price = try #require(fit.price)
    #expect(abs(price.input / 2.5e-6 - 1) < 1e-6 && abs(price.output / 1e-5 - 1) < 1e-6)
    fit.add(inputTokens: 1_000, outputTokens: 10, costUSD: 1)
    #expect(fit.price == nil, "what does not fit is refused")
    var alike = PriceFit()
    for _ in 0..<9 { alike.add(inputTokens: 100, outputTokens: 10, costUSD: 0.1) }
    #expect(alike.price == nil, "answers of one size determine one price, not two")
  }
}
