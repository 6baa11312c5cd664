import Foundation
import Ockham
import Statistics
import Testing

/// A cascade from a log with answers to a model that says when to escalate, through the commands.
@Suite struct CascadeTests {
  private struct Row {
    let prompt: String
    let answer: String
    let seemsGood: Bool
    /// The line of the log, with its end.
    let line: String
  }

  /// The prompt does not show whether the cheap answer is good; the answer says it, wrongly in one of ten.
  private static func rows(_ count: Int, seed: UInt64) -> [Row] {
    var generator = SplitMix64(seed: seed)
    func draw(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
    let syllables = ["zor", "ba", "quim", "lu", "fep", "tra", "ni", "vox"]
    return (0..<count).map { index in
      let isGood = draw(10) < 7
      let seemsGood = draw(10) == 0 ? !isGood : isGood
      let words = (0..<5).map { _ in syllables[draw(8)] + syllables[draw(8)] }.joined(separator: " ")
      let answer = seemsGood ? "It is plainly \(words)." : "Perhaps it is \(words), but I am not sure."
      let line = """
        {"id":"r\(index)","prompt":"\(words) \(index)","outcomes":{"cheap":{"quality":\(isGood ? 1 : 0),"cost_usd":0.0001,\
        "latency_ms":\(200 + draw(5)),"answer":"\(answer)"},"expensive":{"quality":\(draw(10) < 9 ? 1 : 0),"cost_usd":0.002,\
        "latency_ms":900}}}

        """
      return Row(prompt: "\(words) \(index)", answer: answer, seemsGood: seemsGood, line: line)
    }
  }

  private func write(_ rows: [Row], to url: URL) throws { try Data(rows.map(\.line).joined().utf8).write(to: url) }

  @Test(.timeLimit(.minutes(20))) func trainedEvaluatedCalibratedAndRouted() throws {
    try Tool.withFolder { folder in
      let (log, fresh) = (folder.appending(path: "log.jsonl"), folder.appending(path: "fresh.jsonl"))
      let (router, output) = (folder.appending(path: "router").path, folder.appending(path: "calibrated").path)
      try write(Self.rows(400, seed: 1), to: log)
      try write(Self.rows(400, seed: 2), to: fresh)

      let trained = try Tool.run(
        ["train", log.path, "--recipe", Sample.shared.recipe, "--output", router, "--target-quality", "0.9"]
          + Sample.tiers)
      #expect(trained.code == 0, "\(trained.error)")
      #expect(trained.output.contains("whether an answer is good"))

      // On rows that no model has seen, with the answers in the log.
      let evaluated = try Tool.run("evaluate", "--model", router, fresh.path, "--format", "json")
      #expect(evaluated.code == 0, "\(evaluated.error)")
      let cascade = try #require(try evaluated.json()["cascade"] as? [String: Any])
      func figure(_ key: String, _ level: String = "0.95") throws -> Double {
        let value = try #require(cascade[key] as? [String: Any])[level]
        return try #require(value as? Double ?? (value as? [String: Any])?["value"] as? Double)
      }
      #expect(cascade["rows"] as? Int == 400 && cascade["chosen"] as? String != "router")
      #expect(try figure("saved_at") > figure("router_saved_at") + 0.1)
      // What every escalated request waits for first.
      #expect(try abs(figure("added_latency_ms_at") - 202 * figure("escalated_at")) < 3)

      let calibrated = try Tool.run(
        "calibrate", "--model", router, fresh.path, "--target-quality", "0.97", "--output", output)
      #expect(calibrated.code == 0, "\(calibrated.error)")
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      let policy = try #require(model.cascade)
      #expect(model.responseTiers == [0] && policy.tierCostUSD.count == 2)
      #expect(model.metadata["cascade_guarantee"]?.hasPrefix("With 95 % confidence") == true)
      try checkDecisions(of: model, policy)

      let routed = try Tool.run("route", "--model", output, "--log", fresh.path, "--format", "json")
      #expect(routed.code == 0 && routed.lines.count == 400, "\(routed.error)")
    }
  }

  /// Requests start cheap; most go on where the answer doubts itself, and few where it does not.
  private func checkDecisions(of model: Model, _ policy: CascadePolicy) throws {
    var prompt = model.makeScratch()
    var scratch = try #require(model.makeResponseScratch())
    var (starts, moves, rows) = (0, [false: 0, true: 0], [false: 0, true: 0])
    for row in Self.rows(300, seed: 3) {
      model.score(Request(prompt: row.prompt), into: &prompt)
      starts += policy.start(prompt.probabilities.span) == 0 ? 1 : 0
      model.score(Response(text: row.answer), of: 0, after: prompt, into: &scratch)
      rows[row.seemsGood, default: 0] += 1
      let escalation = policy.escalation(from: 0, scratch.probabilities.span)
      if escalation?.isWorthwhile == true { moves[row.seemsGood, default: 0] += 1 }
    }
    #expect(starts >= 290)
    #expect(try #require(moves[false]) * 2 > #require(rows[false]))
    #expect(try #require(moves[true]) * 20 < #require(rows[true]))
  }
}
