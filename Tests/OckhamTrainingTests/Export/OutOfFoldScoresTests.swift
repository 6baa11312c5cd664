import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct OutOfFoldScoresTests {
  /// Held-out logits that say something about the labels, but not all.
  private static func heldOut(_ dataset: Dataset, _ plan: FoldPlan) -> HeldOutLogits {
    var generator = SplitMix64(seed: 12)
    let parts = plan.folds.map { fold in
      var part = DenseMatrix(repeating: 0, rows: fold.heldOut.count, columns: 2)
      for place in fold.heldOut.indices {
        let isHard = dataset.tasks[fold.heldOut[place]] == .math
        part[place, 0] = (isHard ? -1 : 1) + generator.nextUnit() * 2 - 1
        part[place, 1] = generator.nextUnit()
      }
      return part
    }
    return HeldOutLogits(plan, parts)
  }

  private func records() -> [LogRecord] {
    var requests = MadeUpRequests(seed: 6)
    return requests.records(90)
  }

  @Test func aRowsOwnLabelNeverReachesItsProbability() throws {
    var records = records()
    let before = try Training.dataset(records)
    let plan = try FoldPlan(before, rows: Array(0..<90), folds: 3, seed: 1)
    let logits = Self.heldOut(before, plan)
    let scores = try OutOfFoldScores(before, plan, logits, recipe: Training.recipe(.logistic))
    let row = try #require(plan.folds.last?.heldOut.first)
    records[row].outcomes[0].quality = 1 - (records[row].outcomes[0].quality ?? 0)
    let after = try OutOfFoldScores(
      try Training.dataset(records), plan, logits, recipe: Training.recipe(.logistic))
    let place = try #require(scores.rows.firstIndex(of: row))
    #expect(scores.probabilities[place * 2] == after.probabilities[place * 2])
    // Rows of the same fold do not see it either; those of other folds do.
    let fold = Set(plan.folds[2].heldOut)
    for place in scores.rows.indices {
      let isSame = scores.probabilities[place * 2] == after.probabilities[place * 2]
      #expect(isSame == fold.contains(scores.rows[place]), "row \(scores.rows[place])")
    }
    #expect(scores.calibrations[0] != after.calibrations[0])
    // The tiers share a slope.
    #expect(scores.calibrations[1] != after.calibrations[1])
  }

  @Test func rowsKeepTheirLogitsAndHashes() throws {
    let dataset = try Training.dataset(records())
    let plan = try FoldPlan(dataset, rows: Array(0..<90), folds: 3, seed: 1)
    let logits = Self.heldOut(dataset, plan)
    let scores = try OutOfFoldScores(dataset, plan, logits, recipe: Training.recipe(.logistic))
    #expect(scores.rows == plan.folds.flatMap(\.heldOut))
    #expect(scores.logits == logits.logits.values)
    for (place, row) in scores.rows.enumerated() { #expect(scores.contentHashes[place] == dataset.contentHashes[row]) }
    #expect(scores.probabilities.allSatisfy { (0...1).contains($0) })
  }

  // MARK: File

  private func scores() throws -> OutOfFoldScores {
    let dataset = try Training.dataset(records())
    let plan = try FoldPlan(dataset, rows: Array(0..<90), folds: 3, seed: 1)
    return try OutOfFoldScores(dataset, plan, Self.heldOut(dataset, plan), recipe: Training.recipe(.logistic))
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
