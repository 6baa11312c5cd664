import Ockham

extension Dataset {
  /// A tier's answers as a dataset of their own, whose tiers are that one and those above: what ``RouterTraining`` makes a
  /// response head of. Rows come in the order of the log.
  ///
  /// - Parameters:
  ///   - router: the prompt's heads: their held-out logits are the last dense features, and their held-out probabilities stand in
  ///     for the labels of a tier above of which too few rows contain both outcomes.
  /// - Returns: the dataset and the rows of this one behind its rows; `nil` without answers.
  func answers(of tier: Int, after router: TrainedRouter) -> (dataset: Dataset, rows: [Int])? {
    guard let answers, tier < tierNames.count - 1 else { return nil }
    let scores = router.outOfFold
    let placeOfRow = Dictionary(zip(router.rows, router.rows.indices), uniquingKeysWith: { first, _ in first })
    let chosen = answers.answers[tier].filter { placeOfRow[$0.row] != nil }
    guard !chosen.isEmpty else { return nil }
    let tiers = tierNames.count
    let width = ResponseFeatures.names.count
    var dense: [Float] = []
    dense.reserveCapacity(chosen.count * (width + tiers))
    for answer in chosen {
      dense += answers.stored.dense[answer.place * width..<(answer.place + 1) * width]
      let place = placeOfRow[answer.row] ?? 0
      dense += scores.logits[place * tiers..<(place + 1) * tiers].map { min(16, max(-16, $0)) }
    }
    let rows = chosen.map(\.row)
    var result = Dataset(
      tierNames: Array(tierNames[tier...]), options: options,
      rows: StoredRows(
        grams: StoredNGrams(answers.stored.grams, rows: chosen.map(\.place)), dense: Column(dense),
        promptBytes: rows.map { promptBytes[$0] }, contentHashes: rows.map { contentHashes[$0] },
        nearKeys: rows.map { nearKeys[$0] }, stemKeys: rows.map(stem(ofRow:))),
      denseColumns: width + tiers)
    result.takeAnswers(of: self, tier: tier, chosen.map { ($0.row, $0.quality) }) { row, other in
      scores.probabilities[(placeOfRow[row] ?? 0) * tiers + other]
    }
    return (result, rows)
  }
}
