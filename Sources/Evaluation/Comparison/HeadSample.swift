/// One head's labelled rows in ascending order of p, prepared so that log-loss and calibration error of any resample
/// follow in two passes.
///
/// The bins are those of ``ReliabilityTable``: equal weight, rows of equal p together. A resample changes only how often
/// each row counts, never the order.
struct HeadSample: Sendable {
  private let weights: [Double]
  private let losses: [Double]
  /// weight · (label − p): what calibration error adds up.
  private let excesses: [Double]
  private let questions: [Int]
  /// Where each group of rows with equal p ends.
  private let groupEnds: [Int]

  /// - Parameter questionOfRow: the question of each row of the log [n].
  /// - Complexity: O(m log m).
  init(_ log: ScoredLog, tier: Int, questionOfRow: [Int]) {
    let known = (0..<log.rowCount).filter { !log.quality[$0, tier].isNaN }
    let head = LabelledHead(log, tier: tier)
    let groups = head.tieGroups
    let order = groups.flatMap(\.self)
    var end = 0
    groupEnds = groups.map { group in
      end += group.count
      return end
    }
    weights = order.map { head.weights[$0] }
    losses = order.map { place in
      LabelledHead(probabilities: [head.probabilities[place]], labels: [head.labels[place]], weights: [1]).logLoss ?? 0
    }
    excesses = order.map { head.weights[$0] * (head.labels[$0] - head.probabilities[$0]) }
    questions = order.map { questionOfRow[known[$0]] }
  }

  /// The log-loss and the calibration error of a resample, or `nil` when no row of it has a label.
  ///
  /// - Parameter multiplicities: how often each question counts.
  /// - Complexity: O(m), no allocation per row.
  func figures(_ multiplicities: [Int]) -> (logLoss: Double, calibrationError: Double)? {
    var total = 0.0
    var loss = 0.0
    for place in weights.indices {
      let weight = Double(multiplicities[questions[place]]) * weights[place]
      total += weight
      loss += weight * losses[place]
    }
    guard total > 0 else { return nil }
    return (loss / total, calibrationError(multiplicities, total: total))
  }

  private func calibrationError(_ multiplicities: [Int], total: Double) -> Double {
    let binCount = ReliabilityTable.defaultBinCount
    var bins = [Double](repeating: 0, count: binCount)
    var before = 0.0
    var start = 0
    for end in groupEnds {
      var own = 0.0
      var excess = 0.0
      for place in start..<end {
        let times = Double(multiplicities[questions[place]])
        own += times * weights[place]
        excess += times * excesses[place]
      }
      start = end
      bins[min(binCount - 1, Int(Double(binCount) * (before + own / 2) / total))] += excess
      before += own
    }
    return bins.reduce(0) { $0 + abs($1) } / total
  }
}
