import Statistics
package import TextKit

/// What a guarantee about thresholds was proven from, as numbers: enough to prove it again, with no text of any request.
package struct GuaranteeCertificate: Sendable, Equatable {
  package let goal: ThresholdGoal
  /// 1 − δ.
  package let confidence: Double
  /// n, the independent draws.
  package let rows: Int
  /// What is shown of the goal's number.
  package let bound: Double
  /// The p-value of "the guarantee is broken", at most δ.
  package let pValue: Double
  let evidence: GuaranteeEvidence
  /// The orders in which draws are bet on, and what they are drawn from.
  let orders: Int
  let seed: UInt64

  init(_ sequence: FixedSequence, _ accepted: FixedSequence.Accepted, confidence: Double, bound: Double) {
    goal = sequence.sample.goal
    (self.confidence, self.bound, rows, pValue) = (confidence, bound, sequence.sample.count, accepted.pValue)
    evidence = sequence.sample.evidence(sequence.tiers(accepted.gain), goal: goal)
    (orders, seed) = (sequence.orders, sequence.seed)
  }

  /// Proves the guarantee again; `nil` where it holds, else what is wrong.
  package var fault: String? {
    guard evidence.count <= rows else { return "more outcomes than draws" }
    // Rows of no margin are counted by no outcome; a list has them all.
    if case .draws = evidence, evidence.count < rows { return "\(evidence.count) draws, not \(rows)" }
    guard evidence.isAbout(goal) else { return "the evidence is of another goal than the guarantee" }
    let test = GuaranteeTest(level: 1 - confidence, rows: rows, orders: orders, seed: seed)
    let found = test.pValue(evidence)
    guard found <= test.level else { return "the evidence does not prove the guarantee: p = \(found)" }
    // Policies of which the rows say the same share a p-value, and the last digits of logarithms are a machine's own.
    guard found <= pValue * (1 + 1e-6) + 1e-12 else { return "p is \(found), not \(pValue)" }
    if let shown = evidence.with(bound), test.pValue(shown) > test.level { return "the bound \(bound) is not proven" }
    return nil
  }
}

extension GuaranteeEvidence {
  /// The draws that it counts.
  fileprivate var count: Int {
    switch self {
    case .requests(_, let count, _): count
    case .outcomes(let counts, _): counts.count
    case .draws(let sample): sample.values.count
    }
  }

  fileprivate func isAbout(_ goal: ThresholdGoal) -> Bool {
    switch (self, goal) {
    case (.requests(_, _, let share), .maximumShare(_, let asked)): share == asked
    case (.outcomes(_, let fraction), .targetQuality(let asked)): fraction == asked
    case (.draws, _): true
    default: false
    }
  }

  /// The same evidence of another number; `nil` for draws, which are of the goal's own.
  fileprivate func with(_ number: Double) -> GuaranteeEvidence? {
    switch self {
    case .requests(let successes, let count, _): .requests(successes, of: count, share: number)
    case .outcomes(let counts, _): .outcomes(counts, fraction: number)
    case .draws: nil
    }
  }
}

// As JSON.
extension GuaranteeCertificate {
  /// The members, in a stable order.
  package var members: [(String, JSONNode)] {
    [
      ("goal", goal.node), ("confidence", .number(confidence)), ("n", .integer(rows)), ("bound", .number(bound)),
      ("p", .number(pValue)), ("orders", .integer(orders)), ("seed", .integer(Int(truncatingIfNeeded: seed))),
      ("evidence", evidence.node),
    ]
  }

  /// Reads what ``members`` writes; `nil` for anything else.
  package init?(_ node: JSONNode) {
    guard let goal = node["goal"].flatMap(ThresholdGoal.init(node:)), let confidence = node["confidence"]?.number,
      confidence > 0, confidence < 1, let rows = node["n"]?.integer, (1...10_000_000).contains(rows),
      let bound = node["bound"]?.number, bound.isFinite, let pValue = node["p"]?.number,
      let orders = node["orders"]?.integer, (1...10_000).contains(orders), let seed = node["seed"]?.integer,
      let evidence = node["evidence"].flatMap(GuaranteeEvidence.init(node:))
    else { return nil }
    (self.goal, self.confidence, self.rows, self.bound, self.pValue) = (goal, confidence, rows, bound, pValue)
    (self.evidence, self.orders, self.seed) = (evidence, orders, UInt64(bitPattern: Int64(seed)))
  }
}

extension ThresholdGoal {
  fileprivate var node: JSONNode {
    switch self {
    case .targetQuality(let fraction): .object([("target_quality", .number(fraction))])
    case .maximumCostPer1000(let usd): .object([("max_cost_per_1k", .number(usd))])
    case .maximumShare(let tier, let share): .object([("max_share", .number(share)), ("tier", .string(tier))])
    }
  }

  fileprivate init?(node: JSONNode) {
    if let fraction = node["target_quality"]?.number, fraction > 0, fraction <= 1 {
      self = .targetQuality(fraction: fraction)
    } else if let usd = node["max_cost_per_1k"]?.number, usd > 0, usd.isFinite {
      self = .maximumCostPer1000(usd: usd)
    } else if let share = node["max_share"]?.number, share > 0, share < 1, let tier = node["tier"]?.string {
      self = .maximumShare(tier: tier, share: share)
    } else {
      return nil
    }
  }
}

extension GuaranteeEvidence {
  fileprivate var node: JSONNode {
    switch self {
    case .requests(let successes, let count, let share):
      .object([("requests", .integer(successes)), ("of", .integer(count)), ("share", .number(share))])
    case .outcomes(let counts, let fraction):
      .object([
        ("gained", .integer(counts.gained)), ("kept", .integer(counts.kept)), ("lost", .integer(counts.lost)),
        ("fraction", .number(fraction)),
      ])
    case .draws(let sample):
      .object([
        ("draws", .array(sample.values.map(JSONNode.number))), ("least", .number(sample.range.lowerBound)),
        ("greatest", .number(sample.range.upperBound)),
      ])
    }
  }

  fileprivate init?(node: JSONNode) {
    if let successes = node["requests"]?.integer, let count = node["of"]?.integer, let share = node["share"]?.number,
      successes >= 0, count >= successes, share > 0, share < 1
    {
      self = .requests(successes, of: count, share: share)
    } else if let gained = node["gained"]?.integer, let kept = node["kept"]?.integer, let lost = node["lost"]?.integer,
      let fraction = node["fraction"]?.number, min(gained, kept, lost) >= 0, max(gained, kept, lost) < 10_000_000,
      fraction > 0, fraction <= 1
    {
      self = .outcomes(OutcomeCounts(gained: gained, kept: kept, lost: lost), fraction: fraction)
    } else if let draws = node["draws"]?.elements, let least = node["least"]?.number,
      let greatest = node["greatest"]?.number, least < greatest
    {
      let values = draws.compactMap(\.number)
      guard values.count == draws.count, values.allSatisfy((least...greatest).contains) else { return nil }
      self = .draws(BoundedSample(values: values, range: least...greatest))
    } else {
      return nil
    }
  }
}
