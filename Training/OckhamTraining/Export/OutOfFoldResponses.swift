import Ockham
import TextKit

/// Scores of one tier's answers in the training log, by response heads and calibrations that have not seen the question.
package struct OutOfFoldResponses: Sendable {
  /// The tier that answered.
  package let tier: Int
  /// The places of the questions among the rows of ``OutOfFoldScores``, each once.
  package let places: [Int]
  /// P(good) of the answer, then of what each tier above would give, row-major [places × (T − tier)].
  package let probabilities: [Float]
  /// The same by a check of form alone.
  package let formProbabilities: [Float]

  package init(tier: Int, places: [Int], probabilities: [Float], formProbabilities: [Float]) {
    self.tier = tier
    self.places = places
    self.probabilities = probabilities
    self.formProbabilities = formProbabilities
  }

  /// The index of each question's answer among ``places``.
  package var indexOfPlace: [Int: Int] {
    Dictionary(zip(places, places.indices), uniquingKeysWith: { first, _ in first })
  }

  // MARK: File

  private static func name(_ tier: Int, _ what: String) -> String { "response.\(tier).\(what)" }

  func tensors(tiers: Int) -> [Tensor] {
    let shape = [places.count, tiers - tier]
    return [
      Tensor(name: Self.name(tier, "place"), shape: [places.count], uint64s: places.map(UInt64.init)),
      Tensor(name: Self.name(tier, "probability"), shape: shape, floats: probabilities),
      Tensor(name: Self.name(tier, "form_probability"), shape: shape, floats: formProbabilities),
    ]
  }

  /// Those of a file, by rising tier.
  ///
  /// - Parameter rows: of the scores that places count.
  static func all(in file: TensorFile, rows: Int, tiers: Int) throws(ModelFileError) -> [OutOfFoldResponses] {
    var result: [OutOfFoldResponses] = []
    for tier in 0..<max(0, tiers - 1) {
      let name = name(tier, "place")
      guard file[name] != nil else { continue }
      guard let places = file[name]?.uint64s, file[name]?.shape == [places.count] else {
        throw .tensorShape(tensor: name, expected: "U64 [answers]", found: "\(file[name]?.shape ?? [])")
      }
      if let index = places.firstIndex(where: { $0 >= UInt64(rows) }) {
        throw .tensorValue(tensor: name, index: index, expected: "a row below \(rows)")
      }
      guard Set(places).count == places.count else {
        throw .tensorValue(tensor: name, index: 0, expected: "different rows")
      }
      let shape = [places.count, tiers - tier]
      result.append(
        OutOfFoldResponses(
          tier: tier, places: places.map(Int.init),
          probabilities: try shares(self.name(tier, "probability"), file, shape),
          formProbabilities: try shares(self.name(tier, "form_probability"), file, shape)))
    }
    return result
  }

  private static func shares(
    _ name: String, _ file: TensorFile, _ shape: [Int]
  ) throws(ModelFileError) -> [Float] {
    guard let tensor = file[name] else { throw .missingTensor(name) }
    guard tensor.shape == shape, let values = tensor.floats else {
      throw .tensorShape(
        tensor: name, expected: "F32 \(shape)", found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    if let index = values.firstIndex(where: { !(0...1).contains($0) }) {
      throw .tensorValue(tensor: name, index: index, expected: "a number from 0 to 1")
    }
    return values
  }

  func absorb(into hash: inout MixHash) {
    hash.absorb(UInt64(tier))
    for place in places { hash.absorb(UInt64(place)) }
    for value in probabilities { hash.absorb(UInt64(value.bitPattern)) }
  }
}
