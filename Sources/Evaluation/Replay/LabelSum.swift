import Statistics

/// Sums of a predicted quantity, corrected where it was drawn to be known: Σ w·[m + 1{known}·(v − m)/ι] by conversation.
///
/// On average over the draws it is the sum of the true values, whatever m is. Its precision hangs on m.
struct LabelSum {
  private let range: ClosedRange<Double>?
  private var sums: [Double]
  private var counts: [Double]
  /// Σ w/ι of each conversation's known rows.
  private var weights: [Double]
  private var matchedRows = 0
  private var missingRows = 0
  private var undrawnRows = 0
  private var unknownInclusions = 0
  /// Σ 1/ι and Σ 1/ι² over drawn rows.
  private var inverse = (sum: 0.0, squares: 0.0)
  private var unknown = (down: 0.0, up: 0.0)
  private var residuals = (least: 0.0, greatest: 0.0)

  /// - Parameter range: what single values cannot leave; `nil` where nothing bounds them.
  init(conversationCount: Int, range: ClosedRange<Double>?) {
    self.range = range
    sums = [Double](repeating: 0, count: conversationCount)
    (counts, weights) = (sums, sums)
  }

  /// Adds a row whose value is known without any draw.
  mutating func add(certain value: Double, _ conversation: Int, weight: Double) {
    sums[conversation] += weight * value
    counts[conversation] += weight
  }

  /// Adds a row.
  /// - Parameter predicted: m; 0 where it is not a number.
  mutating func add(_ knowledge: LabelledRow.Knowledge, predicted: Double, _ conversation: Int, weight: Double) {
    let predicted = predicted.isNaN ? 0 : predicted
    add(certain: predicted, conversation, weight: weight)
    switch knowledge {
    case .undrawn: undrawnRows += 1
    case .known(let value, let inclusion):
      let inflated = weight * drawn(inclusion)
      let residual = value - predicted
      sums[conversation] += inflated * residual
      weights[conversation] += inflated
      matchedRows += 1
      residuals = (min(residuals.least, residual), max(residuals.greatest, residual))
    case .missing(let inclusion):
      let inflated = weight * drawn(inclusion)
      missingRows += 1
      guard let range else { return }
      unknown.down += inflated * (predicted - range.lowerBound)
      unknown.up += inflated * (range.upperBound - predicted)
    }
  }

  private mutating func drawn(_ inclusion: Double?) -> Double {
    if inclusion == nil { unknownInclusions += 1 }
    let weight = 1 / (inclusion ?? 1)
    inverse = (inverse.sum + weight, inverse.squares + weight * weight)
    return weight
  }

  var evidence: ReplayEvidence {
    ReplayEvidence(matchedRows: matchedRows, missingRows: missingRows, weights: weights)
  }

  /// The first reason against the mean; `nil` where there is none.
  var refusal: ReplayRefusal? {
    let (evidence, rows) = (evidence, matchedRows + missingRows + undrawnRows)
    if rows == 0 { return nil }
    if matchedRows == 0 { return .noPairs(disagreements: rows) }
    if unknownInclusions > 0, undrawnRows > 0 { return .unknownInclusion(rows: unknownInclusions) }
    if evidence.missingShare > ReplayRefusal.missingShare { return .missingLabels(share: evidence.missingShare) }
    if evidence.conversations < ReplayRefusal.leastConversations { return .fewConversations(evidence.conversations) }
    if evidence.effectiveSampleSize < OffPolicyRefusal.leastSampleSize {
      return .fewLabels(effectiveSampleSize: evidence.effectiveSampleSize)
    }
    if let share = evidence.greatestShare, share > OffPolicyRefusal.greatestShare { return .heavyWeight(share: share) }
    let mean = inverse.sum / Double(rows)
    let error = (max(0, inverse.squares / Double(rows) - mean * mean) / Double(rows)).squareRoot()
    let tolerance = OffPolicyRefusal.weightTolerance
    return abs(mean - 1) > max(tolerance.difference, tolerance.errors * error) ? .inconsistent(meanWeight: mean) : nil
  }

  /// The mean over all rows; `nil` without any.
  var mean: ConversationMean? {
    let total = counts.reduce(0, +)
    guard total > 0 else { return nil }
    let heavy = undrawnRows > 0 ? OffPolicyStatistics.dominant(weights) : 0
    let ends = range.map { [$0.lowerBound, $0.upperBound] } ?? [residuals.least, residuals.greatest]
    var mean = ConversationMean(sums: sums, counts: counts) { _ in heavy > 0 ? ends.map { heavy * $0 } : [] }
    mean.unknown = (unknown.down / total, unknown.up / total)
    return mean
  }
}
