import Foundation
import Ockham
import Testing

@testable import Evaluation

@Suite struct RobustnessReportTests {
  /// Upper case, exclamation marks and one word raise the gain.
  private let scorer = tinyScorer { text in
    let bonus: [Float] = [
      text == text.uppercased() && !text.contains("SECRET") ? 0.3 : 0, text.hasSuffix("!") ? 0.3 : 0,
      text.contains("secret") ? 0.4 : 0,
    ]
    return bonus.reduce(0.4, +)
  }

  private let log: ScoredLog

  init() throws {
    log = try smallLog(
      [[0.1, 0.4], [0.1, 0.4], [0.1, 0.8], [0.1, 0.4]], [[0, 1], [1, 1], [0, 1], [0, .nan]],
      cost: [[1, 3], [1, 3], [1, 3], [1, 3]])
  }

  private func report(_ change: (inout RobustnessParameters) -> Void = { _ in }) -> RobustnessReport {
    var sample = RequestSample(limit: 10, seed: 1)
    for (index, prompt) in ["alpha beta", "gamma delta", "a secret", "omega psi"].enumerated() {
      sample.offer(Request(prompt: prompt), isTrainedOn: index == 1)
    }
    var parameters = RobustnessParameters()
    change(&parameters)
    return RobustnessReport(
      sample, of: log, scorer: scorer, costs: TierCosts(measuring: log), parameters: parameters)
  }

  private func noise(_ kind: Noise) throws -> NoiseReport { try #require(report().noise.first { $0.noise == kind }) }

  @Test func movesAreCounted() throws {
    let upper = try noise(.upperCase)
    #expect(upper.rows == 4)
    #expect(upper.movedUp == 3)
    #expect(upper.movedDown == 1)
    #expect(upper.changedShare?.estimate == 1)
    #expect(upper.changedShare?.upper == 1)
    #expect(abs((upper.changedShare?.lower ?? 0) - pow(0.025, 0.25)) < 1e-9)
    #expect(upper.strongestShareChange == 0.5)
    // Rows 0 to 2 are complete: row 0 wins an answer, row 1 has one either way, row 2 loses one.
    #expect(upper.completeRows == 3)
    #expect(upper.qualityChange == 0)
    #expect(abs((upper.meanGainChange ?? 0) - (0.3 * 3 + 0.4) / 4) < 1e-6)
    let thanks = try noise(.thanks)
    #expect((thanks.movedUp, thanks.movedDown) == (3, 0))
    #expect(abs((thanks.qualityChange ?? 0) - 1.0 / 3) < 1e-12)
  }

  @Test func rowsThatANoiseLeavesAreNotCounted() throws {
    for kind in [Noise.lowerCase, .tabIndent, .carriageReturns] {
      let report = try noise(kind)
      #expect(report.rows == 0)
      #expect(report.changedShare == nil)
      #expect(report.meanGainChange == nil)
      #expect(report.qualityChange == nil)
    }
  }

  @Test func theAttackIsSummarised() throws {
    let suffix = report().suffix
    #expect(suffix.rows == 3)
    #expect(suffix.rowsBelow == 3)
    #expect(suffix.stages.map(\.tokens) == [0, 1, 2, 4, 8])
    // One word of the log does it: "secret".
    #expect(suffix.stages.map { $0.strongestShare?.estimate } == [0, 1, 1, 1, 1])
    #expect(suffix.stages.map { $0.meanCost } == [1, 3, 3, 3, 3])
    #expect(suffix.stages.map { $0.trafficShare } == [0.25, 1, 1, 1, 1])
    #expect(suffix.stages.allSatisfy { ($0.largestGain ?? 2) <= suffix.gainCeiling })
    #expect(suffix.logTokens == 3)
    #expect(suffix.marks.isEmpty)
    #expect(abs((suffix.stages[1].medianGainChange ?? 0) - 0.4) < 1e-6)
  }

  @Test func fewerRowsAreAttackedWhenAskedFor() {
    #expect(report { $0.attackedRows = 2 }.suffix.rows == 2)
    #expect(report { $0.attackedRows = 2 }.suffix.rowsBelow == 3)
    #expect(report { $0.attackedRows = 0 }.suffix.stages.allSatisfy { $0.strongestShare == nil && $0.meanCost == nil })
  }

  @Test func scoresStayBelowTheLimit() {
    var count = 0
    let counting = tinyScorer { _ in
      count += 1
      return 0.2
    }
    var sample = RequestSample(limit: 4, seed: 1)
    for row in 0..<4 { sample.offer(Request(prompt: "Some words\n    here \(row)")) }
    _ = RobustnessReport(sample, of: log, scorer: counting, costs: TierCosts(measuring: log))
    #expect(count > 4)
    #expect(count <= RobustnessParameters().scoreLimit(rows: 4))
  }

  @Test func nothingOfThePromptsIsPrinted() throws {
    var made = MadeUpLog(seed: 1)
    let options = EvaluationOptions(thresholds: Thresholds(increments: [0.5]), bootstrap: .init(resamples: 100))
    var evaluation = try EvaluationReport(made.log(rows: 40), options: options)
    #expect(!evaluation.json.text().contains("robustness"))
    evaluation.robustness = report()
    for text in [evaluation.text(), evaluation.json.text(), evaluation.html] {
      for word in ["alpha", "beta", "secret", "omega"] { #expect(!text.lowercased().contains(word), "\(word)") }
    }
    #expect(evaluation.text().contains("upper case"))
    #expect(evaluation.text().contains("trained on 1 of these rows"))
    #expect(evaluation.html.contains("<h2>Robustness</h2>"))
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.json.text().utf8)) as? [String: Any])
    let robustness = try #require(found["robustness"] as? [String: Any])
    #expect(Set((robustness["noise"] as? [String: Any] ?? [:]).keys) == Set(Noise.allCases.map(\.rawValue)))
    #expect((robustness["suffix"] as? [String: Any])?["tokens_from_log"] as? Int == 3)
  }
}
