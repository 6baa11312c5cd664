import Statistics
import Ockham

/// Tests policies one after the other from the safest, each at the full level δ, until one cannot be shown to keep the
/// promise.
///
/// Learn-then-Test (Angelopoulos, Bates, Candès, Jordan & Lei 2021) with fixed-sequence testing: because the order does
/// not depend on the outcomes and nothing is tested after the first failure, the chance that any accepted policy breaks
/// the promise is at most δ, however many are tested.
struct FixedSequence {
  let sample: GoalSample
  let grid: StepGrid
  let level: Double

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
    /// Whether the promise says anything: some row is sent to another tier than at the safe end.
    var isInformative: Bool
  }

  /// Runs the tests. Policies that send every row to the same tier as the one before share its p-value.
  ///
  /// - Complexity: O(grid · n · T).
  func run() -> End {
    var end = End()
    var tested: (tiers: [Int], pValue: Double)?
    let safest = tiers(order[0])
    if safeEndIsCertain { end.accepted = Accepted(gain: order[0], pValue: 0, isInformative: false) }
    for gain in order.dropFirst(safeEndIsCertain ? 1 : 0) {
      let tiers = tiers(gain)
      let pValue = tested.flatMap { $0.tiers == tiers ? $0.pValue : nil } ?? pValue(tiers)
      guard pValue <= level else {
        end.failed = sample.margins(tiers)
        return end
      }
      end.accepted = Accepted(gain: gain, pValue: pValue, isInformative: !safeEndIsCertain || tiers != safest)
      tested = (tiers, pValue)
    }
    return end
  }

  /// The tier that each row is sent to at a gain.
  func tiers(_ gain: Double) -> [Int] { grid.thresholds(gain).tiers(sample.log, rows: sample.rows) }

  /// The gains from the safest one on. Promises about quality are safe where everything goes up, promises about cost
  /// and about the share of the strongest tier where everything goes down; the latter stop at gain 0, below which the
  /// model would pay for tiers that it expects to do worse. The share of a lower tier is 0 at the upper end too, where
  /// quality is kept: promises about it begin there.
  var order: [Double] {
    switch sample.goal {
    case .targetQuality(let fraction): fraction < 1 ? grid.gains : grid.gains.filter { $0 >= 0 }
    case .maximumShare(let tier, _) where tier != sample.log.tierNames[sample.log.tierCount - 1]: grid.gains
    case .maximumCostPer1000, .maximumShare: grid.gains.reversed().filter { $0 >= 0 }
    }
  }

  /// Whether the first policy keeps the promise whatever the outcomes: all to the strongest tier keeps its quality, and
  /// all to another tier keeps a share of 0.
  private var safeEndIsCertain: Bool {
    switch sample.goal {
    case .targetQuality(let fraction): fraction < 1
    case .maximumShare: true
    case .maximumCostPer1000: false
    }
  }

  /// The p-value of "the policy breaks the promise": exact binomial for a share of equal rows, else by betting.
  func pValue(_ tiers: [Int]) -> Double {
    guard case .maximumShare(let name, let share) = sample.goal, sample.isUnweighted else {
      return BettingTest.promisePValue(sample.margins(tiers), level: level)
    }
    let successes = tiers.count { sample.log.tierNames[$0] == name }
    return BinomialTest.pValue(successes: successes, count: tiers.count, share: share)
  }
}
