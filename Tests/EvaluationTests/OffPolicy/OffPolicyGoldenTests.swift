import Foundation
import Statistics
import Testing

@testable import Evaluation

/// Against Open Bandit Pipeline, vw-estimators and SciPy.
@Suite struct OffPolicyGoldenTests {
  private struct Golden: Decodable {
    struct Policy: Decodable {
      let chances: [[Double]]
      let ips, snips, direct, doublyRobust, vwIps, vwSnips: Double
    }
    struct Quantile: Decodable {
      let p, degrees, t: Double
    }
    let tier: [Int]
    let propensity, reward: [Double]
    let prediction: [[Double]]
    let policies: [String: Policy]
    let quantiles: [Quantile]
  }

  /// Recommendations at random of which policy would have made others: real clicks, which are rare.
  private struct OpenBandit: Decodable {
    /// One letter a row, "0" being 0.
    let action, position, click: String
    /// Of each item at each position [34 × 3], and each item's predicted rate [34].
    let share: [[Double]]
    let rate: [Double]
    let ips, snips, direct, doublyRobust: Double
  }

  private static func golden<Content: Decodable>(_ name: String) throws -> Content {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Content.self, from: Data(contentsOf: tests.appendingPathComponent("Golden/offpolicy/\(name).json")))
  }

  private let golden: Golden

  init() throws { golden = try Self.golden("golden") }

  @Test(arguments: ["greedy", "last", "mixed"]) func estimators(name: String) throws {
    let expected = try #require(golden.policies[name])
    let rows = golden.tier.indices.map {
      OffPolicySample.Row(
        tier: golden.tier[$0], propensity: golden.propensity[$0], reward: golden.reward[$0], conversation: $0)
    }
    let sample = OffPolicySample(
      rows: rows, predictions: Matrix(golden.prediction.flatMap(\.self), columns: 3), range: 0...1)
    let found = OffPolicyEstimate(sample, chances: Matrix(expected.chances.flatMap(\.self), columns: 3))
    #expect(agree(found.inversePropensity, expected.ips))
    #expect(agree(found.inversePropensity, expected.vwIps))
    #expect(agree(found.selfNormalised, expected.snips))
    #expect(agree(found.selfNormalised, expected.vwSnips))
    #expect(agree(found.direct, expected.direct))
    #expect(agree(found.doublyRobust, expected.doublyRobust))
    #expect(found.refusal == nil && found.robust?.value == found.doublyRobust)
  }

  @Test func openBandit() throws {
    let bandit: OpenBandit = try Self.golden("open-bandit")
    func numbers(_ letters: String) -> [Int] { letters.utf8.map { Int($0) - 48 } }
    let (actions, positions, clicks) = (numbers(bandit.action), numbers(bandit.position), numbers(bandit.click))
    let items = bandit.rate.count
    let rows = actions.indices.map {
      OffPolicySample.Row(
        tier: actions[$0], propensity: 1 / Double(items), reward: Double(clicks[$0]), conversation: $0)
    }
    let predictions = [[Double]](repeating: bandit.rate, count: rows.count)
    let chances = positions.map { position in bandit.share.map { $0[position] } }
    let sample = OffPolicySample(
      rows: rows, predictions: Matrix(predictions.flatMap(\.self), columns: items), range: 0...1)
    let found = OffPolicyEstimate(sample, chances: Matrix(chances.flatMap(\.self), columns: items))
    #expect(rows.count == 10_000 && items == 34)
    #expect(agree(found.inversePropensity, bandit.ips) && agree(found.selfNormalised, bandit.snips))
    #expect(agree(found.direct, bandit.direct) && agree(found.doublyRobust, bandit.doublyRobust))
    let interval = try #require(found.robust)
    #expect(interval.low < bandit.doublyRobust && bandit.doublyRobust < interval.high)
  }

  @Test func quantilesOfStudentT() {
    for expected in golden.quantiles {
      #expect(agree(StudentT.quantile(expected.p, degrees: expected.degrees), expected.t))
    }
  }
}
