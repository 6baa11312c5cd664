import Foundation

/// Exact tests and bounds of a share (Clopper & Pearson 1934).
package enum BinomialTest {
  /// The p-value of the hypothesis that the share exceeds `share`: P(Bin(n, share) ≤ k).
  ///
  /// - Parameters:
  ///   - successes: k, from 0 to n.
  ///   - count: n, at least 0.
  /// - Complexity: O(k).
  package static func pValue(successes: Int, count: Int, share: Double) -> Double {
    guard successes < count, share < 1 else { return 1 }
    guard share > 0 else { return 1 }
    let odds = log(share) - log1p(-share)
    var term = Double(count) * log1p(-share)
    var largest = term
    var sum = 1.0
    for k in 0..<successes {
      term += odds + log(Double(count - k) / Double(k + 1))
      if term > largest {
        sum = sum * exp(largest - term) + 1
        largest = term
      } else {
        sum += exp(term - largest)
      }
    }
    return min(1, sum * exp(largest))
  }

  /// The upper confidence bound of a share: the largest one that the count does not reject at `level`; 1 when k = n.
  package static func upperBound(successes: Int, count: Int, level: Double) -> Double {
    guard successes < count else { return 1 }
    var low = 0.0
    var high = 1.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if pValue(successes: successes, count: count, share: middle) > level { low = middle } else { high = middle }
    }
    return high
  }

  /// The lower confidence bound of a share: the least one that the count does not reject at `level`; 0 when k = 0.
  package static func lowerBound(successes: Int, count: Int, level: Double) -> Double {
    guard successes > 0 else { return 0 }
    var low = 0.0
    var high = 1.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let isRejected = 1 - pValue(successes: successes - 1, count: count, share: middle) <= level
      if isRejected { low = middle } else { high = middle }
    }
    return low
  }

  /// The number of rows without a single success that would show a share of at most `share`: ln δ / ln(1 − share).
  package static func rowsNeeded(share: Double, level: Double) -> Int { Int((log(level) / log1p(-share)).rounded(.up)) }
}
