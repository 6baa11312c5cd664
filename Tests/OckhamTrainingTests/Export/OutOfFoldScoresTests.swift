import Ockham
import Testing

@testable import OckhamTraining

@Suite struct OutOfFoldScoresTests {
  private func scores() throws -> OutOfFoldScores {
    let dataset = try Training.madeUp(90, seed: 6)
    let plan = try FoldPlan(dataset, rows: Array(0..<90), folds: 3, seed: 1)
    let logits = Training.heldOutLogits(dataset, plan)
    return OutOfFoldScores(
      tierNames: dataset.tierNames, contentHashes: logits.rows.map { dataset.contentHashes[$0] },
      logits: logits.logits.values, probabilities: logits.probabilities)
  }

  @Test func readsBackWhatWasWritten() throws {
    let scores = try scores()
    let read = try OutOfFoldScores(scores.tensorFile().encoded(), tierNames: ["small", "frontier"])
    #expect(read.tierNames == scores.tierNames)
    #expect(read.fingerprint == scores.fingerprint)
    #expect(read.contentHashes == scores.contentHashes)
    #expect(read.logits == scores.logits)
    #expect(read.probabilities == scores.probabilities)
    #expect(read.placeOfHash.count == 90)
    for (place, hash) in read.contentHashes.enumerated() { #expect(read.placeOfHash[hash] == place) }
  }

  @Test func refusesOtherTiers() throws {
    let bytes = try scores().tensorFile().encoded()
    #expect(
      throws: ModelFileError.metadataValue(
        key: "tiers", expected: #"["small","large"]"#, found: #"["small","frontier"]"#)
    ) { try OutOfFoldScores(bytes, tierNames: ["small", "large"]) }
  }

  @Test(arguments: ["request_hash", "logit", "probability"]) func refusesMissingTensors(name: String) throws {
    var file = try scores().tensorFile()
    file.tensors.removeAll { $0.name == name }
    #expect(throws: ModelFileError.missingTensor(name)) {
      try OutOfFoldScores(file.encoded(), tierNames: ["small", "frontier"])
    }
  }

  @Test func refusesShapesAndValuesThatCannotBe() throws {
    let scores = try scores()
    func refusal(_ name: String, _ tensor: Tensor) throws -> ModelFileError? {
      var file = scores.tensorFile()
      let index = try #require(file.tensors.firstIndex { $0.name == name })
      file.tensors[index] = tensor
      return #expect(throws: ModelFileError.self) {
        try OutOfFoldScores(file.encoded(), tierNames: ["small", "frontier"])
      }
    }
    func values(_ value: Float) -> Tensor {
      Tensor(name: "probability", shape: [90, 2], floats: [Float](repeating: 0, count: 179) + [value])
    }
    #expect(
      try refusal("probability", Tensor(name: "probability", shape: [2, 90], floats: scores.probabilities))
        == .tensorShape(tensor: "probability", expected: "F32 [90, 2]", found: "[2, 90]"))
    for wrong in [Float.nan, -0.1, 1.1, .infinity] {
      #expect(
        try refusal("probability", values(wrong))
          == .tensorValue(tensor: "probability", index: 179, expected: "a number from 0 to 1"))
    }
    let logits = [Float.infinity] + [Float](repeating: 0, count: 179)
    #expect(
      try refusal("logit", Tensor(name: "logit", shape: [90, 2], floats: logits))
        == .tensorValue(tensor: "logit", index: 0, expected: "a finite number"))
  }

  @Test func refusesEveryCut() throws {
    let bytes = try scores().tensorFile().encoded()
    for count in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: ModelFileError.self) {
        try OutOfFoldScores(Array(bytes.prefix(count)), tierNames: ["small", "frontier"])
      }
    }
  }
}
