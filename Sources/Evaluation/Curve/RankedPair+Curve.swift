extension RankedPair {
  /// One edge of a curve and the first position that goes to the stronger tier.
  struct Edge {
    var threshold: Double
    var start: Int
  }

  /// The edges of the resample that `sums` describes, in descending order of threshold.
  func edges(_ sums: PrefixSums) -> [Edge] {
    let total = sums.counts[count]
    guard total > 0 else { return [] }
    var thresholds: [Double] = []
    for step in 0..<PairCurve.edgeCount {
      let fraction = Double(step) * (1 / Double(PairCurve.edgeCount - 1))
      let threshold = Quantile.linear(count: total, fraction: fraction) { scores[sums.position(ofRank: $0)] }
      if threshold != thresholds.last { thresholds.append(threshold) }
    }
    let last = thresholds[thresholds.count - 1]
    var edges = [Edge(threshold: last, start: firstPosition(from: last, strictly: true))]
    if thresholds.count > 1 { thresholds.removeLast() }
    for threshold in thresholds.reversed() {
      edges.append(Edge(threshold: threshold, start: firstPosition(from: threshold, strictly: false)))
    }
    return edges
  }

  /// The share and quality at every edge of the resample that `sums` describes; empty for an empty resample.
  func points(_ sums: PrefixSums) -> [PairCurve.Point] {
    let weight = sums.weights[count]
    return edges(sums).map { edge in
      PairCurve.Point(
        threshold: edge.threshold, strongShare: (weight - sums.weights[edge.start]) / weight,
        quality: (sums.weakQuality + sums.gains[count] - sums.gains[edge.start]) / weight, costUSD: nil)
    }
  }

  /// The curve of all rows, each counted once.
  ///
  /// - Parameters:
  ///   - log: the log that the pair was made from; shows the costs.
  /// - Precondition: there is at least one row.
  /// - Complexity: O(n).
  package func curve(_ log: ScoredLog, pair: TierPair) -> PairCurve {
    precondition(count > 0, "a curve needs a row")
    var sums = PrefixSums(capacity: count)
    sums.sum(self) { _ in 1 }
    let costs = StrongCosts(log, rows: rows, pair: pair)
    let edges = edges(sums)
    var points = points(sums)
    for index in points.indices { points[index].costUSD = costs.meanUSD(strongFrom: edges[index].start) }
    return PairCurve(points: points)
  }
}

/// Mean costs of a pair's policies over the rows in which both tiers' costs are known.
private struct StrongCosts {
  private var weak: [Double] = [0]
  private var strong: [Double] = [0]
  private var weight = 0.0

  init(_ log: ScoredLog, rows: [Int], pair: TierPair) {
    for row in rows {
      let isPriced = !log.cost[row, pair.weak].isNaN && !log.cost[row, pair.strong].isNaN
      let factor = isPriced ? log.weights[row] : 0
      weak.append(weak[weak.count - 1] + (isPriced ? factor * log.cost[row, pair.weak] : 0))
      strong.append(strong[strong.count - 1] + (isPriced ? factor * log.cost[row, pair.strong] : 0))
      weight += factor
    }
  }

  func meanUSD(strongFrom start: Int) -> Double? {
    weight > 0 ? (weak[start] + strong[strong.count - 1] - strong[start]) / weight : nil
  }
}
