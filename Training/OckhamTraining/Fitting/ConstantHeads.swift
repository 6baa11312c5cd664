import Statistics
import TextKit

/// A head that says the same of every request, because the log contains too little of its tier for more: fewer than
/// ``Dataset/minimumPerOutcome`` rows of one outcome.
package struct ConstantHead: Sendable, Hashable {
  package let tier: String
  /// The rows that show the tier's quality.
  package let rows: Int
  /// Rows of them with less than full quality.
  package let failures: Int
  /// Σ q and Σ (1 − q) over them.
  package let good: Double
  package let bad: Double
  /// P(good), in 0…1 without the ends: the mean of the posterior under Jeffreys' prior.
  package let probability: Double

  /// The prior, as cards and summaries name it.
  package static let prior = "Jeffreys' prior, Beta(½, ½)"

  /// The log-odds of ``probability``.
  var logit: Float { Float(Logistic.logit(probability)) }

  /// (n m + ½) / (n + 1), with m the weighted mean of the labels and n their effective number (Σ w)² / Σ w².
  ///
  /// - Parameters:
  ///   - labels: in 0…1, at least one.
  ///   - weights: above 0, as many.
  init(tier: String, labels: [Float], weights: [Float]) {
    self.tier = tier
    rows = labels.count
    failures = labels.count { $0 < 1 }
    good = labels.reduce(0) { $0 + Double($1) }
    bad = Double(labels.count) - good
    let total = weights.reduce(0) { $0 + Double($1) }
    let squares = weights.reduce(0) { $0 + Double($1) * Double($1) }
    let mean = zip(labels, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) } / total
    let effective = total * total / squares
    probability = (effective * mean + 0.5) / (effective + 1)
  }
}

/// Which tiers get a constant instead of a learned head, and the way from what was learned of the others to a whole router.
///
/// One constant serves all folds: a threshold that lies between two values of it would route the folds apart, and live
/// requests all one way.
struct ConstantHeads: Sendable {
  /// All tiers, cheapest first; those without a head here are learned.
  let heads: [ConstantHead?]

  var isEmpty: Bool { heads.allSatisfy { $0 == nil } }

  /// The places of the tiers that are learned.
  var learned: [Int] { heads.indices.filter { heads[$0] == nil } }

  /// Finds the tiers of a log that cannot be learned.
  ///
  /// The strongest tier may be good on every row by definition, and is then learned as ``Dataset/smoothingAlwaysCorrectTop()``
  /// has it, as long as the others are learned too.
  /// - Parameters:
  ///   - dataset: what heads would be fitted to.
  ///   - measured: the labels of the log, none filled in.
  ///   - plan: training rows of every fold must show both outcomes of a head.
  /// - Throws: ``TrainingError/noLabels(head:rows:)`` for a tier of which no row contains anything.
  init(_ dataset: Dataset, measured: Dataset, plan: FoldPlan) throws(TrainingError) {
    var heads: [ConstantHead?] = []
    for (tier, name) in dataset.tierNames.enumerated() {
      guard dataset.knownRows(tier).count > 0 else { throw .noLabels(head: name, rows: dataset.rows) }
      heads.append(dataset.isLearnable(tier, measured, plan) ? nil : measured.constantHead(tier))
    }
    let top = heads.count - 1
    if heads.dropLast().allSatisfy({ $0 == nil }), heads[top]?.bad == 0, heads[top].map({ $0.rows > 1 }) ?? false {
      heads[top] = nil
    }
    self.heads = heads
  }

  init(heads: [ConstantHead?]) { self.heads = heads }

  /// The values of learned tiers and of constant ones, in the order of all tiers.
  func merged<Value>(_ learned: [Value], _ constant: (ConstantHead) -> Value) -> [Value] {
    var rest = learned[...]
    return heads.map { head in head.map(constant) ?? rest.removeFirst() }
  }

  /// Rows of values `[n × learned]` as rows of all tiers `[n × tiers]`.
  func merged<Value>(rows: [Value], count: Int, _ constant: (ConstantHead) -> Value) -> [Value] {
    if isEmpty { return rows }
    let width = learned.count
    return (0..<count).flatMap { row in merged(Array(rows[row * width..<(row + 1) * width]), constant) }
  }
}

extension ConstantHeads {
  /// Checks that what is left without any two families can teach every learned tier: one is left out to score it, one more to choose
  /// how.
  func requireOutcomes(_ context: TrainingContext, _ plan: FoldPlan, _ families: Families) throws(TrainingError) {
    let dataset = context.dataset
    for fold in plan.folds {
      let inner = try context.foldPlan(fold.training)
      for tier in learned where !dataset.tellsBothOutcomes(of: tier, in: inner) {
        let outer = families.names[families.ofRow[fold.heldOut[0]]]
        throw .families(
          subject: "tier '\(SafeText.name(dataset.tierNames[tier]))'",
          expected: "good and bad outcomes in what is left without any two families",
          found: "too few without '\(SafeText.name(outer))' and another",
          remedy: "add sets that know the tier, or let interpolatesTiers fill it in between its neighbours")
      }
    }
  }
}

extension HeldOutLogits {
  /// The logits of all tiers, given those of the learned ones.
  func joined(by constants: ConstantHeads) -> HeldOutLogits {
    guard !constants.isEmpty else { return self }
    var all = DenseMatrix(repeating: 0, rows: rows.count, columns: constants.heads.count)
    all.values = constants.merged(rows: logits.values, count: rows.count, \.logit)
    return HeldOutLogits(rows: rows, logits: all)
  }
}

extension Dataset {
  /// The rows of positive weight that show a tier's quality.
  fileprivate func knownRows(_ tier: Int) -> [Int] {
    (0..<rows).filter { weights[$0] > 0 && !labels[$0, tier].isNaN }
  }

  fileprivate func constantHead(_ tier: Int) -> ConstantHead {
    let known = knownRows(tier)
    return ConstantHead(
      tier: tierNames[tier], labels: known.map { labels[$0, tier] },
      weights: known.map { weight(ofRow: $0, tier: tier) })
  }

  /// Whether both outcomes occur often enough, and in the training rows of every fold.
  fileprivate func isLearnable(_ tier: Int, _ measured: Dataset, _ plan: FoldPlan) -> Bool {
    let known = knownRows(tier)
    func hasBoth(_ labels: [Float], atLeast minimum: Double) -> Bool {
      let good = labels.reduce(0) { $0 + Double($1) }
      return min(good, Double(labels.count) - good) >= minimum
    }
    guard hasBoth(known.map { labels[$0, tier] }, atLeast: Double(Self.minimumPerOutcome)) else { return false }
    return measured.tellsBothOutcomes(of: tier, in: plan)
  }

  /// Whether the training rows of every fold can teach a tier's head.
  func tellsBothOutcomes(of tier: Int, in plan: FoldPlan) -> Bool {
    plan.folds.allSatisfy { fold in
      let column = DenseMatrix(column: fold.training.map { labels[$0, tier] })
      return HeadTargets.haveOutcomes(labels: column, weights: fold.training.map { weights[$0] })
    }
  }
}
