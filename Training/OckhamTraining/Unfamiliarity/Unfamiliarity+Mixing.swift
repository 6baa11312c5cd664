import Ockham

extension Unfamiliarity {
  /// Mixes the probabilities of rows as the runtime does, and says what was made of them.
  ///
  /// - Parameters:
  ///   - probabilities: [rows × tiers].
  ///   - transform: of the rows that the measure has seen.
  func mix(
    _ probabilities: inout [Float], of rows: [Int], _ dataset: Dataset, _ transform: FeatureTransform
  ) -> OutOfFoldUnfamiliarity {
    var result = OutOfFoldUnfamiliarity(probabilities: probabilities)
    let tiers = base.count
    var (below, above) = (base, base)
    for (place, row) in rows.enumerated() {
      let reading = reading(
        buckets: dataset.grams.buckets(ofRow: row)[...], clipped: transform.clippedCount(dataset, row: row),
        of: dataset.denseColumns)
      var own = Array(probabilities[place * tiers..<(place + 1) * tiers])
      mix(&own, by: reading.share, below: &below, above: &above)
      probabilities.replaceSubrange(place * tiers..<(place + 1) * tiers, with: own)
      result.u.append(reading.u)
      result.shares.append(reading.share)
    }
    return result
  }
}
