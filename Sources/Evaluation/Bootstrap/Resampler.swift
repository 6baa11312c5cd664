/// Draws questions with replacement, as many as there are.
///
/// Rows of one question stand or fall together, so that repeated questions do not make intervals look narrower than
/// they are.
struct Resampler {
  /// How often each question was drawn [questions].
  private(set) var multiplicities: [Int]
  private var generator: SplitMix64

  init(questionCount: Int, seed: UInt64) {
    multiplicities = [Int](repeating: 0, count: questionCount)
    generator = SplitMix64(seed: seed)
  }

  /// Replaces ``multiplicities`` by those of the next resample.
  ///
  /// - Complexity: O(questions), no allocation.
  mutating func draw() {
    for question in multiplicities.indices { multiplicities[question] = 0 }
    for _ in multiplicities.indices { multiplicities[generator.next(below: multiplicities.count)] += 1 }
  }
}
