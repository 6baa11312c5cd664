import Foundation
import Statistics
import Testing

@testable import Evaluation

/// Who was sent where, and what became of it, beside plain loops over the rows.
@Suite struct RoutingAuditTests {
  private static let tiers = MadeUpTraffic.tiers

  private static func traffic(_ rows: [TrafficRow]) -> Traffic {
    Traffic(rows: rows, tierNames: tiers, period: MadeUpTraffic.period)
  }

  // MARK: Verdicts

  /// Every mix of no, bad, barely good and good ratings of three tiers.
  @Test func everyVerdictFollowsFromTheRatings() {
    let ratings: [Double?] = [nil, 0.49, 0.5, 1]
    for served in 0..<3 {
      for code in 0..<64 {
        let qualities = [ratings[code % 4], ratings[code / 4 % 4], ratings[code / 16]]
        let labels = qualities.enumerated().compactMap { tier, quality in
          quality.map { TrafficLabel(tier: Self.tiers[tier], quality: $0) }
        }
        let row = TrafficRow(id: "r", answeredTier: Self.tiers[served], labels: labels.reversed())
        let good = qualities.indices.filter { $0 != served && (qualities[$0] ?? 0) >= 0.5 }
        var expected: RoutingVerdict?
        if let own = qualities[served] {
          if good.contains(where: { $0 < served }) {
            expected = .higherThanNeeded
          } else if own < 0.5, !good.isEmpty {
            expected = .lowerThanNeeded
          }
        }
        #expect(RoutingVerdict(row, tierNames: Self.tiers) == expected, "\(qualities) served by \(served)")
      }
    }
    let foreign = TrafficRow(id: "r", answeredTier: "other", labels: [TrafficLabel(tier: "other", quality: 0)])
    #expect(RoutingVerdict(foreign, tierNames: Self.tiers) == nil)
  }

  // MARK: Named requests

  private static func sorted(_ rows: [TrafficRow], _ limit: Int, by value: (TrafficRow) -> Double) -> [String] {
    let order = rows.sorted { value($0) == value($1) ? $0.id < $1.id : value($0) > value($1) }
    return order.prefix(limit).map(\.id)
  }

  /// Whatever comes first, and however traffic is divided, the same requests are named; ties by their names.
  @Test(arguments: [1, 3, 10]) func namedRequestsDoNotDependOnTheOrder(limit: Int) {
    var random = SplitMix64(seed: 3)
    let rows = (0..<60).map { number in
      let qualities = [1.0, random.next(below: 2) == 0 ? 1 : 0]
      let served = random.next(below: 2)
      return TrafficRow(
        id: "r\(number)", time: Double(random.next(below: 5)), answeredTier: Self.tiers[served],
        costUSD: Double(random.next(below: 4)),
        labels: [
          TrafficLabel(tier: "small", quality: served == 0 ? qualities[1] : qualities[0]),
          TrafficLabel(tier: "mid", quality: 1),
        ])
    }
    func verdicts(_ verdict: RoutingVerdict) -> [TrafficRow] {
      rows.filter { RoutingVerdict($0, tierNames: Self.tiers) == verdict }
    }
    let mostExpensive = Self.sorted(rows.filter { $0.costUSD != 0 }, limit) { $0.costUSD ?? 0 }
    let over = Self.sorted(verdicts(.higherThanNeeded), limit) { $0.costUSD ?? 0 }
    let under = Self.sorted(verdicts(.lowerThanNeeded), limit) { $0.time }
    #expect(over.count == limit && under.count == limit)
    for _ in 0..<20 {
      let order = random.permutation(of: rows.count)
      var parts = [TrafficDetails](repeating: TrafficDetails(limit: limit), count: 3)
      for (place, row) in order.enumerated() { parts[place % 3].add(rows[row], tierNames: Self.tiers) }
      parts[0].merge(parts[2], tierNames: Self.tiers)
      parts[0].merge(parts[1], tierNames: Self.tiers)
      #expect(parts[0].mostExpensive.map(\.id) == mostExpensive)
      #expect(parts[0].overrouted.map(\.id) == over && parts[0].underrouted.map(\.id) == under)
    }
  }

  // MARK: Shares of what was misrouted

  @Test func misroutedSharesAreThoseOfTheRatedPairs() throws {
    let rows = MadeUpTraffic.rows(3_000)
    let traffic = Self.traffic(rows)
    let misrouting = AuditMisrouting(
      traffic, shares: TrafficShares(traffic, confidence: 0.95), confidence: 0.95)
    #expect(misrouting.steps.count == 6)
    for step in misrouting.steps {
      let (served, other) = (
        try #require(Self.tiers.firstIndex(of: step.served)), try #require(Self.tiers.firstIndex(of: step.other))
      )
      #expect(step.isOver == (other < served))
      let own = rows.filter { $0.answeredTier == step.served }
      #expect(step.requests == own.count { $0.isEligible == true })
      let pairs = own.compactMap { row -> (Double, Double)? in
        guard let first = row.labels.first(where: { $0.tier == step.served })?.quality,
          let second = row.labels.first(where: { $0.tier == step.other })?.quality
        else { return nil }
        return (first, second)
      }
      let found = pairs.count { step.isOver ? $0.1 >= 0.5 : $0.0 < 0.5 && $0.1 >= 0.5 }
      #expect(step.pairs == pairs.count && step.found == found)
      // Inclusion is the same for all, and weighs nothing.
      #expect(agree(step.share.value, Double(found) / Double(pairs.count)))
    }
  }

  // MARK: Targets and changes

  @Test func targetsAreWhatTheirRequestsWere() throws {
    var rows = MadeUpTraffic.rows(900)
    for row in rows.indices where row % 5 == 0 { rows[row].target = nil }
    let targets = AuditTargets(Self.traffic(rows), confidence: 0.95)
    #expect(targets.targets.count == 6, "a request without a model's name counts for its tier")
    #expect(targets.targets.map(\.requests) == targets.targets.map(\.requests).sorted(by: >))
    #expect(targets.targets.reduce(0) { $0 + $1.requests } == 900)
    #expect(targets.tasks.reduce(0) { $0 + $1.requests } == 900)
    for part in targets.targets {
      let own = rows.filter { ($0.target ?? $0.answeredTier) == part.target }
      #expect(part.requests == own.count && part.task == nil)
      #expect(agree(part.failures.value, Double(own.count(where: \.isFailure)) / Double(own.count)))
      let costs = own.compactMap(\.costUSD)
      #expect(agree(part.meanUSD, costs.reduce(0, +) / Double(costs.count)))
      let ratings = own.compactMap { row in row.labels.first { $0.tier == row.answeredTier }?.quality }
      #expect(part.ratings == ratings.count)
      guard ratings.count >= TrafficShares.fewestRatings else {
        #expect(part.quality.value == nil && part.perGoodUSD == nil)
        #expect(part.quality.reason?.hasPrefix("\(ratings.count) ratings, at least 10") == true)
        continue
      }
      let quality = ratings.reduce(0, +) / Double(ratings.count)
      #expect(agree(part.quality.value, quality) && agree(part.perGoodUSD, part.meanUSD.map { $0 / quality }))
    }
    let none = try #require(targets.tasks.first { $0.task?.isEmpty == true })
    #expect(none.requests <= rows.count { $0.task == nil })
  }

  @Test func changesAreDifferencesOfThePeriods() throws {
    let (old, new) = (MadeUpTraffic.rows(400, seed: 1), MadeUpTraffic.rows(500, seed: 2))
    let report = AuditReport(Self.traffic(new), earlier: Self.traffic(old))
    func change(_ name: String) throws -> AuditChange { try #require(report.changes.first { $0.name == name }) }
    func sum(_ rows: [TrafficRow]) -> Double { rows.reduce(0) { $0 + ($1.costUSD ?? 0) } }
    let requests = try change("requests")
    #expect(requests.before == 400 && requests.now == 500 && requests.difference == 100)
    #expect(agree(try change("spent").difference, sum(new) - sum(old), within: 1e-9))
    let perThousand = try change("spent per 1,000 requests")
    #expect(agree(perThousand.now, sum(new) / Double(new.count { $0.costUSD != nil }) * 1_000))
    for tier in Self.tiers {
      let found = try change("requests to \(tier)")
      #expect(agree(found.now, Double(new.count { $0.answeredTier == tier }) / 500) && found.unit == .share)
    }
    let labels = try change("labels and judge")
    #expect(agree(labels.before, old.reduce(0) { $0 + $1.labelUSD + $1.judgeUSD }))
    // What one period does not know has no difference.
    var unpriced = old
    for row in unpriced.indices { unpriced[row].costUSD = nil }
    let half = AuditReport(Self.traffic(new), earlier: Self.traffic(unpriced))
    let spent = try #require(half.changes.first { $0.name == "spent" })
    #expect(spent.before == nil && spent.now != nil && spent.difference == nil)
    #expect(AuditReport(Self.traffic(new), earlier: Self.traffic([])).changes.isEmpty)
  }

  // MARK: Histograms

  @Test func takingOutWhatWasAddedLeavesTheRest() throws {
    var random = SplitMix64(seed: 9)
    let values = (0..<300).map { _ in exp(20 * (Double(random.nextUnit()) - 0.5)) } + [0, 0, .leastNonzeroMagnitude]
    var (all, part, rest) = (MagnitudeHistogram(), MagnitudeHistogram(), MagnitudeHistogram())
    for (place, value) in values.enumerated() {
      all.add(value)
      if place % 3 == 0 { part.add(value) } else { rest.add(value) }
    }
    var left = all
    left.subtract(part)
    #expect(Set(left.buckets.keys) == Set(rest.buckets.keys) && left.count == rest.count)
    for (index, bucket) in rest.buckets {
      #expect(left.buckets[index]?.count == bucket.count && agree(left.buckets[index]?.sum, bucket.sum, within: 1e-6))
    }
    left.subtract(all)
    #expect(left == MagnitudeHistogram() && left.quantile(0.5) == nil && left.sum(ofLargest: 3) == 0)
    rest.merge(part)
    #expect(rest.count == all.count && agree(rest.sum, all.sum))
    #expect(agree(all.sum(ofLargest: values.count), all.sum) && all.sum(ofLargest: 0) == 0)
  }

  /// Every cut and every broken number of the bytes is refused, and nothing else.
  @Test func bytesThatAreNotWholeAreRefused() {
    var histogram = MagnitudeHistogram()
    for value in [0, 1e-300, 0.5, 3, 3.1, 1e300] { histogram.add(value) }
    let bytes = histogram.bytes
    #expect(MagnitudeHistogram(bytes: bytes) == histogram && MagnitudeHistogram(bytes: []) == MagnitudeHistogram())
    for count in 1..<bytes.count where count % 18 != 0 {
      #expect(MagnitudeHistogram(bytes: Array(bytes.prefix(count))) == nil)
    }
    #expect(MagnitudeHistogram(bytes: bytes + bytes) == nil, "a bucket stands there twice")
    func changed(_ places: Range<Int>, to byte: UInt8) -> MagnitudeHistogram? {
      var bytes = bytes
      for place in places { bytes[place] = byte }
      return MagnitudeHistogram(bytes: bytes)
    }
    #expect(changed(2..<10, to: 0) == nil && changed(2..<10, to: 0xff) == nil, "no number of values")
    #expect(changed(10..<18, to: 0xff) == nil && changed(16..<18, to: 0xbf) == nil, "not a number, and a negative one")
  }

  // MARK: Prices

  /// Tokens in any unit give the price in that unit; what one of the two costs may be nothing, but not less.
  @Test func pricesAreFoundOrRefused() throws {
    func fit(_ input: Double, _ output: Double, noise: Double = 0) -> PriceFit {
      var random = SplitMix64(seed: 4)
      var fit = PriceFit()
      for _ in 0..<40 {
        let (x, y) = (1 + random.next(below: 3_000), random.next(below: 900))
        let error = 1 + noise * (Double(random.nextUnit()) - 0.5)
        fit.add(inputTokens: x, outputTokens: y, costUSD: (Double(x) * input + Double(y) * output) * error)
      }
      return fit
    }
    for (input, output) in [(1e-6, 4e-6), (0, 2e-6), (3e-6, 0), (1e-9, 1e-3)] {
      let price = try #require(fit(input, output).price)
      #expect(
        agree(price.input * 1e6, input * 1e6, within: 1e-6) && agree(price.output * 1e6, output * 1e6, within: 1e-6))
    }
    #expect(fit(1e-6, 4e-6, noise: 0.02).price != nil && fit(1e-6, 4e-6, noise: 0.2).price == nil)
    #expect(fit(1e-6, -1e-6).price == nil && fit(0, 0).price == nil)
  }
}
