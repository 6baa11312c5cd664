import Statistics

extension LabelSample {
  /// Labels without a difference that the fit starts from: few labels predict little.
  private static let priorLabels = 10.0

  /// The same sample with predictions fitted to its labels: a + b·x, x being the present prediction, by weighted least squares drawn towards
  /// 0. A conversation is predicted from those of the other folds alone, so that no label has a part in its own prediction.
  ///
  /// - Parameter folds: at least 2.
  /// - Complexity: O(folds · pairs).
  package func crossFitted(folds: Int = 5) -> LabelSample {
    func fold(_ pair: LabelledPair) -> Int { Int(SplitMix64.mixed(UInt64(pair.conversation)) % UInt64(folds)) }
    let fits = (0..<folds).map { left in Line(pairs.lazy.filter { fold($0) != left }) }
    let fitted = pairs.map { pair in
      var pair = pair
      pair.prediction = fits[fold(pair)].value(pair.prediction)
      return pair
    }
    return LabelSample(pairs: fitted, requests: requests)
  }

  /// A line through the labels.
  private struct Line {
    private var mean = 0.0
    private var centre = 0.0
    private var slope = 0.0

    init(_ pairs: some Sequence<LabelledPair>) {
      let labels = pairs.compactMap { pair in
        pair.difference.map { (x: pair.prediction, y: $0, weight: pair.weight / pair.inclusion) }
      }
      let total = labels.reduce(0) { $0 + $1.weight }
      guard total > 0 else { return }
      let prior = LabelSample.priorLabels * total / Double(labels.count)
      let centre = labels.reduce(0) { $0 + $1.weight * $1.x } / total
      let average = labels.reduce(0) { $0 + $1.weight * $1.y } / total
      let spread = labels.reduce(0) { $0 + $1.weight * ($1.x - centre) * ($1.x - centre) }
      let shared = labels.reduce(0) { $0 + $1.weight * ($1.x - centre) * ($1.y - average) }
      self.centre = centre
      mean = average * total / (total + prior)
      // The prior is worth as many labels for the slope as for the mean, at the spread of these.
      slope = spread > 0 ? shared / (spread + prior * spread / total) : 0
    }

    func value(_ x: Double) -> Double { min(max(mean + slope * (x - centre), -1), 1) }
  }
}
