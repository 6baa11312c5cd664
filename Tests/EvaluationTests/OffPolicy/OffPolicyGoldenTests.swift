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

  private let golden: Golden

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    golden = try decoder.decode(
      Golden.self, from: Data(contentsOf: tests.appendingPathComponent("Golden/offpolicy/golden.json")))
  }

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

  @Test func quantilesOfStudentT() {
    for expected in golden.quantiles {
      #expect(agree(StudentT.quantile(expected.p, degrees: expected.degrees), expected.t))
    }
  }
}
