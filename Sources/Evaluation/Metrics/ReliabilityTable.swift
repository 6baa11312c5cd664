/// How often a head was right where it said that it would be.
///
/// The rows are laid out in ascending order of p along their weight and cut into bins of equal weight. Rows of equal p
/// stay together: they go to the bin in which the middle of their joint weight lies, floor(bins · (before + own/2) /
/// total). The table therefore does not depend on the order of the rows. Bins that get no row are left out.
package struct ReliabilityTable: Sendable, Equatable {
  /// One bin of rows with similar predictions.
  package struct Bin: Sendable, Equatable {
    /// The number of rows, at least 1.
    package var rows: Int
    /// The sum of the rows' weights.
    package var weight: Double
    /// The weighted mean of p, 0…1.
    package var meanProbability: Double
    /// The weighted mean of the quality, 0…1.
    package var meanQuality: Double
  }

  /// The bins in ascending order of p.
  package let bins: [Bin]

  /// The number of bins of equal weight in reports.
  package static let defaultBinCount = 15

  /// Bins the rows of a head.
  ///
  /// - Complexity: O(m log m).
  package init(_ head: LabelledHead, binCount: Int = defaultBinCount) {
    precondition(binCount >= 1)
    let total = head.weights.reduce(0, +)
    var sums = [BinSums](repeating: BinSums(), count: binCount)
    var before = 0.0
    for group in head.tieGroups {
      let own = group.reduce(0.0) { $0 + head.weights[$1] }
      let bin = min(binCount - 1, Int(Double(binCount) * (before + own / 2) / total))
      for row in group { sums[bin].add(head, row) }
      before += own
    }
    bins = sums.compactMap(\.bin)
  }

  /// The expected calibration error Σ_b (weight_b / total) · |mean quality − mean p| over the bins (Naeini et al. 2015,
  /// with bins of equal mass); 0…1, `nil` without rows.
  package var expectedCalibrationError: Double? {
    let total = bins.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    return bins.reduce(0) { $0 + $1.weight * abs($1.meanQuality - $1.meanProbability) } / total
  }
}

/// The running sums of one bin.
private struct BinSums {
  var rows = 0
  var weight = 0.0
  var probability = 0.0
  var quality = 0.0

  mutating func add(_ head: LabelledHead, _ row: Int) {
    rows += 1
    weight += head.weights[row]
    probability += head.weights[row] * head.probabilities[row]
    quality += head.weights[row] * head.labels[row]
  }

  var bin: ReliabilityTable.Bin? {
    guard rows > 0 else { return nil }
    return .init(
      rows: rows, weight: weight, meanProbability: probability / weight, meanQuality: quality / weight)
  }
}
