import Ockham

/// Measures both models on the same resamples, one after the other.
struct ComparisonSampling {
  let questionCount: Int
  private var first: RouterSample
  private var second: RouterSample
  private var resampler: Resampler

  init(_ first: ModelComparison.Side, _ second: ModelComparison.Side, pair: TierPair, seed: UInt64) {
    let questions = first.log.questions
    let count = (questions.max() ?? -1) + 1
    questionCount = count
    self.first = RouterSample(
      first.log, pair: pair, thresholds: first.thresholds, questionOfRow: questions)
    self.second = RouterSample(
      second.log, pair: pair, thresholds: second.thresholds, questionOfRow: questions)
    resampler = Resampler(questionCount: count, seed: seed)
  }

  /// The figures on the log itself.
  mutating func estimates() -> (RouterFigures, RouterFigures) { figures([Int](repeating: 1, count: questionCount)) }

  /// The figures on the next resample.
  mutating func draw() -> (RouterFigures, RouterFigures) {
    resampler.draw()
    return figures(resampler.multiplicities)
  }

  private mutating func figures(_ multiplicities: [Int]) -> (RouterFigures, RouterFigures) {
    (first.figures(multiplicities), second.figures(multiplicities))
  }
}
