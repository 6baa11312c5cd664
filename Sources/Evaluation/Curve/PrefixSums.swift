/// Running sums over a ``RankedPair``: element i holds the sum of the positions before i [n + 1].
///
/// A reusable buffer: computing the curve of a resample allocates nothing here.
struct PrefixSums {
  private(set) var counts: [Int]
  private(set) var weights: [Double]
  private(set) var gains: [Double]
  private(set) var weakQuality = 0.0

  init(capacity: Int) {
    counts = [Int](repeating: 0, count: capacity + 1)
    weights = [Double](repeating: 0, count: capacity + 1)
    gains = weights
  }

  /// Sums up a pair in which the row at position i occurs `multiplicities[i]` times [n].
  mutating func sum(_ pair: RankedPair, multiplicity: (Int) -> Int) {
    weakQuality = 0
    for position in 0..<pair.count {
      let times = multiplicity(position)
      let factor = Double(times)
      counts[position + 1] = counts[position] + times
      weights[position + 1] = weights[position] + factor * pair.weights[position]
      gains[position + 1] = gains[position] + factor * pair.gains[position]
      weakQuality += factor * pair.weakQualities[position]
    }
  }

  /// The position of the k-th row of the resample in ascending order of score, counted from 0.
  ///
  /// - Complexity: O(log n).
  func position(ofRank rank: Int) -> Int {
    var low = 0
    var high = counts.count - 2
    while low < high {
      let middle = (low + high) / 2
      if counts[middle + 1] > rank { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
