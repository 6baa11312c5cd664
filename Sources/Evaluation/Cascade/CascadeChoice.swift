import Statistics
package import Ockham

/// What is fixed before the outcomes are read that a cascade is chosen and proven by: the path of its policies.
package struct CascadePath: Sendable, Equatable {
  /// Which of its liberties the cascade uses.
  package var member: CascadeMember
  /// What a request costs in each tier on average, rising [T].
  package var tierCostUSD: [Double]
  /// See ``CascadePolicy/spreads`` [T − 1].
  package var spreads: [Float]
  /// The tiers whose responses are weighed.
  package var checkedTiers: TierSet

  /// The path that a policy was taken from.
  package init(of policy: CascadePolicy) {
    tierCostUSD = policy.tierCostUSD
    spreads = policy.spreads
    checkedTiers = policy.checkedTiers
    let isFixed = policy.startTiers.count == 1
    member = policy.checkedTiers.isEmpty ? .router : isFixed ? .cascade : .both
  }

  /// The path that a log speaks for: the member of greatest area under quality over dollars on most folds of its questions, by
  /// policies of the other folds, and the spreads and mean costs of all rows.
  ///
  /// - Returns: `nil` where cascades cannot be measured; see ``CascadeReport/refused``.
  package init?(_ log: ScoredLog, seed: UInt64 = 1) {
    let costs = TierCosts(measuring: log)
    guard let sample = CascadeSample(log, seed: seed), sample.count >= CascadeReport.fewestRows,
      costs.source == .measured, zip(costs.values, costs.values.dropFirst()).allSatisfy(<)
    else { return nil }
    let study = CascadeStudy(sample, costs: costs.values, count: CascadeReport.policiesPerSide)
    member = study.member
    tierCostUSD = costs.values
    spreads = sample.spreads(rows: Array(0..<sample.count))
    checkedTiers = sample.checkedTiers
  }

  func family(isScaled: Bool, count: Int) -> CascadeFamily {
    CascadeFamily(
      member, costs: tierCostUSD, spreads: spreads, checkedTiers: checkedTiers, isScaled: isScaled, count: count)
  }
}

/// What a cascade comes to on the rows that it was chosen on.
package struct CascadeEstimate: Sendable, Equatable {
  /// Mean quality / mean quality of the strongest tier; `nil` where that is never right.
  package var qualityKept: Double?
  /// The mean dollars of all attempts.
  package var costUSD: Double
  /// 1 − dollars / dollars of all to the strongest tier; `nil` where those are 0.
  package var saved: Double?
  /// Tiers asked per request.
  package var attempts: Double
}

/// The outcome of looking for a cascade that meets a goal.
///
/// Fixed-sequence testing along one path as ``FixedSequence`` does it for thresholds: the quality of a request is that of the
/// response that was taken, its cost that of all attempts. All policies that pass keep the guarantee together, so that of them the
/// cheapest may be taken (of a goal of cost the one that dares most).
package struct CascadeChoice: Sendable, Equatable {
  /// What was asked for.
  package var goal: ThresholdGoal
  /// 1 − δ.
  package var confidence: Double
  /// The policy: proven, or the best by the log alone; `nil` where nothing but all to the strongest tier (of a goal of cost:
  /// nothing at all) meets the goal on the log.
  package var policy: CascadePolicy?
  /// Whether the policy is proven to meet the goal.
  package var isProven: Bool
  /// What the policy comes to on the log; `nil` without one.
  package var estimate: CascadeEstimate?
  /// What the policy, taken by itself, is shown to keep; see ``ChosenThresholds/bound``.
  package var bound: Double?
  /// The independent rows that are evidence on the goal.
  package var rows: Int
  /// An estimate of the rows that a proof needs; `nil` with a proof, and where more rows would not help.
  package var rowsNeeded: Int?

  /// Chooses on the rows that know every outcome and every response that is weighed. Their order does not matter.
  ///
  /// - Parameter path: fixed beforehand. The guarantee does not cover errors in it.
  /// - Returns: `nil` where no row shows it, or for a goal of share.
  /// - Throws: ``EvaluationError`` for a goal or parameter out of range.
  /// - Complexity: O(grid · n · T + tests · n · orders).
  package init?(
    _ log: ScoredLog, goal: ThresholdGoal, path: CascadePath, parameters: ThresholdChoiceParameters = .init()
  ) throws(EvaluationError) {
    try parameters.check()
    try goal.check(log)
    if case .maximumShare = goal { return nil }
    guard let sample = CascadeSample(log.inCanonicalOrder(), seed: parameters.seed) else { return nil }
    let sequence = CascadeSequence(
      sample, goal: goal, family: path.family(isScaled: log.thresholdScale != nil, count: parameters.gridCount),
      parameters: parameters)
    self.goal = goal
    confidence = parameters.confidence
    let end = sequence.run()
    isProven = end.accepted != nil
    let place = end.accepted ?? sequence.offer
    policy = place.map { sequence.family.policy($0) }
    estimate = place.map { sequence.estimate($0) }
    bound = place.map { sequence.bound($0) }
    rows = sequence.goalSample.count
    rowsNeeded = end.failed.flatMap { failed in
      isProven
        ? nil
        : SampleSizeEstimate.rows(failed, level: sequence.test.level).map { max($0, sequence.goalSample.count + 1) }
    }
  }
}

/// Tests the policies of a cascade's path one after the other from the safest, until one cannot be shown to meet the goal.
struct CascadeSequence {
  /// The share of rows that must be served otherwise before another policy is worth a test.
  private static let resolution = 256

  let sample: CascadeSample
  let goalSample: GoalSample
  let family: CascadeFamily
  let test: GuaranteeTest

  init(
    _ sample: CascadeSample, goal: ThresholdGoal, family: CascadeFamily, parameters: ThresholdChoiceParameters
  ) {
    self.sample = sample
    self.family = family
    goalSample = GoalSample(sample.log, goal: goal, rows: Array(0..<sample.count)) { $0.reduce(0, +) }
    test = GuaranteeTest(
      level: 1 - parameters.confidence, rows: goalSample.count, orders: parameters.orders, seed: parameters.seed)
  }

  /// How the rows of a policy are served, in the order of the goal's sample.
  private struct Served: Equatable {
    let services: [CascadeService]
    let tiers: [Int]
    let spentUSD: [Double]

    func differs(from other: Served) -> Int { zip(services, other.services).count { $0 != $1 } }
  }

  private func served(_ gain: Double) -> Served {
    let policy = family.policy(gain)
    let services = goalSample.rows.map { policy.serve(sample.log, sample.responses, row: $0) }
    return Served(
      services: services, tiers: services.map(\.tier),
      spentUSD: zip(goalSample.rows, services).map { sample.log.costUSD($1, row: $0) })
  }

  private func evidence(_ served: Served, _ goal: ThresholdGoal) -> GuaranteeEvidence {
    goalSample.evidence(served.tiers, goal: goal, spentUSD: served.spentUSD)
  }

  /// The gains from the safest on: of a goal of quality from all to the strongest tier, of one of cost from the cheapest up to
  /// the best quality. Keeping all of the quality is never certain, and begins at the best.
  private var order: [Double] {
    switch goalSample.goal {
    case .targetQuality(let fraction):
      fraction < 1 ? family.gains.reversed() : family.gains.reversed().filter { $0 >= 0 }
    case .maximumCostPer1000, .maximumShare: family.gains.filter { $0 >= 0 }
    }
  }

  private var isQuality: Bool { if case .targetQuality = goalSample.goal { true } else { false } }

  /// Runs the tests.
  ///
  /// - Returns: the gain of the accepted policy that is taken, and the sample of the first that failed. A policy that costs as
  ///   much as all to the strongest tier says nothing of a goal of quality and is not taken.
  func run() -> (accepted: Double?, failed: BoundedSample?) {
    var accepted: (gain: Double, costUSD: Double)?
    var tested: (served: Served, evidence: GuaranteeEvidence, pValue: Double)?
    let strongest = CascadeTotals(sample.log, services: sample.all(to: sample.log.tierCount - 1)).costUSD
    let order = order
    for (place, gain) in order.enumerated() {
      let served = served(gain)
      if let tested, place < order.count - 1,
        served.differs(from: tested.served) < max(1, served.tiers.count / Self.resolution)
      {
        continue
      }
      let evidence = evidence(served, goalSample.goal)
      let pValue = tested?.evidence == evidence ? tested?.pValue ?? 1 : test.pValue(evidence)
      tested = (served, evidence, pValue)
      guard pValue <= test.level else {
        return (accepted?.gain, goalSample.margins(served.tiers, goal: goalSample.goal, spentUSD: served.spentUSD))
      }
      let costUSD = totals(served).costUSD
      let isBetter = isQuality ? costUSD < accepted?.costUSD ?? strongest : true
      if isBetter { accepted = (gain, costUSD) }
    }
    return (accepted?.gain, nil)
  }

  private func totals(_ served: Served) -> CascadeTotals {
    var byRow = served.services
    for (position, row) in goalSample.rows.enumerated() { byRow[row] = served.services[position] }
    return CascadeTotals(sample.log, services: byRow)
  }

  /// The gain of the cheapest policy that meets the goal on the log (of a goal of cost, the last one); `nil` where none does
  /// for less than all to the strongest tier.
  var offer: Double? {
    var best: (gain: Double, costUSD: Double)?
    let strongest = CascadeTotals(sample.log, services: sample.all(to: sample.log.tierCount - 1)).costUSD
    for gain in order {
      let served = served(gain)
      let margins = goalSample.margins(served.tiers, goal: goalSample.goal, spentUSD: served.spentUSD)
      guard margins.values.reduce(0, +) >= 0 else { continue }
      let costUSD = totals(served).costUSD
      if isQuality ? costUSD < best?.costUSD ?? strongest : true { best = (gain, costUSD) }
    }
    return best?.gain
  }

  func estimate(_ gain: Double) -> CascadeEstimate {
    CascadeEstimate(
      totals(served(gain)),
      strongest: CascadeTotals(sample.log, services: sample.all(to: sample.log.tierCount - 1)))
  }

  func bound(_ gain: Double) -> Double {
    let served = served(gain)
    return GuaranteeBound(sample: goalSample, test: test) { evidence(served, $0) }.value
  }
}

extension CascadeEstimate {
  /// What a policy comes to on the rows of a log that know every outcome and every response that is weighed, at least one.
  package init(_ policy: CascadePolicy, on log: ScoredLog) {
    let rows = (0..<log.rowCount).filter { row in
      log.quality.row(row).allSatisfy { !$0.isNaN } && log.cost.row(row).allSatisfy { !$0.isNaN }
        && log.responses?.knows(row: row) == true
    }
    let known = log.selecting(rows)
    let responses = known.responses ?? ResponseScores(probability: [])
    let services = rows.indices.map { policy.serve(known, responses, row: $0) }
    let last = known.tierCount - 1
    let strongest = CascadeService(start: last, tier: last, asked: TierSet(only: last))
    self.init(
      CascadeTotals(known, services: services),
      strongest: CascadeTotals(known, services: rows.map { _ in strongest }))
  }

  init(_ own: CascadeTotals, strongest: CascadeTotals) {
    qualityKept = strongest.quality > 0 ? own.quality / strongest.quality : nil
    costUSD = own.costUSD
    saved = strongest.costUSD > 0 ? 1 - own.costUSD / strongest.costUSD : nil
    attempts = own.attempts
  }
}
