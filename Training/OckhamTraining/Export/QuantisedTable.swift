import Ockham

/// A table of weights rounded to 16-bit integers, each column on a scale of its own.
///
/// The largest absolute weight of a column becomes ±32,767, so that rounding moves a weight by at most 1/65,534 of it:
/// less than what single-precision sums in another order would.
struct QuantisedTable {
  let columns: Int
  let scales: [Float]
  /// Row-major [rows × columns].
  private(set) var values: [Int16]

  /// - Parameter weights: row-major [rows × columns], finite.
  init(weights: [Float], columns: Int) {
    self.columns = columns
    var largest = [Float](repeating: 0, count: columns)
    for index in weights.indices { largest[index % columns] = max(largest[index % columns], abs(weights[index])) }
    let scales = largest.map { $0 > 0 ? $0 / Float(Int16.max) : 1 }
    self.scales = scales
    values = weights.indices.map { Int16((weights[$0] / scales[$0 % columns]).rounded()) }
  }
}
