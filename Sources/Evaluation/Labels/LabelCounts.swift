/// How much labels say about two policies.
package struct LabelCounts: Sendable, Equatable {
  /// Requests on which the policies disagree.
  package private(set) var disagreements = 0
  /// Those drawn for a label.
  package private(set) var drawn = 0
  /// Those with one.
  package private(set) var rated = 0
  /// Those rated by people too.
  package private(set) var gold = 0
  /// Conversations with a label.
  package private(set) var labelledConversations = 0
  /// (Σ v)² / Σ v² over labels of weight v = weight / ι (Kish 1965).
  package private(set) var effectiveSampleSize = 0.0
  /// Σ v³ / Σ v², the weight that dominates the spread; 0 without labels.
  let dominantWeight: Double
  /// The greatest v / Σ v; `nil` without labels.
  package private(set) var greatestShare: Double?

  /// Drawn requests without a label.
  package var missing: Int { drawn - rated }

  init(_ sample: LabelSample) {
    var labelled = Set<Int>()
    var weights = (sum: 0.0, squares: 0.0, cubes: 0.0, greatest: 0.0)
    for pair in sample.pairs {
      disagreements += 1
      drawn += pair.isDrawn ? 1 : 0
      guard pair.difference != nil else { continue }
      rated += 1
      gold += pair.gold == nil ? 0 : 1
      labelled.insert(pair.conversation)
      let weight = pair.weight / pair.inclusion
      weights.sum += weight
      weights.squares += weight * weight
      weights.cubes += weight * weight * weight
      weights.greatest = max(weights.greatest, weight)
    }
    labelledConversations = labelled.count
    dominantWeight = weights.sum > 0 ? weights.cubes / weights.squares : 0
    guard weights.sum > 0 else { return }
    effectiveSampleSize = weights.sum * weights.sum / weights.squares
    greatestShare = weights.greatest / weights.sum
  }
}
