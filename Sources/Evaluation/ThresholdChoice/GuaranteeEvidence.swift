import Statistics

/// What the rows of a goal say about a policy, as far as a test of its guarantee reads it.
enum GuaranteeEvidence: Equatable {
  /// So many of so many independent requests go to the tier whose share is limited.
  case requests(Int, of: Int, share: Double)
  /// Every quality is 0 or 1, and at least this fraction of the strongest tier's is to be kept.
  case outcomes(OutcomeCounts, fraction: Double)
  /// Margins of any kind, whose mean must not be below 0.
  case draws(BoundedSample)
}

/// The test of one guarantee at one level, by the sharpest exact means that its evidence allows.
struct GuaranteeTest {
  /// δ: the chance that a guarantee which does not hold passes.
  let level: Double
  /// The part of the stake that is bet at constant rates.
  private static let constantPart = 0.02
  private let betting: BettingTest
  private let exact: ExactQualityTest

  /// - Parameters:
  ///   - rows: the number of independent draws.
  ///   - orders: the number of orders in which draws are bet on.
  ///   - seed: the seed of these orders.
  init(level: Double, rows: Int, orders: Int, seed: UInt64) {
    self.level = level
    betting = BettingTest(count: rows, orders: orders, seed: seed)
    exact = ExactQualityTest(rows: rows)
  }

  /// The p-value of "the guarantee is broken" where it is at most the level; else some number above it.
  func pValue(_ evidence: GuaranteeEvidence) -> Double {
    switch evidence {
    case .requests(let successes, let count, let share):
      BinomialTest.pValue(successes: successes, count: count, share: share)
    case .outcomes(let counts, let fraction): exact.pValue(counts, fraction: fraction, level: level)
    case .draws(let sample): pValue(sample)
    }
  }

  /// Whether the guarantee passes.
  func passes(_ evidence: GuaranteeEvidence) -> Bool { pValue(evidence) <= level }

  /// By a mixture of two e-values: the mean capital of hedged bets, and a small part of constant bets, which decides clear
  /// cases at no cost. Draws that no bet would win on get 1, which is as valid.
  private func pValue(_ sample: BoundedSample) -> Double {
    let (sum, squares) = sample.values.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    if sample.range.lowerBound < 0, sum < 1.2 * squares.squareRoot() { return 1 }
    let bound = HindsightBound.pValue(sample) / Self.constantPart
    return bound <= level ? bound : min(1, betting.pValue(sample, level: level) / (1 - Self.constantPart))
  }
}
