import Evaluation

/// What a model predicted of a tier's answers, beside what fresh labels found, for requests of like probability.
struct CalibrationBin: Sendable, Hashable {
  var tier: String
  var range: ClosedRange<Double>
  var count: Int
  /// Means, each label weighed by 1 / inclusion.
  var predicted: Double
  var found: Double

  private static let edges = [0, 0.2, 0.4, 0.6, 0.8, 1]

  /// Of labels that were drawn with one probability for all requests; others speak of disagreements alone.
  static func all(_ sample: ScoredSample, tierNames: [String]) -> [CalibrationBin] {
    tierNames.flatMap { tier in
      edges.indices.dropLast().compactMap { index -> CalibrationBin? in
        let range = edges[index]...edges[index + 1]
        var (count, weight, predicted, found) = (0, 0.0, 0.0, 0.0)
        for row in sample.rows {
          guard let probability = row.probabilities[tier],
            range.contains(probability) && (probability < range.upperBound || index == edges.count - 2),
            let label = row.labels.first(where: { $0.tier == tier && $0.isUniform }), let quality = label.quality
          else { continue }
          count += 1
          weight += 1 / label.inclusion
          predicted += probability / label.inclusion
          found += quality / label.inclusion
        }
        guard count > 0 else { return nil }
        return CalibrationBin(
          tier: tier, range: range, count: count, predicted: predicted / weight, found: found / weight)
      }
    }
  }
}
