import Ockham

extension Unfamiliarity {
  /// Mixes the probabilities of rows as the runtime does, and says what was made of them.
  ///
  /// - Parameters:
  ///   - probabilities: [rows × tiers].
  ///   - transform: of the rows that the measure was fitted to.
  func mix(
    _ probabilities: inout [Float], of rows: [Int], _ dataset: Dataset, _ transform: FeatureTransform
  ) -> OutOfFoldUnfamiliarity {
    var result = OutOfFoldUnfamiliarity(probabilities: probabilities)
    let (tiers, columns) = (base.count, dataset.denseColumns)
    var standardised = [Float](repeating: 0, count: columns)
    for (place, row) in rows.enumerated() {
      for column in 0..<columns {
        standardised[column] = transform.standardise(dataset.dense[row * columns + column], column)
      }
      let reading = reading(logit: logit(standardised))
      var own = Array(probabilities[place * tiers..<(place + 1) * tiers])
      mix(&own, by: reading.share)
      probabilities.replaceSubrange(place * tiers..<(place + 1) * tiers, with: own)
      result.u.append(reading.u)
      result.shares.append(reading.share)
    }
    return result
  }
}
