import Statistics
import Foundation
import Ockham
import Testing

@testable import OckhamTraining

@Suite("Joint calibration")
struct JointCalibrationTests {
  private static let calibrations = [
    Calibration.platt(slope: 0.8, intercept: -0.2), .platt(slope: 0.8, intercept: 0.9),
  ]

  /// Rows whose outcomes follow σ(a + correction), some labels unknown and all weights different.
  private struct Sample {
    let logits: DenseMatrix
    var labels: [[Float]]
    let weights: [Float]

    init(_ rows: Int, seed: UInt64, trueValue: JointCalibration) {
      var generator = SplitMix64(seed: seed)
      var logits = DenseMatrix(repeating: 0, rows: rows, columns: 2)
      var labels = [[Float](repeating: .nan, count: rows), [Float](repeating: .nan, count: rows)]
      for row in 0..<rows {
        let difficulty = Fixture.signed(&generator) * 3
        for tier in 0..<2 { logits[row, tier] = Fixture.signed(&generator) - difficulty }
        let chances = TierCalibrations(tiers: calibrations, joint: trueValue).probabilities(
          (0..<2).map { logits[row, $0] })
        for tier in 0..<2 where generator.nextUnit() > 0.1 {
          labels[tier][row] = generator.nextUnit() < chances[tier] ? 1 : 0
        }
      }
      self.logits = logits
      self.labels = labels
      weights = Fixture.weights(rows)
    }

    func fit() -> JointCalibration {
      JointCalibrationFit(calibrations, logits: logits).fit(
        labels: labels, weights: labels.map { _ in weights })
    }

    /// The mean loss of both tiers.
    func loss(_ joint: JointCalibration?) -> Double {
      let maps = TierCalibrations(tiers: calibrations, joint: joint)
      var (sum, total) = (0.0, 0.0)
      for row in weights.indices {
        let chances = maps.probabilities((0..<2).map { logits[row, $0] })
        for tier in 0..<2 where !labels[tier][row].isNaN {
          let chance = labels[tier][row] == 1 ? chances[tier] : 1 - chances[tier]
          sum -= Double(weights[row]) * log(Double(chance))
          total += Double(weights[row])
        }
      }
      return sum / total
    }
  }

  /// On hard requests the first tier is better than it thinks and the second worse.
  private let bend = JointCalibration(tierCount: 2, weights: [1.5, -3, 0, 1, 0, 0, -1, 0, 2, 0, 0, 0])
  private let none = JointCalibration(tierCount: 2, weights: [Float](repeating: 0, count: 12))

  @Test("finds a bend that the tiers share, on rows it has not seen")
  func findsTheBend() {
    let fitted = Sample(6_000, seed: 1, trueValue: bend).fit()
    let fresh = Sample(6_000, seed: 2, trueValue: bend)
    let (best, found, independent) = (fresh.loss(bend), fresh.loss(fitted), fresh.loss(nil))
    #expect(independent - best > 0.01)
    #expect(found - best < 0.1 * (independent - best))
  }

  @Test("changes next to nothing where Platt scaling is right")
  func leavesTheRight() {
    let fitted = Sample(6_000, seed: 3, trueValue: none).fit()
    let fresh = Sample(6_000, seed: 4, trueValue: none)
    #expect(abs(fresh.loss(fitted) - fresh.loss(nil)) < 0.002)
  }

  @Test("is the minimum of the penalised loss")
  func isTheMinimum() {
    let sample = Sample(400, seed: 5, trueValue: bend)
    let fitted = sample.fit()
    let independent = (0..<400).map { row in (0..<2).map { Self.calibrations[$0].probability(sample.logits[row, $0]) } }
    let features = independent.map { p in
      p.map(Double.init) + [Double(p[0]) * Double(p[0]), Double(p[0]) * Double(p[1]), Double(p[1]) * Double(p[1])]
    }
    let variances = (0..<5).map { column -> Double in
      let mean = features.reduce(0) { $0 + $1[column] } / 400
      return features.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / 400
    }
    func objective(_ joint: JointCalibration) -> Double {
      var total = 0.0
      for tier in 0..<2 {
        let own = joint.weights[(tier * 6)..<(tier * 6 + 6)].map(Double.init)
        total += zip(own.dropFirst(), variances).reduce(0) { $0 + 5 * $1.0 * $1.0 * $1.1 }
        for row in 0..<400 where !sample.labels[tier][row].isNaN {
          let chance = Double(
            Self.calibrations[tier].probability(
              sample.logits[row, tier], correction: joint.correction(tier: tier, of: independent[row])))
          total -= Double(sample.weights[row]) * log(sample.labels[tier][row] == 1 ? chance : 1 - chance)
        }
      }
      return total
    }
    let least = objective(fitted)
    for place in 0..<12 {
      for change: Float in [-0.05, 0.05] {
        var weights = fitted.weights
        weights[place] += change
        #expect(objective(JointCalibration(tierCount: 2, weights: weights)) > least)
      }
    }
  }

  @Test("needs many rows and Platt scaling", arguments: [(1_999, false), (2_000, true)])
  func sizeRule(rows: Int, expected: Bool) throws {
    var requests = MadeUpRequests(seed: 6)
    let dataset = try Training.dataset(requests.records(rows))
    let plan = try FoldPlan(dataset, rows: Array(0..<rows), folds: 2, seed: 1)
    var generator = SplitMix64(seed: 8)
    let parts = plan.folds.map { fold in
      var part = DenseMatrix(repeating: 0, rows: fold.heldOut.count, columns: 2)
      for place in part.values.indices { part.values[place] = Fixture.signed(&generator) }
      return part
    }
    let fitter = HeadCalibration(dataset, HeldOutLogits(plan, parts))
    var choices = try fitter.choose(folds: 2, seed: 1)
    for tier in 0..<2 { choices[tier].calibration = .platt(slope: 1, intercept: 0) }
    #expect(fitter.areJoint(choices) == expected)
    #expect((fitter.fitted(choices, isJoint: expected).joint != nil) == expected)
    choices[1].calibration = .isotonic(x: [0], y: [0.5])
    #expect(!fitter.areJoint(choices))
  }
}
