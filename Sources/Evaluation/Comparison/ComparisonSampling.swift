import Ockham

/// Measures both models on the same resamples.
struct ComparisonSampling: Resampling {
  let questionCount: Int
  private var first: RouterSample
  private var second: RouterSample

  init(_ first: ModelComparison.Side, _ second: ModelComparison.Side, pair: TierPair) {
    let questions = first.log.questions
    let count = (questions.max() ?? -1) + 1
    questionCount = count
    self.first = RouterSample(
      first.log, pair: pair, thresholds: first.thresholds, questionOfRow: questions)
    self.second = RouterSample(
      second.log, pair: pair, thresholds: second.thresholds, questionOfRow: questions)
  }

  mutating func figures(_ multiplicities: [Int]) -> (RouterFigures, RouterFigures) {
    (first.figures(multiplicities), second.figures(multiplicities))
  }
}
