import Foundation
import Ockham

/// Inverse document frequencies of the buckets, as the model file stores them.
///
/// idf = ln((1 + n) / (1 + df)) + 1 (the smoothed form, Manning et al. 2008 §6.2), to a power, squared and rounded to 16-bit
/// integers on one scale. Training uses the rounded values too, so that the norm of a namespace is the same number on both sides.
package struct NGramWeighting: Sendable {
  /// The squared weight of each bucket in units of ``scale`` [buckets]; 0 for a bucket that no training row has.
  package let squares: [Int16]
  /// What one unit of ``squares`` is worth.
  package let scale: Float

  /// Counts document frequencies over the given rows.
  ///
  /// - Parameter exponent: that of idf, at least 0.
  init(_ grams: StoredNGrams, rows: [Int], bucketCount: Int, exponent: Double) {
    var frequency = [Int32](repeating: 0, count: bucketCount)
    let buckets = unsafe grams.buckets.elements
    for row in rows {
      for place in grams.range(ofRow: row) { frequency[Int(unsafe buckets[place])] += 1 }
    }
    func squaredIDF(_ frequency: Int32) -> Float {
      let idf = log((1 + Double(rows.count)) / (1 + Double(min(Int(frequency), rows.count)))) + 1
      return Float(pow(idf, 2 * exponent))
    }
    let largest = squaredIDF(1)
    let scale = largest / Float(Int16.max)
    squares = frequency.map {
      $0 == 0 ? 0 : Int16(max(1, (squaredIDF($0) / scale).rounded()))
    }
    self.scale = scale
  }

  /// The weight of a bucket: its idf to the power.
  func idf(_ bucket: UInt32) -> Float { (Float(squares[Int(bucket)]) * scale).squareRoot() }

  /// √Σ weight² over a namespace's buckets; 0 for none.
  func norm(_ buckets: some Collection<UInt32>) -> Float {
    var sum: Int64 = 0
    for bucket in buckets { sum += Int64(squares[Int(bucket)]) }
    return (Float(sum) * scale).squareRoot()
  }

  /// The same for stored buckets.
  func norm(_ grams: StoredNGrams, _ places: Range<Int>) -> Float {
    unsafe norm(UnsafeBufferPointer(rebasing: grams.buckets.elements[places]))
  }
}
