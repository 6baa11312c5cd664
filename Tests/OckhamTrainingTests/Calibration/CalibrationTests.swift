import Statistics
import Foundation
import Ockham
import Testing

@testable import OckhamTraining

/// Fits by SciPy and scikit-learn.
private struct CalibrationGolden: Decodable {
  struct Case: Decodable {
    var labels: [Float]
    var weights: [Float]
    var platt: [Double]
    var isotonic: [Double]
  }

  var logits: [Float]
  var probes: [Float]
  var cases: [Case]
}

@Suite("Calibration")
struct CalibrationTests {
  private func sample(_ logits: [Float], _ labels: [Float], _ weights: [Float]? = nil) throws -> CalibrationSample {
    try CalibrationSample(head: "small", logits: logits, labels: labels, weights: weights)
  }

  /// Logits with labels drawn from a known curve.
  private func drawn(_ count: Int, seed: UInt64, _ curve: (Double) -> Double) throws -> CalibrationSample {
    var generator = SplitMix64(seed: seed)
    let logits = (0..<count).map { _ in Fixture.signed(&generator) * 4 }
    return try sample(logits, logits.map { Double(generator.nextUnit()) < curve(Double($0)) ? 1 : 0 })
  }

  @Test("Platt scaling agrees with SciPy: hard and soft labels, with and without weights")
  func plattGolden() throws {
    let golden: CalibrationGolden = try Fixture.golden("calibration")
    for goldenCase in golden.cases {
      let line = PlattScaling().fitLine(try sample(golden.logits, goldenCase.labels, goldenCase.weights))
      #expect(Fixture.distance([line.slope, line.intercept], goldenCase.platt) < 1e-6)
    }
  }

  @Test("isotonic regression agrees with scikit-learn")
  func isotonicGolden() throws {
    let golden: CalibrationGolden = try Fixture.golden("calibration")
    for goldenCase in golden.cases {
      let sample = try sample(golden.logits, goldenCase.labels, goldenCase.weights)
      var regression = IsotonicRegression()
      regression.maximumKnots = 1_000
      let fit = regression.fit(sample)
      let floor = 1.0 / 302
      let expected = goldenCase.isotonic.map { min(max($0, floor), 1 - floor) }
      #expect(Fixture.distance(golden.probes.map(fit.probability), expected) < 1e-5)
    }
  }

  @Test("perfectly separated outcomes keep a finite slope")
  func separated() throws {
    let fit = PlattScaling().fit(try sample([-2, -1, 1, 2], [0, 0, 1, 1]))
    guard case .platt(let slope, let intercept) = fit else {
      Issue.record("not Platt")
      return
    }
    #expect(slope.isFinite && slope > 0 && abs(intercept) < 1e-4)
    #expect(fit.probability(2) < 0.95)
  }

  @Test("constant logits give the smoothed base rate")
  func constant() throws {
    let fit = PlattScaling().fit(try sample([1, 1, 1, 1], [0, 1, 1, 1]))
    #expect(abs(fit.probability(1) - (3 * 0.8 + 1.0 / 3) / 4) < 1e-4)
  }

  @Test("the isotonic fit is the best of all rising ones", arguments: 1...40)
  func isotonicOptimal(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let count = 2 + Int(seed % 6)
    let labels = (0..<count).map { $0 < 2 ? Float($0) : generator.nextUnit() }
    let logits = (0..<count).map { _ in (generator.nextUnit() * 5).rounded() }
    let weights = (0..<count).map { _ in generator.nextUnit() + 0.1 }
    let blocks = IsotonicRegression.pool(try sample(logits, labels, weights))
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.mean < $1.mean && $0.upper < $1.lower })
    for (row, logit) in logits.enumerated() {
      let value = blocks.first { $0.lower <= logit && logit <= $0.upper }?.mean ?? .nan
      #expect(abs(value - minimax(logits, labels, weights, at: logit)) < 1e-6, "row \(row)")
    }
  }

  /// max over lower bounds of min over upper bounds of the weighted mean between them.
  private func minimax(_ x: [Float], _ y: [Float], _ w: [Float], at point: Float) -> Double {
    x.filter { $0 <= point }.map { lower in
      x.filter { $0 >= point }.map { upper in
        let rows = x.indices.filter { x[$0] >= lower && x[$0] <= upper }
        let total = rows.reduce(0.0) { $0 + Double(w[$1]) }
        return rows.reduce(0.0) { $0 + Double(w[$1]) * Double(y[$1]) } / total
      }.min() ?? .nan
    }.max() ?? .nan
  }

  @Test("knots are few, rise, and stay close to the full fit", arguments: [2, 3, 8, 64])
  func knots(limit: Int) throws {
    let sample = try drawn(4_000, seed: 4) { 1 / (1 + exp(-$0)) }
    var regression = IsotonicRegression()
    regression.maximumKnots = limit
    guard case .isotonic(let x, let y) = regression.fit(sample) else {
      Issue.record("not isotonic")
      return
    }
    #expect(x.count == y.count && x.count <= limit && x.count >= 1)
    #expect(zip(x, x.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(y, y.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(y.allSatisfy { $0 >= 1.0 / 4_003 && $0 <= 1 - 1.0 / 4_003 })
    guard limit == 64 else { return }
    let fit = Calibration.isotonic(x: x, y: y)
    for logit in stride(from: Float(-3.5), through: 3.5, by: 0.5) {
      #expect(abs(fit.probability(logit) - 1 / (1 + exp(-logit))) < 0.1)
    }
  }

  @Test("isotonic regression wins only where Platt scaling cannot follow")
  func choice() throws {
    let folds = try KFold(folds: 5, seed: 1)
    let logistic = try CalibrationChoice(try drawn(2_000, seed: 1) { 1 / (1 + exp(-$0)) }, folds: folds)
    let steps = try CalibrationChoice(
      try drawn(2_000, seed: 2) { abs($0) < 2 ? 0.5 : $0 > 0 ? 0.95 : 0.45 }, folds: folds)
    guard case .platt = logistic.calibration, case .isotonic = steps.calibration else {
      Issue.record("the wrong kind was chosen")
      return
    }
    #expect(logistic.isotonicGain.standardError > 0)
    #expect(steps.isotonicGain.mean > steps.isotonicGain.standardError)
    #expect(
      try CalibrationChoice(try drawn(500, seed: 1) { 1 / (1 + exp(-$0)) }, folds: folds)
        == CalibrationChoice(try drawn(500, seed: 1) { 1 / (1 + exp(-$0)) }, folds: folds))
  }

  @Test("a lead within one standard error is not enough for isotonic regression")
  func standardErrorRule() throws {
    let folds = try KFold(folds: 5, seed: 1)
    var narrowLeads = 0
    for seed in UInt64(1)...40 {
      let sample = try drawn(400, seed: seed) { abs($0) < 2 ? 0.5 : $0 > 0 ? 0.9 : 0.4 }
      let choice = try CalibrationChoice(sample, folds: folds)
      let lead = choice.isotonicGain.mean
      let isPlatt = if case .platt = choice.calibration { true } else { false }
      #expect(isPlatt == (lead <= choice.isotonicGain.standardError))
      if lead > 0, lead <= choice.isotonicGain.standardError { narrowLeads += 1 }
    }
    #expect(narrowLeads > 0)
  }

  @Test("rows that say nothing are dropped, wrong ones named")
  func samples() throws {
    #expect(try sample([1, 2, 3], [0, .nan, 1], [1, 1, 1]).count == 2)
    #expect(try sample([1, 2, 3, 4], [0, 1, 1, 0], [1, 1, 0, 1]).count == 3)
    #expect(throws: TrainingError.notFinite(subject: "logits", row: 1, column: 0, found: .infinity)) {
      try sample([0, .infinity], [0, 1])
    }
    #expect(throws: TrainingError.noLabels(head: "small", rows: 2)) { try sample([0, 1], [.nan, .nan]) }
    #expect(throws: TrainingError.oneOutcome(head: "small", labels: 2, value: 1, needed: 1)) {
      try sample([0, 1], [1, 1])
    }
    #expect(throws: TrainingError.shape(subject: "labels", expected: 2, found: 1)) { try sample([0, 1], [1]) }
    #expect(throws: TrainingError.self) { try sample([0, 1], [1, 1.5]) }
    #expect(throws: TrainingError.self) { try sample([0, 1], [1, 0], [1, -1]) }
    #expect(throws: TrainingError.tooFewRows(subject: "5 folds, groups of rows", needed: 5, found: 4)) {
      try CalibrationChoice(try sample([0, 1, 2, 3], [0, 1, 0, 1]), folds: try KFold(folds: 5, seed: 1))
    }
  }
}
