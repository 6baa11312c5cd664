import Foundation
import GRDB
import Logging
import TextKit
import Testing

@testable import ChatProtocols
@testable import Evaluation
@testable import Gateway
@testable import GatewayCore

/// What `--demo` shows: made up, and yet of one piece.
struct DemoTrafficTests {
  static let names = ["small", "mid", "frontier"]

  static func terms(_ requests: Int, seed: UInt64 = 18, tiers: [String] = names) -> DemoTerms {
    let prices = PriceCatalogue.demo(tierNames: tiers)
    var terms = DemoTerms(
      end: Traces.time, tiers: tiers.map { ($0, "mock/\($0)") },
      references: ReferencePrices(
        tiers.map { ReferencePrices.Reference(tier: $0, price: prices.prices["mock/mock-\($0)"]) }))
    (terms.requests, terms.seed) = (requests, seed)
    return terms
  }

  static func requests(_ terms: DemoTerms) -> [DemoRequest] {
    var traffic = DemoTraffic(terms)
    var all: [DemoRequest] = []
    while let request = traffic.next() { all.append(request) }
    return all
  }

  /// All that is written of a batch, column by column.
  private static func rows(_ terms: DemoTerms) -> [[TelemetryValue]] {
    var writing = DemoWriting(terms)
    var rows: [[TelemetryValue]] = []
    while let batch = writing.next() {
      for case .request(let record) in batch.entries {
        rows.append(record.decision.values)
        rows += record.attempts.map(\.values) + record.outcomes.map(\.values)
        rows.append(record.request?.values ?? [])
      }
    }
    return rows
  }

  @Test func aSeedMakesTheSameTrafficEveryTime() {
    #expect(Self.rows(Self.terms(400)) == Self.rows(Self.terms(400)))
    #expect(Self.rows(Self.terms(400)) != Self.rows(Self.terms(400, seed: 19)))
  }

  @Test(arguments: [["only"], ["small", "large"], names, ["a", "b", "c", "d", "e"]])
  func everyNumberOfTiersHasTraffic(tiers: [String]) {
    let all = Self.requests(Self.terms(300, tiers: tiers))
    #expect(all.count == 300)
    #expect(Set(all.compactMap(\.trace.tier)).isSubset(of: tiers))
    let labels = all.compactMap(\.label)
    #expect(labels.allSatisfy { $0.isValid })
  }

  @Test func everyNameSaysThatItIsMadeUp() {
    for request in Self.requests(Self.terms(300)) {
      #expect(request.trace.id.hasPrefix("made-up-"))
      #expect(request.trace.key?.hasPrefix("made-up-") ?? true)
      for segment in request.trace.request.segments where segment.role != .system {
        #expect(segment.text.contains("ade-up "))
      }
      #expect(request.label?.outcomes.allSatisfy { $0.answer?.hasPrefix("Made-up answer") == true } ?? true)
    }
  }

  /// Days have more than nights and weekends, time goes on, and nothing lies outside the two weeks.
  @Test func trafficHasARhythm() {
    let terms = Self.terms(2000)
    let times = Self.requests(terms).map(\.trace.time)
    #expect(times == times.sorted())
    #expect(times.allSatisfy { terms.end - 14 * 86_400...terms.end ~= $0 })
    let perHour = { (isNight: Bool) in
      Double(times.count { DemoRhythm.isNight($0) == isNight }) / (isNight ? 8 : 16)
    }
    #expect(perHour(false) > 2 * perHour(true))
    let weekend = times.count { [2, 3].contains(Int($0 / 86_400) % 7) }
    #expect(Double(weekend) / 4 < 0.6 * Double(times.count - weekend) / 10)
  }

  /// A decision follows from its gain and threshold, unless chance drew it.
  @Test func decisionsFollowFromProbabilities() {
    let all = Self.requests(Self.terms(3000))
    let weighed = all.map(\.trace.decision).filter { !$0.probabilities.isEmpty && $0.reason != .exploration }
    #expect(weighed.count > 1000)
    for decision in weighed {
      #expect(decision.probabilities == decision.probabilities.sorted())
      #expect((decision.gain >= decision.threshold) == (decision.tier ?? 0 > 0))
      #expect(decision.propensity > 0.9 && decision.isEligible)
    }
    let reasons = Set(all.map(\.trace.decision.reason.name))
    #expect(
      reasons == [
        "gain_below_threshold", "gain_reaches_threshold", "session", "exploration", "rule", "requested",
      ])
    #expect(Set(all.map(\.trace.decision.policy)) == ["default", "careful", "thrifty"])
    #expect(all.contains { $0.trace.status == 502 } && all.contains { $0.trace.attempts.count > 1 })
    #expect(all.contains { $0.trace.attempts.contains { $0.failure == .rejected } })
  }

  /// What the made-up model predicts is what labels find, but for the cheapest tier's extraction in the last days.
  @Test func probabilitiesHoldUntilTheDrift() {
    let terms = Self.terms(20_000)
    var (predicted, found, late) = ([0.0], [0.0], (predicted: 0.0, found: 0.0, count: 0.0))
    for request in Self.requests(terms) {
      guard let label = request.label, label.servedInclusion == DemoTraffic.auditRate,
        !request.trace.decision.probabilities.isEmpty
      else { continue }
      let qualities = label.outcomes.map { ($0.name, $0.quality) } + [(request.trace.tier ?? "", label.servedQuality)]
      for (name, quality) in qualities {
        guard let quality, let tier = Self.names.firstIndex(of: name) else { continue }
        let probability = Double(request.trace.decision.probabilities[tier])
        if request.trace.time < terms.driftStart {
          predicted.append(probability)
          found.append(quality)
        } else if tier == 0, request.trace.decision.task == .extraction {
          late = (late.predicted + probability, late.found + quality, late.count + 1)
        }
      }
    }
    let count = Double(found.count)
    #expect(count > 400)
    #expect(abs(predicted.reduce(0, +) - found.reduce(0, +)) / count < 0.05)
    #expect(late.count > 10 && (late.predicted - late.found) / late.count > 0.1)
  }
}
