import Testing

@testable import Ockham

/// Scores of two small models against the plain Python implementation, bit for bit. The models were written by Python's
/// safetensors library.
struct GoldenScoreTests {
  struct Scores: Decodable {
    var logistic: [Score]
    var joint: [Score]
    var unfamiliar: [Score]
    var mlp: [Score]
    var exponential: [[String]]
  }

  struct Score: Decodable {
    var logits: [UInt32]
    var probabilities: [UInt32]
    var task: [UInt32]?
    /// In hexadecimal notation.
    var costs: [String]?
    var scales: [UInt32]?
    /// u and w.
    var unfamiliarity: [UInt32]?
    /// Tier, gain and threshold.
    var decision: [UInt32]
  }

  private let scores: Scores
  private let features: GoldenFeatures

  init() throws {
    scores = try GoldenFiles.decode("scores.json")
    features = try GoldenFiles.decode("features.json")
  }

  @Test func logisticModelAgrees() throws {
    let model = try Model(GoldenFiles.bytes("logistic.safetensors"))
    #expect(model.kind == .logistic)
    #expect(model.tierNames == ["small", "mid", "frontier"])
    #expect(model.tierCosts == [0.0001, 0.001, 0.01])
    #expect(!model.hasTaskHead && model.thresholdScaling == nil)
    check(model, scores.logistic)
  }

  @Test func tiersThatCorrectEachOtherAgree() throws {
    let model = try Model(GoldenFiles.bytes("joint.safetensors"))
    #expect(model.jointCalibration?.weights.count == 30)
    check(model, scores.joint)
  }

  @Test func aModelThatMeasuresUnfamiliarityAgrees() throws {
    let model = try Model(GoldenFiles.bytes("unfamiliar.safetensors"))
    #expect(model.unfamiliarity?.families == ["a", "b"] && model.unfamiliarity?.home == ["a"])
    check(model, scores.unfamiliar)
    var scratch = model.makeScratch()
    let decisions = features.cases.map {
      Router(model: model).route($0.request.request(features.pieces), using: &scratch)
    }
    #expect(decisions.contains { $0.reason == .unfamiliar } && decisions.contains { !$0.isUnfamiliar })
    #expect(decisions.contains { $0.isUnfamiliar && $0.reason != .unfamiliar })
  }

  @Test func multilayerModelAgrees() throws {
    let model = try Model(GoldenFiles.bytes("mlp.safetensors"))
    #expect(model.kind == .mlp)
    #expect(model.tierNames.count == 4)
    #expect(model.tierCosts.isEmpty)
    #expect(model.hasTaskHead && model.thresholdScaling?.meanStepUSD == [2e-4, -1e-5, 2.5e-3])
    let scales = Set(scores.mlp.flatMap { $0.scales ?? [] })
    #expect(scales.contains((0.125 as Float).bitPattern) && scales.contains((1 as Float).bitPattern))
    #expect(scales.count > 40)
    check(model, scores.mlp)
  }

  private func check(_ model: Model, _ expected: [Score]) {
    var scratch = model.makeScratch()
    #expect(expected.count == features.cases.count)
    for (index, (entry, score)) in zip(features.cases, expected).enumerated() {
      let decision = Router(model: model).route(entry.request.request(features.pieces), using: &scratch)
      #expect(scratch.logits.map(\.bitPattern) == score.logits, "case \(index)")
      #expect(scratch.probabilities.map(\.bitPattern) == score.probabilities, "case \(index)")
      #expect(scratch.taskProbabilities.map(\.bitPattern) == score.task ?? [], "case \(index)")
      #expect(scratch.expectedCostUSD == (score.costs ?? []).compactMap(Double.init), "case \(index)")
      #expect(scratch.thresholdScales.map(\.bitPattern) == score.scales ?? [], "case \(index)")
      let familiarity = [scratch.unfamiliarity.bitPattern, scratch.unfamiliarShare.bitPattern]
      #expect(familiarity == score.unfamiliarity ?? [0, 0], "case \(index)")
      #expect(
        [UInt32(decision.tier), decision.gain.bitPattern, decision.threshold.bitPattern] == score.decision,
        "case \(index)")
      #expect(decision.expectedCostUSD == (score.costs == nil ? nil : scratch.expectedCostUSD[decision.tier]))
      #expect(scratch.difficulty == 1 - scratch.probabilities[0])
    }
  }

  @Test func exponentialAgrees() throws {
    for pair in scores.exponential {
      let (x, y) = (try #require(Double(pair[0])), try #require(Double(pair[1])))
      #expect(exponential(x).bitPattern == y.bitPattern, "e^\(x)")
      #expect(exponential(SIMD2(x, -1))[0].bitPattern == y.bitPattern, "e^\(x), first of two")
      #expect(exponential(SIMD2(.nan, x))[1].bitPattern == y.bitPattern, "e^\(x), second of two")
    }
  }
}
