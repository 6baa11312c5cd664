import Foundation
import Ockham
import Statistics
import Testing

@testable import Evaluation

/// Days that are as they were, days that are not, and days of which nothing is known.
@Suite struct DriftReportTests {
  /// A log of whole days with 300 requests each; from a day on a share of the requests is longer.
  private static func table(
    days: Int, changing day: Int = .max, back: Int = .max, share: Double = 0.3, empty: Range<Int> = 0..<0,
    qualityFrom worse: Int = .max
  ) -> DriftTable {
    var random = SplitMix64(seed: 4)
    var table = DriftTable(columns: [.feature(0), .logit(0), .tier, .cost(0), .failed], tiers: 2)
    for number in 0..<days where !empty.contains(number) {
      for index in 0..<300 {
        let isChanged = number >= day && number < back && Double(random.nextUnit()) < share
        let noise = Float(random.nextUnit() + random.nextUnit() + random.nextUnit())
        var facts = DriftTableTests.facts(
          number, UInt64(number * 300 + index / 3), bytes: noise + (isChanged ? 1.5 : 0) + (number % 7 == 6 ? 0.1 : 0),
          logit: Float(random.nextUnit()) - 0.3)
        facts.hasFailed = random.nextUnit() < 0.02
        facts.answers = [.init(costUSD: Double(noise) * 0.001), nil]
        if index % 10 == 0 {
          let good: Float = number >= worse ? 0.2 : 0.5
          facts.labels = [random.nextUnit() < good ? 1 : 0, nil]
        }
        table.add(facts)
      }
    }
    return table
  }

  private static func report(_ table: DriftTable, _ reference: DriftReference? = nil) -> DriftReport {
    DriftReport(
      table, reference: reference, tierNames: ["small", "large"], period: .init(hasWholeDays: true))
  }

  private static func test(_ report: DriftReport, _ name: String) throws -> DriftTest {
    try #require(report.tests.first { $0.name == name })
  }

  @Test(.timeLimit(.minutes(20))) func whatIsAsItWasIsQuiet() throws {
    let report = Self.report(Self.table(days: 21))
    #expect(report.alarm == false && report.days == 14 && report.rows == 14 * 300)
    #expect(report.tests.allSatisfy { ($0.adjusted ?? 1) > 0.01 })
    #expect(try Self.test(report, "feature.question_bytes").count == 14)
    // No one labelled the expensive tier; no one ever did.
    #expect(try Self.test(report, "calibration.1").state.isAlarm == nil)
    #expect(try Self.test(report, "calibration.1").isWatched == false)
    #expect(report.notes.contains { $0.contains("first whole week") })
  }

  @Test(.timeLimit(.minutes(20))) func aChangeIsFoundWithItsDay() throws {
    let report = Self.report(Self.table(days: 18, changing: 13))
    #expect(report.alarm == true)
    let test = try Self.test(report, "feature.question_bytes")
    #expect(test.state == .alarm(since: 13) && (test.adjusted ?? 1) < 0.01)
    #expect(test.cause?.contains("question bytes of requests") == true && test.remedy != nil)
    #expect(try #require(test.now) > #require(test.before))
    #expect(try Self.test(report, "share.tier").state == .quiet)
  }

  @Test(.timeLimit(.minutes(20))) func anAlarmGoesOutWhenTheLastDaysAreAsBefore() throws {
    let report = Self.report(Self.table(days: 22, changing: 12, back: 17))
    let test = try Self.test(report, "feature.question_bytes")
    #expect(test.firstAlarm.map { (12...14).contains($0) } == true)
    #expect(test.state == .quiet)
  }

  @Test(.timeLimit(.minutes(20))) func qualityThatFallsShortIsFoundByLabels() throws {
    let report = Self.report(Self.table(days: 25, qualityFrom: 10))
    let test = try Self.test(report, "calibration.0")
    #expect(test.state.isAlarm == true && test.cause?.contains("tier small") == true)
    #expect(report.alarm == true)
  }

  @Test(.timeLimit(.minutes(20))) func missingDataIsNeverQuiet() throws {
    // No reference, and no whole week.
    let short = Self.report(Self.table(days: 6))
    #expect(short.alarm == nil && short.tests.isEmpty && short.reason != nil)
    // A reference, and nothing behind it.
    var week = Self.table(days: 7)
    let reference = week.reference(period: 0..<7 * 86_400)
    week = DriftTable(columns: week.columns, tiers: 2)
    #expect(Self.report(week, reference).alarm == nil)
    // One statistic is no longer told of.
    var silent = DriftTable(columns: [.feature(0), .logit(0), .tier, .failed], tiers: 2)
    for day in 7..<12 {
      for index in 0..<60 { silent.add(DriftTableTests.facts(day, UInt64(index), bytes: 1.5)) }
    }
    let report = Self.report(silent, reference)
    #expect(try Self.test(report, "cost.0").state.isAlarm == nil)
    #expect(report.alarm != false)
    #expect(Self.report(silent, DriftReference(tiers: 2)).alarm == nil)
  }

  @Test(.timeLimit(.minutes(20))) func theReportIsToldInWordsAndKeys() throws {
    let report = Self.report(Self.table(days: 18, changing: 13))
    let json = report.json
    #expect(json["alarm"]?.boolean == true && json["tests"]?.elements?.count == report.tests.count)
    let first = try #require(json["tests"]?.elements?.first { $0["alarm"]?.boolean == true })
    for key in ["name", "statistic", "p", "adjusted", "alarm", "since", "cause", "remedy"] {
      #expect(first[key]?.isNull == false, "\(key)")
    }
    #expect(first["since"]?.string == "1970-01-14")
    #expect(json["reference"]?["source"]?.string == "live")
    let text = report.text()
    #expect(text.contains("Drift: ") && text.contains("since 1970-01-14") && text.contains("Expected quality"))
    #expect(Self.report(Self.table(days: 3)).text().contains("It is unknown"))
    #expect(Self.report(Self.table(days: 3)).json["alarm"]?.isNull == true)
  }
}
