import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct OffPolicyEstimateTests {
  private typealias Row = OffPolicySample.Row

  private func estimate(
    _ rows: [Row], _ chances: [[Double]], predictions: [[Double]]? = nil, range: ClosedRange<Double> = 0...1
  ) -> OffPolicyEstimate {
    let predicted = predictions ?? [[Double]](repeating: [0.5, 0.5], count: rows.count)
    let sample = OffPolicySample(rows: rows, predictions: Matrix(predicted.flatMap(\.self), columns: 2), range: range)
    return OffPolicyEstimate(sample, chances: Matrix(chances.flatMap(\.self), columns: 2))
  }

  /// 400 rows at propensity ½, a tier each in turn; the policy wants tier 1.
  private func balanced(_ count: Int = 400, change: (inout Row, Int) -> Void = { _, _ in }) -> [Row] {
    (0..<count).map { index in
      var row = Row(
        tier: index % 2, propensity: 0.5, reward: index % 20 < 3 ? 0 : 1, conversation: index)
      change(&row, index)
      return row
    }
  }

  private func estimate(_ rows: [Row]) -> OffPolicyEstimate {
    estimate(rows, [[Double]](repeating: [0, 1], count: rows.count))
  }

  @Test func whatIsPrintedBesideAnEstimate() throws {
    let found = estimate(balanced())
    #expect(found.refusal == nil)
    #expect(found.support.matchedRows == 200 && found.support.drawnRows == 400)
    #expect(agree(found.support.effectiveSampleSize, 200))
    #expect(agree(found.support.greatestShare, 1.0 / 200))
    #expect(agree(found.support.disagreement, 0.5))
    let robust = try #require(found.robust)
    #expect(robust.low < 0.9 && robust.value == 0.9 && robust.high > 0.9 && robust.high <= 1)
  }

  /// Both stages of a conversation depend on what was drawn: the expectation over all draws, taken exactly, is the true value.
  @Test func aConversationsSumsAreRightOnAverage() {
    // Turn 1 is drawn with p(tier 1) = 0.3; turn 2 is there only after tier 1, drawn anew with p(tier 1) = 0.4, and held at the end.
    let policy = [[0.2, 0.8], [0.6, 0.4], [0.0, 1.0], [0.0, 1.0]]
    let first = [0.25, 0.5]
    let second = [0.75, 1.0]
    var (reward, requests) = (0.0, 0.0)
    for one in 0...1 {
      let p1 = [0.7, 0.3][one]
      for two in 0...1 {
        let p2 = [0.6, 0.4][two]
        var rows = [Row(tier: one, propensity: p1, reward: first[one], conversation: 0)]
        if one == 1 {
          rows.append(Row(tier: two, propensity: p2, reward: second[two], conversation: 0))
          rows.append(Row(tier: two, propensity: p2, role: .held, reward: 0.5, conversation: 0))
        }
        let sample = OffPolicySample(
          rows: rows,
          predictions: Matrix([0.9, 0.1, 0.3, 0.6, 0.2, 0.2].prefix(2 * rows.count).map(\.self), columns: 2),
          range: 0...1)
        let chances = Matrix(policy.prefix(rows.count).flatMap(\.self), columns: 2)
        let statistics = OffPolicyStatistics(sample, chances: chances)
        reward += p1 * p2 * statistics.robust[0]
        requests += p1 * p2 * statistics.requests[0]
      }
    }
    let trueValue: Double = 0.2 * 0.25 + 0.8 * (0.5 + 0.6 * 0.75 + 0.4 + 0.5)
    #expect(agree(reward, trueValue))
    #expect(agree(requests, 1 + 0.8 * 2))
  }

  @Test func turnsOfAConversationCountItsDrawOnce() {
    let rows = (0..<300).flatMap { index in
      [
        Row(tier: index % 2, propensity: 0.5, reward: 1, conversation: index),
        Row(tier: index % 2, propensity: 0.5, role: .held, reward: 0.5, conversation: index),
      ]
    }
    let found = estimate(rows, [[Double]](repeating: [0, 1], count: 600))
    #expect(found.support.conversations == 300 && agree(found.support.effectiveSampleSize, 150))
    #expect(found.support.matchedRows == 300)
    #expect(agree(found.inversePropensity, 0.75) && agree(found.selfNormalised, 0.75))
    #expect(abs((found.doublyRobust ?? 0) - 0.75) < 0.02)
  }

  /// Turns that stand or fall together show no more than one of them.
  @Test func intervalsGoByConversation() throws {
    let turns = balanced().flatMap { row in
      (0..<4).map { turn in
        var copy = row
        if turn > 0 { copy.role = .held }
        return copy
      }
    }
    func width(_ rows: [Row]) throws -> Double {
      let robust = try #require(
        estimate(
          rows, [[Double]](repeating: [0, 1], count: rows.count),
          predictions: [[Double]](repeating: [0.9, 0.9], count: rows.count)
        ).robust)
      return robust.high - robust.low
    }
    #expect(try width(turns) > 0.9 * width(balanced()))
  }

  @Test func rowsWithoutAChoiceEnterWithWhatTheyGave() throws {
    let rows =
      balanced()
      + balanced(400) { row, index in
        row.role = .fixed
        row.propensity = 1
        row.tier = 0
        row.reward = 0.25
        row.conversation = 400 + index
      }
    let found = estimate(rows)
    #expect(agree(found.doublyRobust, (0.9 + 0.25) / 2) && agree(found.selfNormalised, (0.9 + 0.25) / 2))
    #expect(agree(found.inversePropensity, (0.9 + 0.25) / 2))
    #expect(found.support.drawnRows == 400 && agree(found.support.disagreement, 0.25))
  }

  @Test func refusals() {
    #expect(estimate([]).refusal == .noRows)
    #expect(estimate(balanced { row, _ in row.propensity = 1 }).refusal == .deterministic)
    #expect(estimate(balanced { row, _ in row.role = .fixed }).refusal == .deterministic)
    #expect(
      estimate(balanced { row, index in if index < 8 { row.propensity = .nan } }).refusal
        == .missingPropensity(rows: 8, of: 400))
    #expect(
      estimate(balanced { row, index in if index < 8 { row.propensity = 0 } }).refusal
        == .missingPropensity(rows: 8, of: 400))
    #expect(
      estimate(balanced { row, index in if index < 16 { row.propensity = 1 } }).refusal
        == .noSupport(rows: 8, of: 400))
    #expect(
      estimate(balanced { row, index in if index < 16 { row.allowed = TierSet(only: row.tier) } }).refusal
        == .noSupport(rows: 8, of: 400))
    #expect(estimate(balanced(98)).refusal == .fewMatches(effectiveSampleSize: 49))
    #expect(estimate(balanced(100)).refusal == nil)
    let heavy = estimate(balanced(4_000) { row, index in if index == 1 { row.propensity = 1.0 / 500 } })
    guard case .heavyWeight(let share) = heavy.refusal else {
      Issue.record("expected a heavy weight, found \(String(describing: heavy.refusal))")
      return
    }
    #expect(agree(share, 500.0 / (500 + 2 * 1_999)))
    // A third tier answered a third of the requests, and its rows are missing.
    #expect(estimate(balanced { row, _ in row.propensity = 1.0 / 3 }).refusal == .inconsistent(meanWeight: 1.5))
    let unknown = estimate(
      balanced(), [[Double]](repeating: [0, 1], count: 400),
      predictions: [[Double]](repeating: [0.5, .nan], count: 400))
    #expect(unknown.refusal == .noPrediction && unknown.robust == nil && agree(unknown.selfNormalised, 0.9))
  }

  /// The worst that a few rows without support could have given stays inside the interval.
  @Test func unsupportedRowsWidenTheInterval() throws {
    let whole = try #require(estimate(balanced(2_000)).robust)
    let found = estimate(balanced(2_000) { row, index in if index % 200 == 0 { row.propensity = .nan } })
    let part = try #require(found.robust)
    #expect(found.support.unsupportedRows == 10)
    #expect(part.high - part.low > whole.high - whole.low + 0.004)
  }

  @Test func weightsCount() {
    let rows = balanced { row, index in row.weight = index % 20 < 3 ? 2 : 1 }
    let found = estimate(rows)
    #expect(agree(found.selfNormalised, 180.0 / 220))
  }
}
