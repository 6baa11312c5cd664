import Testing

@testable import Ockham

/// Scores of two small models against the plain Python implementation, bit for bit. The models were written by Python's
/// safetensors library.
struct GoldenScoreTests {
  struct Scores: Decodable {
    var logistic: [Score]
    var mlp: [Score]
    var exponential: [[String]]
  }

  struct Score: Decodable {
    var logits: [UInt32]
    var probabilities: [UInt32]
    var task: [UInt32]?
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
    #expect(!model.hasTaskHead)
    check(model, scores.logistic)
  }

  @Test func multilayerModelAgrees() throws {
    let model = try Model(GoldenFiles.bytes("mlp.safetensors"))
    #expect(model.kind == .mlp)
    #expect(model.tierNames.count == 4)
    #expect(model.tierCosts.isEmpty)
    #expect(model.hasTaskHead)
    check(model, scores.mlp)
  }

  private func check(_ model: Model, _ expected: [Score]) {
    var scratch = model.makeScratch()
    #expect(expected.count == features.cases.count)
    for (index, (entry, score)) in zip(features.cases, expected).enumerated() {
      model.score(entry.request.request(features.pieces), into: &scratch)
      #expect(scratch.logits.map(\.bitPattern) == score.logits, "case \(index)")
      #expect(scratch.probabilities.map(\.bitPattern) == score.probabilities, "case \(index)")
      #expect(scratch.taskProbabilities.map(\.bitPattern) == score.task ?? [], "case \(index)")
      #expect(scratch.difficulty == 1 - scratch.probabilities[0])
    }
  }

  @Test func exponentialAgrees() throws {
    for pair in scores.exponential {
      let (x, y) = (try #require(Double(pair[0])), try #require(Double(pair[1])))
      #expect(exponential(x).bitPattern == y.bitPattern, "e^\(x)")
    }
  }
}
