import RequestLog

/// How labels that chance alone let be seen stand for those that it did not: a tier that a cascade went on to counts one over the
/// probability of that, beside what its row counts.
///
/// A row's labels differ in it: the answer that was accepted is always there, and the better tier's to one of its kind in fifty.
struct LabelFactors {
  /// The most that a label counts: a few must not dominate the fit.
  static let largest: Float = 100

  private let map: TierMap
  /// Row-major [rows × tiers], 1 but for such labels.
  private var values: [Float] = []
  private var areAllOne = true

  init(_ map: TierMap) { self.map = map }

  /// Adds a row.
  /// - Parameter reaches: of its outcomes; `nil` where each is 1.
  mutating func append(_ record: LogRecord, reaches: [Float]?) {
    var row = [Float](repeating: 1, count: map.tiers.count)
    for (outcome, reach) in zip(record.outcomes, reaches ?? []) where reach < 1 && outcome.quality != nil {
      guard let tier = map.index(of: outcome.name) else { continue }
      row[tier] = max(row[tier], min(1 / reach, Self.largest))
      areAllOne = false
    }
    values += row
  }

  /// What each label counts [rows × tiers]; `nil` where all count 1.
  var matrix: DenseMatrix? {
    guard !areAllOne else { return nil }
    var matrix = DenseMatrix(repeating: 1, rows: values.count / map.tiers.count, columns: map.tiers.count)
    matrix.values = values
    return matrix
  }
}

extension Dataset {
  /// What a label counts: its row's weight, times its factor.
  func weight(ofRow row: Int, tier: Int) -> Float { weights[row] * (labelFactors?[row, tier] ?? 1) }

  /// What a row counts where all of its labels are looked at together: by the one that was least likely to be seen.
  package func weight(ofWholeRow row: Int) -> Float {
    guard let labelFactors else { return weights[row] }
    return weights[row]
      * tierNames.indices.reduce(1) { labels[row, $1].isNaN ? $0 : max($0, labelFactors[row, $1]) }
  }
}
