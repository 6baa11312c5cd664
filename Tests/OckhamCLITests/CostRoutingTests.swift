import Foundation
import Testing

/// Models of a log that shows what answers cost and how long they are.
@Suite struct CostRoutingTests {
  /// Requests for lists are answered at ten times the length, in both tiers.
  private static func lines() -> [String] {
    Sample.logLines(Sample.rows, seed: 5).enumerated().map { index, line in
      let isList = index * 7 % 10 < 4
      let tokens = (isList ? 900 : 90) + index % 13
      var line = line.replacingOccurrences(
        of: "\"cost_usd\":0.0001", with: "\"output_tokens\":\(tokens),\"cost_usd\":\(Double(tokens) * 6e-7)")
      line = line.replacingOccurrences(
        of: "\"cost_usd\":0.002", with: "\"output_tokens\":\(tokens),\"cost_usd\":\(Double(tokens) * 1.5e-5)")
      return isList ? line.replacingOccurrences(of: "\",\"dataset\"", with: "\\n- a\\n- b\\n- c\",\"dataset\"") : line
    }
  }

  private static func withRouter(_ body: (_ router: String, _ log: String) throws -> Void) throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.jsonl").path
      try Data(lines().joined().utf8).write(to: URL(filePath: log))
      let router = folder.appending(path: "router").path
      let outcome = try Tool.run(["train", log, "--recipe", Sample.shared.recipe, "--output", router] + Sample.tiers)
      #expect(outcome.code == 0, "\(outcome.error)")
      try body(router, log)
    }
  }

  @Test func routingEvaluationAndCalibrationUseTheSameCosts() throws {
    try Self.withRouter { router, log in
      try checkRoute(router)
      try checkFiles(router)
      let calibrated = try Tool.run(
        "calibrate", "--model", router, log, "--max-cost-per-1k", "4", "--confidence", "0.8")
      #expect(calibrated.code == 0, "\(calibrated.error)")
      #expect(calibrated.output.contains("scaled by its expected costs"))
      let report = try Tool.run("evaluate", "--model", router, log, "--format", "json").json()
      let own = try #require((report["own_thresholds"] as? [String: Any])?["cost_usd"] as? Double)
      #expect(own <= 0.004)
      #expect(calibrated.output.contains(String(format: "%.4f USD per 1,000 requests", own * 1_000)))
      let areas = try ["apgr_cost", "apgr_cost_flat"].map { try #require(report[$0] as? Double) }
      #expect(areas[0] > areas[1] + 0.05)
      let intervals = try #require(report["intervals"] as? [String: Any])
      let difference = try #require((intervals["apgr_cost_over_flat"] as? [String: Double])?["estimate"])
      #expect(abs(difference - (areas[0] - areas[1])) < 1e-12)
    }
  }

  private func checkRoute(_ router: String) throws {
    let costs = try ["", "\n- a\n- b\n- c"].map { ending in
      let prompt = "zorba lufep quimtra nivox baba zorzor grukatt 7" + ending
      let decision = try Tool.run("route", "--model", router, prompt, "--format", "json").json()
      return try #require(decision["expected_cost_usd"] as? [String: Double])
    }
    #expect(costs.allSatisfy { Set($0.keys) == ["small", "frontier"] })
    #expect(try #require(costs[1]["frontier"]) > 4 * (try #require(costs[0]["frontier"])))
  }

  private func checkFiles(_ router: String) throws {
    let metrics = try Data(contentsOf: URL(filePath: router + "/metrics.json"))
    let json = try #require(try JSONSerialization.jsonObject(with: metrics) as? [String: Any])
    let fits = try #require(json["expected_costs"] as? [[String: Any]])
    #expect(fits.map { $0["tier"] as? String } == ["small", "frontier"])
    #expect(fits.allSatisfy { ($0["r_squared"] as? Double ?? 0) > 0.9 && $0["unit"] as? String == "tokens" })
    let card = try String(contentsOf: URL(filePath: router + "/CARD.md"), encoding: .utf8)
    #expect(card.contains("| expected costs | R² of log answer length held out: small 0.9"))
    #expect(card.contains("APGR over dollars, mean costs"))
    #expect(try Tool.run("inspect", router).output.contains("costs        predicted per request"))
  }
}
