import Ockham

/// What the tiers that served say of two policies, by the probabilities with which they were drawn (estimator B).
struct PropensityDesign {
  let incumbent: ConversationMean
  let candidate: ConversationMean
  let evidence: ReplayEvidence

  /// - Throws: ``ReplayRefusal`` of the first policy that the draws cannot speak about.
  init(_ replay: ReplayLog, _ quantity: ReplayQuantity) throws(ReplayRefusal) {
    guard let draws = DrawLog(replay.log, source: .logged) else { throw .draws(.noRows) }
    let (sample, places) = draws.sample(quantity.reward)
    guard !sample.rows.isEmpty else { throw .draws(.noRows) }
    let sides = [replay.incumbent, replay.candidate].map { tiers in
      OffPolicyStatistics(
        sample,
        chances: OffPolicyEstimate.chances(
          tiers: places.map { tiers[draws.rows[$0]] }, tierCount: replay.log.tierCount))
    }
    for statistics in sides {
      let support = OffPolicySupport(sample, statistics)
      if let refusal = OffPolicyRefusal(sample, statistics: statistics, support: support) { throw .draws(refusal) }
    }
    (incumbent, candidate) = (ConversationMean(sides[0], sample), ConversationMean(sides[1], sample))
    let weights = sides.map { statistics in zip(statistics.products, statistics.drawWeights).map { $0 * $1 } }
    // The difference hangs on the policy that the fewer draws agree with.
    let evidences = zip(sides, weights).map { ReplayEvidence(matchedRows: $0.matchedRows, weights: $1) }
    evidence = evidences[0].effectiveSampleSize < evidences[1].effectiveSampleSize ? evidences[0] : evidences[1]
  }
}

extension ReplayRefusal: Error {}
