import Foundation
import Ockham
import Statistics
import Testing
import TextKit

@testable import Evaluation

@Suite struct OffPolicyReportTests {
  /// A made-up log in which one tier, drawn at random, answered each row.
  private func oneAnswer(
    rows: Int = 2_000, propensity: Double? = 0.5, seed: UInt64 = 3, served: ((Int, Int) -> Int)? = nil,
    change: (inout LoggedDraw, Int) -> Void = { _, _ in }
  ) throws -> (whole: ScoredLog, log: ScoredLog) {
    var made = MadeUpLog(seed: seed)
    let whole = try made.log(rows: rows)
    var generator = SplitMix64(seed: seed + 1)
    let draws = (0..<rows).map { row in
      let tier = served?(row, whole.promptBytes[row]) ?? generator.next(below: 2)
      var draw = LoggedDraw(
        tier: tier, propensity: propensity, quality: whole.quality[row, tier], costUSD: whole.cost[row, tier])
      change(&draw, row)
      return draw
    }
    func seen(_ values: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        (0..<rows).flatMap { row in (0..<2).map { $0 == draws[row].tier ? values[row, $0] : .nan } }, columns: 2)
    }
    let log = try ScoredLog(
      tierNames: whole.tierNames, origins: whole.origins, promptBytes: whole.promptBytes,
      probability: whole.probability,
      quality: seen(whole.quality), cost: seen(whole.cost), draws: draws)
    return (whole, log)
  }

  private let thresholds = Thresholds(increments: [0.15])

  /// With every outcome of the same rows known, the true value lies in each interval.
  @Test func estimatesAreNearTheTruth() throws {
    let (whole, log) = try oneAnswer()
    let table = try #require(OutcomeTable(whole))
    let trueValue = Baselines(table, thresholds: thresholds)
    let report = try #require(OffPolicyReport(log, thresholds: thresholds))
    #expect(report.rows == 2_000 && report.drawnRows == 2_000 && report.fixedRows == 0)
    let expected = [trueValue.own, trueValue.allCheapest, trueValue.allStrongest, trueValue.random]
    #expect(report.policies.count == expected.count)
    for (policy, outcome) in zip(report.policies, expected) {
      let quality = try #require(policy.quality.robust)
      #expect(quality.low < outcome.quality && outcome.quality < quality.high, "\(policy.name)")
      let cost = try #require(policy.costUSD?.robust)
      let usd = try #require(outcome.costUSD)
      #expect(cost.low < usd && usd < cost.high, "\(policy.name)")
      #expect(zip(policy.share, outcome.share).allSatisfy { abs($0 - $1) < 0.02 })
    }
  }

  @Test func aFittedPropensityIsNearTheDrawn() throws {
    // The expensive tier answers three quarters of the long prompts and a quarter of the short ones.
    var generator = SplitMix64(seed: 9)
    let (whole, log) = try oneAnswer(
      rows: 3_000, propensity: nil,
      served: { _, bytes in generator.next(below: 4) < (bytes > 80 ? 3 : 1) ? 1 : 0 })
    #expect(
      OffPolicyReport(log, thresholds: thresholds)?.own.quality.refusal == .missingPropensity(rows: 3_000, of: 3_000))
    let report = try #require(OffPolicyReport(log, thresholds: thresholds, source: .fitted))
    let trueValue = Baselines(try #require(OutcomeTable(whole)), thresholds: thresholds)
    let found = try #require(report.own.quality.robust)
    #expect(abs(found.value - trueValue.own.quality) < 0.04)
    #expect(report.sentences.contains { $0.contains("never a guarantee") })
  }

  @Test func aFitRefusesRules() throws {
    let (_, byLength) = try oneAnswer(propensity: nil, served: { _, bytes in bytes > 80 ? 1 : 0 })
    let (_, byTier) = try oneAnswer(propensity: nil, served: { _, _ in 1 })
    for log in [byLength, byTier] {
      let refusal = OffPolicyReport(log, thresholds: thresholds, source: .fitted)?.own.quality.refusal
      guard case .predicted = refusal else {
        Issue.record("expected a refusal, found \(String(describing: refusal))")
        continue
      }
    }
  }

  /// A log that says that nothing was drawn is not made into one that says otherwise.
  @Test func aFitDoesNotOverruleTheLog() throws {
    let (_, log) = try oneAnswer(propensity: 1)
    for source in PropensitySource.allCases {
      let report = try #require(OffPolicyReport(log, thresholds: thresholds, source: source))
      #expect(report.policies.allSatisfy { $0.quality.refusal == .deterministic && $0.quality.selfNormalised == nil })
    }
  }

  @Test func pinsAndHeldTurnsAreTold() throws {
    let (_, log) = try oneAnswer(change: { draw, row in
      draw.conversation = "c\(row / 4)"
      if row % 4 > 0 { draw.isEligible = false }
      if row % 4 == 3 { draw.propensity = 1 }
      draw.tier = (row / 4) % 2
    })
    let report = try #require(OffPolicyReport(log, thresholds: thresholds))
    #expect(report.drawnRows == 500 && report.heldRows == 1_000 && report.fixedRows == 500)
    #expect(report.own.quality.support.conversations == 500)
    #expect(report.sentences.contains { $0.contains("500 requests had no choice") })
    #expect(report.sentences.contains { $0.contains("500 conversations") })
  }

  /// A tier that may not be used is never wanted.
  @Test func thresholdsChooseAmongTheAllowed() throws {
    let (_, log) = try oneAnswer(change: { draw, row in
      if row % 2 == 0 { draw.allowed = TierSet(only: draw.tier) }
    })
    let report = try #require(OffPolicyReport(log, thresholds: thresholds))
    #expect(report.own.quality.support.unsupportedRows == 0)
    guard case .noSupport = report.others[1].quality.refusal else {
      Issue.record("expected no support for one tier alone")
      return
    }
  }

  @Test func wholeLogsNeedNoEstimate() throws {
    var made = MadeUpLog(seed: 3)
    #expect(OffPolicyReport(try made.log(rows: 100), thresholds: thresholds) == nil)
  }

  @Test func everyFormTellsIt() throws {
    let (_, log) = try oneAnswer()
    let report = try EvaluationReport(
      log, options: EvaluationOptions(thresholds: thresholds, bootstrap: .init(resamples: 100)))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.text().utf8)) as? [String: Any])
    let found = try #require(json["off_policy"] as? [String: Any])
    for key in ["quality", "cost_usd"] {
      #expect(Set(try #require(found[key] as? [String: Double]).keys) == ["value", "low", "high"])
    }
    #expect(found["refused"] is NSNull && (found["max_weight"] as? Double ?? 2) < 1)
    #expect((found["ess"] as? Double ?? 0) > 50 && (found["matched"] as? Int ?? 0) > 50)
    #expect((found["policies"] as? [Any])?.count == 4)
    #expect(report.text().contains("Off-policy estimates") && report.html.contains("Off-policy estimates"))
    #expect(report.text().contains("all to small") && !report.html.contains("nan"))
  }

  @Test func aRefusalIsASentence() throws {
    let (_, log) = try oneAnswer(rows: 60)
    let report = try EvaluationReport(
      log, options: EvaluationOptions(thresholds: thresholds, bootstrap: .init(resamples: 100)))
    let found = try #require(report.json.members?.first { $0.key == "off_policy" }?.value)
    #expect(found.text().contains("effective sample size") && found.text().contains("\"quality\": null"))
    #expect(report.text().contains("fewer than 50"))
  }
}
