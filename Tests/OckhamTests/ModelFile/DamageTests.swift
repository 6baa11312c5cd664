import Testing

@testable import Ockham

/// Whatever happens to a file's bytes, it loads or is refused; what loads can score.
struct DamageTests {
  private let request = Request(segments: [
    Segment(role: .system, text: "Answer briefly."), Segment(role: .user, text: "What is 2 + 2?\nA. 3\nB. 4"),
  ])

  @Test func everyTruncationIsRefused() {
    let file = ModelFixture.logistic.file.encoded()
    for count in file.indices {
      #expect(throws: ModelFileError.self, "\(count) bytes") { _ = try TensorFile(Array(file[..<count])) }
    }
  }

  private func load(_ bytes: [UInt8]) -> Bool {
    guard let model = try? Model(bytes) else { return false }
    var scratch = model.makeScratch()
    guard Router(model: model).route(request, using: &scratch).tier < model.tierNames.count else { return false }
    guard var responses = model.makeResponseScratch() else { return true }
    return model.score(Response(text: "(B)"), of: 0, after: scratch, into: &responses)
      && responses.probabilities.allSatisfy { (0...1).contains($0) }
  }

  @Test(arguments: [UInt64(1), 2]) func flippedHeaderBytesLoadOrAreRefused(seed: UInt64) {
    let file = ModelFixture.full.file.encoded()
    let headerEnd = 8 + Int(file[0]) + Int(file[1]) << 8
    var draws = SplitMix64(seed: seed)
    var refused = 0
    for _ in 0..<1_500 {
      var damaged = file
      let index = Int.random(in: 0..<headerEnd, using: &draws)
      damaged[index] =
        seed == 1 ? damaged[index] ^ (1 << UInt8.random(in: 0..<8, using: &draws)) : .random(in: 0...255, using: &draws)
      if !load(damaged) { refused += 1 }
    }
    #expect(refused > 1_200)
  }

  @Test func flippedDataBytesLoadOrAreRefused() {
    let file = ModelFixture.full.file.encoded()
    let headerEnd = 8 + Int(file[0]) + Int(file[1]) << 8
    var draws = SplitMix64(seed: 3)
    var loaded = 0
    for _ in 0..<120 {
      var damaged = file
      for _ in 0..<3 {
        damaged[Int.random(in: headerEnd..<file.count, using: &draws)] = .random(in: 0...255, using: &draws)
      }
      if load(damaged) { loaded += 1 }
    }
    #expect(loaded > 60)
  }

  @Test func extremeWeightsOfResponseHeadsLeaveProbabilities() throws {
    var file = ModelFixture.responses.file
    let huge = Float.greatestFiniteMagnitude
    for name in ["dense.mean", "dense.inverse_deviation", "dense.weight", "bias", "gram.scale"] {
      let shape = try #require(file["response.0." + name]).shape
      let floats = (0..<shape.reduce(1, *)).map { $0 % 2 == 0 ? huge : -huge }
      file.set("response.0." + name, Tensor(name: "response.0." + name, shape: shape, floats: floats))
      #expect(load(file.sealed().encoded()), "\(name)")
    }
  }

  @Test func extremeWeightsCannotMakeScoringFail() throws {
    var file = ModelFixture.full.file
    let huge = Float.greatestFiniteMagnitude
    for name in ["dense.mean", "dense.inverse_deviation", "dense.weight", "hidden.weight", "task.bias", "gram.scale"] {
      let shape = try #require(file[name]).shape
      let count = shape.reduce(1, *)
      file.set(name, Tensor(name: name, shape: shape, floats: (0..<count).map { $0 % 2 == 0 ? huge : -huge }))
      #expect(load(file.encoded()), "\(name)")
    }
  }

  /// Sums that overflow to both sides leave numbers that can be compared and printed.
  @Test(arguments: [ModelFixture.logistic, .joint, .full], [Float(3e38), -3e38])
  func overflowingSumsLeaveProbabilities(fixture: ModelFixture, huge: Float) throws {
    var file = fixture.file
    for name in [
      "dense.weight", "bias", "output.bias", "calibration.0.platt", "calibration.joint", "task.dense.weight",
      "task.bias",
    ] {
      guard let shape = file[name]?.shape else { continue }
      let signs = (0..<shape.reduce(1, *)).map { $0 % 3 == 0 ? huge : -huge }
      file.set(name, Tensor(name: name, shape: shape, floats: signs))
    }
    let model = try Model(file.encoded())
    var scratch = model.makeScratch()
    let decision = Router(model: model).route(request, using: &scratch)
    #expect(scratch.logits.allSatisfy { $0.isFinite })
    #expect((scratch.probabilities + scratch.taskProbabilities).allSatisfy { (0...1).contains($0) })
    #expect((-1...1).contains(decision.gain) && decision.threshold.isFinite)
  }
}
