import Ockham
import Testing

@testable import OckhamTraining

@Suite struct OutOfFoldResponsesTests {
  private let names = ["a", "b", "c"]

  private var scores: OutOfFoldScores {
    var scores = OutOfFoldScores(
      tierNames: names, contentHashes: [1, 2, 3, 4], logits: [Float](repeating: 0.5, count: 12),
      probabilities: [Float](repeating: 0.25, count: 12))
    scores.responses = [
      OutOfFoldResponses(
        tier: 0, places: [2, 0], probabilities: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], formProbabilities: [0, 1, 0, 1, 0, 1]),
      OutOfFoldResponses(tier: 1, places: [3], probabilities: [0.7, 0.8], formProbabilities: [0.5, 0.5]),
    ]
    return scores
  }

  @Test func readsBackWhatWasWritten() throws {
    let read = try OutOfFoldScores(scores.tensorFile().encoded(), tierNames: names)
    #expect(read.responses.map(\.tier) == [0, 1])
    #expect(read.responses[0].places == [2, 0] && read.responses[0].indexOfPlace == [2: 0, 0: 1])
    #expect(read.responses[0].probabilities == scores.responses[0].probabilities)
    #expect(read.responses[1].formProbabilities == [0.5, 0.5])
    #expect(read.fingerprint == scores.fingerprint)
  }

  @Test func otherAnswersHaveAnotherName() {
    var others = scores
    others.responses.removeLast()
    #expect(others.fingerprint != scores.fingerprint)
  }

  @Test func refusesWhatCannotBe() throws {
    func refusal(_ name: String, _ tensor: Tensor?) throws -> ModelFileError? {
      var file = scores.tensorFile()
      let index = try #require(file.tensors.firstIndex { $0.name == name })
      file.tensors.remove(at: index)
      if let tensor { file.tensors.insert(tensor, at: index) }
      return #expect(throws: ModelFileError.self) { try OutOfFoldScores(file.encoded(), tierNames: names) }
    }
    let place = "response.0.place"
    #expect(
      try refusal(place, Tensor(name: place, shape: [2], uint64s: [0, 4]))
        == .tensorValue(tensor: place, index: 1, expected: "a row below 4"))
    #expect(
      try refusal(place, Tensor(name: place, shape: [2], uint64s: [1, 1]))
        == .tensorValue(tensor: place, index: 0, expected: "different rows"))
    let name = "response.1.probability"
    #expect(try refusal(name, nil) == .missingTensor(name))
    #expect(
      try refusal(name, Tensor(name: name, shape: [1, 2], floats: [0.5, 1.5]))
        == .tensorValue(tensor: name, index: 1, expected: "a number from 0 to 1"))
    #expect(
      try refusal(name, Tensor(name: name, shape: [2, 2], floats: [0, 0, 0, 0]))
        == .tensorShape(tensor: name, expected: "F32 [1, 2]", found: "F32 [2, 2]"))
  }
}
