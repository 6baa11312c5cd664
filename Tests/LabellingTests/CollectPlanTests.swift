import Foundation
import Judging
import RequestLog
import Testing

@testable import Labelling

/// What asking costs and which records are picked, worked out without a call.
struct CollectPlanTests {
  private func plan(
    _ lines: [String], _ selection: CollectPlan.Selection, prices: [(String, Double)] = [("small", 10)],
    deviation: ((RawLineReader.Line) -> Double?)? = nil
  ) throws -> CollectPlan {
    let folder = try LabelFolder()
    let log = try folder.file("log.jsonl", lines.joined(separator: "\n"))
    let targets = try prices.map { tier, price in
      CollectTarget(
        tier: tier, model: tier + "-model",
        endpoint: try ChatEndpoint(
          address: "http://127.0.0.1:1/v1", model: "m", apiKey: nil, timeLimitSeconds: 1, connections: 1),
        price: TokenPrice(inputUSDPerMillion: price, outputUSDPerMillion: 10 * price))
    }
    return try CollectPlan(
      logPath: log, targets: targets, selection: selection, maximumTokens: 1_000, options: LabelOptions(),
      deviation: deviation)
  }

  private static func lines(_ count: Int, length: (Int) -> Int = { _ in 40 }) -> [String] {
    (0..<count).map { #"{"prompt":"\#($0) \#(String(repeating: "x", count: length($0)))"}"# }
  }

  /// The half-width of a uniform draw is 1.96 σ / √n.
  @Test func precisionHasItsPrice() throws {
    let plan = try plan(Self.lines(2_000), .uniform)
    let forecast = plan.forecast(rate: plan.rate(for: .halfWidth(0.05)))
    #expect(abs(forecast.halfWidth - 0.05) < 1e-6)
    #expect(abs(forecast.labels - pow(1.96 * 0.5 / 0.05, 2)) < 0.01)
    let all = plan.forecast(rate: plan.fullRate)
    #expect(all.labels == 2_000 && abs(forecast.usd / all.usd - forecast.labels / 2_000) < 1e-6)
    #expect(plan.rate(for: .halfWidth(0.001)) == plan.fullRate)
    #expect(abs(plan.forecast(rate: plan.rate(for: .usd(all.usd / 4))).usd - all.usd / 4) < 1e-9)
    #expect(abs(plan.forecast(rate: plan.rate(for: .labels(500))).labels - 500) < 1e-6)
  }

  @Test func costsAreThoseOfWhatIsMissing() throws {
    let lines = [
      #"{"prompt":"12345678","outcomes":{"small":{"answer":"\#(String(repeating: "y", count: 400))"}}}"#,
      #"{"prompt":"q","outcomes":{"small-model":{"answer":"\#(String(repeating: "y", count: 400))"},"big":{"quality":1}}}"#,
    ]
    let plan = try plan(lines, .all, prices: [("small", 10), ("big", 100)])
    #expect(plan.lacking == 1 && plan.calls == 1 && plan.complete == 1 && plan.expectedOutputTokens == [100, 100])
    let question = try ChatQuery(AnswerRecord(line: Array(lines[0].utf8), number: 1))
    let cost = Double(question.estimatedInputTokens) * 100e-6 + 100 * 1_000e-6
    #expect(abs(plan.forecast(rate: plan.fullRate).usd - cost) < 1e-12)
    #expect(question.mostInputTokens > 4 * question.estimatedInputTokens)
  }

  /// A model that writes longer answers than others costs more, once its own answers are in the log.
  @Test func lengthsAreThoseOfTheModelsOwnAnswers() throws {
    func answer(_ name: String, _ bytes: Int) -> String {
      #"{"prompt":"q","outcomes":{"\#(name)":{"answer":"\#(String(repeating: "y", count: bytes))"}}}"#
    }
    let lines = (0..<30).flatMap { _ in [answer("small-model", 40), answer("big", 400)] }
    let plan = try plan(lines, .all, prices: [("small", 1), ("big", 1), ("other", 1)])
    #expect(plan.expectedOutputTokens == [10, 100, 55] && plan.names == ["small-model", "big", "other"])
  }

  /// Preference follows σ/√cost, and no record is asked more than 5 times as often as another.
  @Test func uncertainRecordsAreAskedMoreOften() throws {
    let lines = Self.lines(400) { $0 % 2 == 0 ? 40 : 4_000 }
    func deviation(_ line: RawLineReader.Line) -> Double? {
      line.number <= 200 ? 0.01 + Double(line.number) / 500 : 0.4
    }
    let plan = try plan(lines, .uncertain, deviation: deviation)
    let rate = plan.rate(for: .labels(60))
    let chances = plan.rows.map { plan.inclusion(of: $0, rate: rate) }
    let (least, greatest) = (try #require(chances.min()), try #require(chances.max()))
    #expect(greatest / least <= 5 + 1e-9 && greatest / least > 2)
    #expect(chances[150] > chances[100] && chances[150] > chances[151])
    // For the same money it is sharper than drawing evenly, where deviations are as predicted.
    let even = try self.plan(lines, .uniform, deviation: deviation)
    let dollars = plan.forecast(rate: rate).usd
    #expect(plan.forecast(rate: rate).halfWidth < 0.97 * even.forecast(rate: even.rate(for: .usd(dollars))).halfWidth)
    #expect(plan.deviationSource == "predicted by the model")
  }

  /// Weighted by 1/ι, what is drawn stands for the whole log.
  @Test func drawsAreUnbiased() throws {
    let lines = Self.lines(3_000) { $0 % 7 * 100 + 10 }
    let plan = try plan(lines, .uncertain) { Double($0.number % 5) / 10 + 0.05 }
    let rate = plan.rate(for: .labels(900))
    var (count, sum) = (0.0, 0.0)
    for (place, row) in plan.rows.enumerated() where row.draw < plan.inclusion(of: row, rate: rate) {
      let weight = 1 / plan.inclusion(of: row, rate: rate)
      count += weight
      sum += weight * Double(place % 7)
    }
    #expect(abs(count / 3_000 - 1) < 0.08 && abs(sum / count - 3) < 0.2)
    let drawn = plan.drawn(rate: rate)
    #expect(abs(Double(drawn.records) - 900) < 90 && drawn.calls == drawn.records)
  }

  /// A rate that grows, as with a greater cap, draws what it drew before, and more.
  @Test func moreMoneyKeepsTheDraws() throws {
    let plan = try plan(Self.lines(500), .uniform)
    func drawn(_ labels: Int) -> Set<Int> {
      let rate = plan.rate(for: .labels(labels))
      return Set(plan.rows.filter { $0.draw < plan.inclusion(of: $0, rate: rate) }.map(\.line))
    }
    #expect(drawn(100).isStrictSubset(of: drawn(300)))
  }

  @Test func rowsAreFoundByLine() throws {
    let lines = (1...50).map {
      $0 % 3 == 0 ? #"{"prompt":"q \#($0)"}"# : #"{"prompt":"q","outcomes":{"small":{"quality":1}}}"#
    }
    let plan = try plan(lines, .all)
    for number in 0...52 { #expect((plan.row(line: number) != nil) == (number % 3 == 0 && number > 0 && number <= 50)) }
  }
}
