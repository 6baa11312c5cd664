import Statistics
import Ockham

/// Tests policies one after the other from the safest, each at the full level δ, until one cannot be shown to keep the
/// guarantee.
///
/// Learn-then-Test (Angelopoulos, Bates, Candès, Jordan & Lei 2021) with fixed-sequence testing: because the order does
/// not depend on the outcomes and nothing is tested after the first failure, the chance that any accepted policy breaks
/// the guarantee is at most δ, however many are tested.
struct FixedSequence {
  /// The share of rows that must change tiers before another policy is worth a test: fewer tests are fewer chances to fail.
  private static let resolution = 256

  let sample: GoalSample
  let grid: StepGrid
  let test: GuaranteeTest
  let orders: Int
  let seed: UInt64

  /// - Parameters:
  ///   - level: δ.
  ///   - orders: the number of orders in which rows are bet on.
  ///   - seed: the seed of these orders.
  init(sample: GoalSample, grid: StepGrid, level: Double, orders: Int = 100, seed: UInt64 = 1) {
    self.sample = sample
    self.grid = grid
    (self.orders, self.seed) = (orders, seed)
    test = GuaranteeTest(level: level, rows: sample.count, orders: orders, seed: seed)
  }

  /// Where the tests ended.
  struct End {
    /// The last accepted gain, or `nil` when not even the first that could fail was accepted.
    var accepted: Accepted?
    /// The sample of the first policy that was not accepted, or `nil` when all were.
    var failed: BoundedSample?
  }

  /// An accepted policy.
  struct Accepted {
    var gain: Double
    var pValue: Double
    /// Whether the guarantee says anything: some row is sent to another tier than at the safe end.
    var isInformative: Bool
  }

  /// Runs the tests. Policies of which the rows say the same as of the one before share its p-value.
  ///
  /// - Complexity: O(grid · n · T).
  func run() -> End {
    var end = End()
    let order = order
    let safest = tiers(order[0])
    var tested: (tiers: [Int], evidence: GuaranteeEvidence, pValue: Double)?
    // The safe end is certain for what it is, not for its evidence: a policy of which the rows say the same has to be tested.
    if safeEndIsCertain { end.accepted = Accepted(gain: order[0], pValue: 0, isInformative: false) }
    for (place, gain) in order.enumerated().dropFirst(safeEndIsCertain ? 1 : 0) {
      let tiers = tiers(gain)
      if let tested, isTooClose(tiers, tested.tiers), place < order.count - 1 { continue }
      if tested?.tiers != tiers {
        let evidence = sample.evidence(tiers, goal: sample.goal)
        tested = (tiers, evidence, tested?.evidence == evidence ? tested?.pValue ?? 1 : test.pValue(evidence))
      }
      let pValue = tested?.pValue ?? 1
      guard pValue <= test.level else {
        end.failed = sample.margins(tiers, goal: sample.goal)
        return end
      }
      end.accepted = Accepted(gain: gain, pValue: pValue, isInformative: !safeEndIsCertain || tiers != safest)
    }
    return end
  }

  /// Whether so few rows change tiers that the policy in between is not worth a test; `false` where none does.
  private func isTooClose(_ tiers: [Int], _ others: [Int]) -> Bool {
    let changed = zip(tiers, others).count { $0 != $1 }
    return changed > 0 && changed < tiers.count / Self.resolution
  }

  /// The tier that each row is sent to at a gain.
  func tiers(_ gain: Double) -> [Int] { grid.thresholds(gain).tiers(sample.log, rows: sample.rows) }

  /// The gains from the safest one on. Guarantees about quality are safe where everything goes up, guarantees about cost
  /// and about the share of the strongest tier where everything goes down; the latter stop at gain 0, below which the
  /// model would pay for tiers that it expects to do worse. The share of a lower tier is 0 at the upper end too, where
  /// quality is kept: guarantees about it begin there.
  var order: [Double] {
    switch sample.goal {
    case .targetQuality(let fraction): fraction < 1 ? grid.gains : grid.gains.filter { $0 >= 0 }
    case .maximumShare(let tier, _) where tier != sample.log.tierNames[sample.log.tierCount - 1]: grid.gains
    case .maximumCostPer1000, .maximumShare: grid.gains.reversed().filter { $0 >= 0 }
    }
  }

  /// Whether the first policy keeps the guarantee whatever the outcomes: all to the strongest tier keeps its quality, and
  /// all to another tier keeps a share of 0.
  private var safeEndIsCertain: Bool {
    switch sample.goal {
    case .targetQuality(let fraction): fraction < 1
    case .maximumShare: true
    case .maximumCostPer1000: false
    }
  }
}
