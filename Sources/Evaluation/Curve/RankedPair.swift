/// The rows of a log in ascending order of a score, prepared so that the curve of any resample of them follows in one
/// pass.
///
/// With prefix sums over the order, everything a curve needs is a difference of two of them: the score decides the
/// order once, and a resample changes only how often each row counts.
package struct RankedPair: Sendable {
  /// The scores in ascending order [n].
  let scores: [Double]
  /// The row at each position of the order, an index into the log that the pair was made from [n].
  let rows: [Int]
  /// The weight at each position [n].
  let weights: [Double]
  /// Weight · (quality of the stronger − quality of the weaker tier) at each position [n].
  let gains: [Double]
  /// Weight · quality of the weaker tier at each position [n].
  let weakQualities: [Double]

  /// Ranks rows by a score.
  ///
  /// - Parameters:
  ///   - rows: rows of `log` in which the qualities of both tiers are known.
  ///   - score: what speaks for the stronger tier, finite, by row of the log.
  /// - Complexity: O(n log n).
  package init(_ log: ScoredLog, rows: [Int], pair: TierPair, score: (Int) -> Double) {
    let ranked = rows.map { (row: $0, score: score($0)) }.sorted { ($0.score, $0.row) < ($1.score, $1.row) }
    scores = ranked.map(\.score)
    self.rows = ranked.map(\.row)
    weights = self.rows.map { log.weights[$0] }
    gains = self.rows.map { log.weights[$0] * (log.quality[$0, pair.strong] - log.quality[$0, pair.weak]) }
    weakQualities = self.rows.map { log.weights[$0] * log.quality[$0, pair.weak] }
  }

  /// Ranks rows by the predicted gain P(stronger good) − P(weaker good).
  package init(gainOf log: ScoredLog, rows: [Int], pair: TierPair) {
    self.init(log, rows: rows, pair: pair) {
      Double(log.probability[$0, pair.strong]) - Double(log.probability[$0, pair.weak])
    }
  }

  /// Ranks rows by the length of the prompt: what routing is worth that looks at nothing else.
  package init(lengthOf log: ScoredLog, rows: [Int], pair: TierPair) {
    self.init(log, rows: rows, pair: pair) { Double(log.promptBytes[$0]) }
  }

  /// The number of rows n.
  package var count: Int { scores.count }

  /// The first position whose score is at least `threshold`, or above it when `strictly`; n when there is none.
  ///
  /// - Complexity: O(log n).
  func firstPosition(from threshold: Double, strictly: Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if strictly ? scores[middle] > threshold : scores[middle] >= threshold { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
