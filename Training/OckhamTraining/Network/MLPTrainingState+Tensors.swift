/// A named vector of single-precision numbers, as a training state is saved.
package struct NamedTensor: Sendable, Equatable {
  package var name: String
  package var values: [Float]

  /// Creates a tensor.
  package init(name: String, values: [Float]) {
    self.name = name
    self.values = values
  }
}

extension MLPTrainingState {
  /// The whole state as named tensors.
  ///
  /// Counts and double-precision numbers are cut into four 16-bit parts each, lowest first, which single precision
  /// holds exactly: ``init(tensors:shape:)`` gives back the same bits.
  package var tensors: [NamedTensor] {
    [
      NamedTensor(name: "weights.table", values: weights.table),
      NamedTensor(name: "weights.dense", values: weights.dense),
      NamedTensor(name: "first_moments.table", values: firstMoments.table),
      NamedTensor(name: "first_moments.dense", values: firstMoments.dense),
      NamedTensor(name: "second_moments.table", values: secondMoments.table),
      NamedTensor(name: "second_moments.dense", values: secondMoments.dense),
      NamedTensor(name: "best.table", values: best.table),
      NamedTensor(name: "best.dense", values: best.dense),
      NamedTensor(name: "touches", values: touches),
      NamedTensor(name: "progress", values: progress.words.flatMap(Self.parts)),
    ]
  }

  /// Restores a state.
  ///
  /// - Throws: ``TrainingError/savedState(tensor:expected:found:)`` for a tensor that is missing, has another size than
  ///   the shape asks for, or holds numbers that no run can have written.
  package init(tensors: [NamedTensor], shape: MLPArchitecture) throws(TrainingError) {
    let empty = MLPWeights(zerosFor: shape)
    func read(_ name: String, _ count: Int) throws(TrainingError) -> [Float] {
      guard let tensor = tensors.first(where: { $0.name == name }) else {
        throw .savedState(tensor: name, expected: "\(count) numbers", found: "no such tensor")
      }
      guard tensor.values.count == count else {
        throw .savedState(tensor: name, expected: "\(count) numbers", found: "\(tensor.values.count)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw .savedState(tensor: name, expected: "finite numbers", found: "one that is not")
      }
      return tensor.values
    }
    func readWeights(_ name: String) throws(TrainingError) -> MLPWeights {
      var result = empty
      result.table = try read(name + ".table", empty.table.count)
      result.dense = try read(name + ".dense", empty.dense.count)
      return result
    }
    weights = try readWeights("weights")
    firstMoments = try readWeights("first_moments")
    secondMoments = try readWeights("second_moments")
    best = try readWeights("best")
    touches = try read("touches", shape.sparseColumns)
    progress = try Progress(parts: try read("progress", Progress.wordCount * 4))
    try Self.check(touches)
  }

  private static func check(_ touches: [Float]) throws(TrainingError) {
    let limit = Float(AdamW.countLimit)
    guard let wrong = touches.first(where: { !($0 >= 0 && $0 <= limit && $0 == $0.rounded()) }) else { return }
    throw .savedState(tensor: "touches", expected: "integers in 0…\(AdamW.countLimit)", found: "\(wrong)")
  }

  private static func parts(of word: UInt64) -> [Float] {
    (0..<4).map { Float(word >> (UInt64($0) * 16) & 0xffff) }
  }
}

extension MLPTrainingState.Progress {
  static let wordCount = 8

  fileprivate var words: [UInt64] {
    [
      UInt64(epoch), UInt64(batch), UInt64(updates), epochLoss.bitPattern, bestLoss.bitPattern,
      UInt64(epochsSinceBest), seed, UInt64(trainingRows),
    ]
  }

  fileprivate init(parts: [Float]) throws(TrainingError) {
    if let wrong = parts.first(where: { !($0 >= 0 && $0 < 65_536 && $0 == $0.rounded()) }) {
      throw .savedState(tensor: "progress", expected: "integers in 0..<65536", found: "\(wrong)")
    }
    try self.init(words: stride(from: 0, to: parts.count, by: 4).map { Self.word(parts[$0..<$0 + 4]) })
  }

  /// Joins four 16-bit parts, lowest first.
  private static func word(_ parts: ArraySlice<Float>) -> UInt64 {
    parts.reversed().reduce(0) { word, part in word << 16 | UInt64(part) }
  }

  private init(words: [UInt64]) throws(TrainingError) {
    for index in [0, 1, 2, 5, 7] where words[index] > UInt64(Int32.max) {
      throw .savedState(tensor: "progress", expected: "counts below 2³¹", found: "\(words[index])")
    }
    self.init(
      epoch: Int(words[0]), batch: Int(words[1]), updates: Int(words[2]), epochLoss: Double(bitPattern: words[3]),
      bestLoss: Double(bitPattern: words[4]), epochsSinceBest: Int(words[5]), seed: words[6],
      trainingRows: Int(words[7]))
  }
}
