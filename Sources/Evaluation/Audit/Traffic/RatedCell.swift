/// Sums over ratings that have a ``RatedKey`` in common.
///
/// Only ratings that were drawn with a known probability are in it: what clients' users report selects itself.
package struct RatedCell: Sendable, Hashable {
  /// Of the rated tier's answers, weighed by 1 / inclusion.
  package var quality = WeightedSums()
  /// Draws that were the same for all requests. Without any, ratings speak of disagreements alone.
  package var uniform = 0
  /// The answer that was served beside the rated tier's, in this order. For the tier that served, itself twice.
  package var pairs = PairSums()
  /// What the rated tier's answer cost, less what its price for the served answer's tokens comes to.
  package var costError = WeightedSums()

  package init() {}

  package mutating func merge(_ other: RatedCell) {
    quality.merge(other.quality)
    uniform += other.uniform
    pairs.merge(other.pairs)
    costError.merge(other.costError)
  }

  /// Adds a label of a request.
  ///
  /// - Parameter served: the label of the answer that was served, where it was rated.
  package mutating func add(_ label: TrafficLabel, served: TrafficLabel?, of row: TrafficRow) {
    let weight = 1 / label.inclusion
    if let quality = label.quality {
      self.quality.add(quality, weight: weight)
      uniform += label.isUniform ? 1 : 0
      if let first = served?.quality { pairs.add(first, quality, weight: weight) }
    }
    if let cost = label.costUSD, let predicted = row.tierUSD[label.tier] {
      costError.add(cost - predicted, weight: weight)
    }
  }
}
