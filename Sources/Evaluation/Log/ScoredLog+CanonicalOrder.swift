import Ockham
import Statistics
import TextKit

extension ScoredLog {
  /// The same rows in an order that their content alone decides, so that sums and tests come out the same to the last digit
  /// however a log was shuffled. It follows a hash of what was known before any outcome; names count last, since rows without
  /// one are named by their line.
  ///
  /// - Complexity: O(n log n) comparisons, most of them of one number.
  package func inCanonicalOrder() -> ScoredLog {
    let hashes = (0..<rowCount).map(hash)
    return selecting(
      (0..<rowCount).sorted { left, right in
        hashes[left] == hashes[right] ? precedes(left, right) : hashes[left] < hashes[right]
      })
  }

  /// A hash of a row's request and scores.
  private func hash(_ row: Int) -> UInt64 {
    let start = SplitMix64.mixed(ContentHash(origins[row].dataset).value ^ UInt64(promptBytes[row]))
    return probability.row(row).reduce(start) { SplitMix64.mixed($0 ^ UInt64($1.bitPattern)) }
  }

  /// Whether one row of two of equal hash comes first; `false` both ways when they are alike in everything.
  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (content(left), content(right))
    if one != other { return one.lexicographicallyPrecedes(other) }
    return (origins[left].dataset, origins[left].id) < (origins[right].dataset, origins[right].id)
  }

  /// All numbers of a row, as bits.
  private func content(_ row: Int) -> [UInt64] {
    var result = [UInt64(promptBytes[row]), weights[row].bitPattern]
    result += probability.row(row).map { UInt64($0.bitPattern) }
    result += quality.row(row).map(\.bitPattern)
    result += cost.row(row).map(\.bitPattern)
    result.append((draws[row]?.propensity ?? .nan).bitPattern)
    if let responses { result += responses.content(row) }
    if let thresholdScale { result += thresholdScale.row(row).map { UInt64($0.bitPattern) } }
    return result
  }
}
