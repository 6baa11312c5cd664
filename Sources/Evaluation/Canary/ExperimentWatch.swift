/// How the arms of an experiment compare with its control, looked at as often as one likes.
///
/// An arm's conversations are held against the control's, by ``ArmContrast``; of K arms each interval is at α/K. Quality is that of answers
/// drawn to be audited, one of a conversation: feedback selects itself, and decides nothing.
package struct ExperimentWatch: Sendable {
  /// A conversation that is over.
  package struct Conversation: Sendable {
    package var arm: String
    /// `nil` where it is not known.
    package var dollars: Double?
    package var latencyMilliseconds: Double?
    /// The share of its requests that failed.
    package var failures: Double?
    /// Of the first answer that was audited.
    package var quality: Double?

    package init(
      arm: String, dollars: Double? = nil, latencyMilliseconds: Double? = nil, failures: Double? = nil,
      quality: Double? = nil
    ) {
      (self.arm, self.dollars, self.latencyMilliseconds) = (arm, dollars, latencyMilliseconds)
      (self.failures, self.quality) = (failures, quality)
    }

    fileprivate subscript(quantity: ReplayQuantity) -> Double? {
      switch quantity {
      case .quality: quality
      case .costUSD: dollars
      case .latencyMilliseconds: latencyMilliseconds
      case .failures: failures
      }
    }
  }

  /// The conversations at which the contrasts are to be sharpest.
  private static let planned = 2_000.0

  /// The arms' names, the control first.
  package let arms: [String]
  /// α of the whole.
  package let level: Double
  private var contrasts: [[ReplayQuantity: ArmContrast]]
  private var counts: [Int]

  /// - Parameter arms: names and shares, the control first; two at least.
  package init(arms: [(name: String, share: Double)], level: Double = 0.05) {
    self.arms = arms.map(\.name)
    self.level = level
    let own = level / Double(max(1, arms.count - 1))
    contrasts = arms.dropFirst().map { arm in
      let share = arm.share / (arm.share + arms[0].share)
      return Dictionary(
        uniqueKeysWithValues: ReplayQuantity.allCases.map { quantity in
          (quantity, ArmContrast(share: share, level: own, sharpestAt: Self.planned))
        })
    }
    counts = arms.map { _ in 0 }
  }

  /// Takes a conversation, in the order in which they end; one of an arm that is not known is skipped.
  package mutating func close(_ conversation: Conversation) {
    guard let arm = arms.firstIndex(of: conversation.arm) else { return }
    counts[arm] += 1
    for other in contrasts.indices where arm == 0 || arm == other + 1 {
      for quantity in ReplayQuantity.allCases {
        guard let value = conversation[quantity] else { continue }
        contrasts[other][quantity]?.add(value, isCandidate: arm > 0)
      }
    }
  }

  /// How many conversations of an arm are over.
  package func conversations(of arm: Int) -> Int { counts[arm] }

  /// The mean of a quantity in an arm; `nil` where nothing is known.
  package func mean(_ quantity: ReplayQuantity, of arm: Int) -> Double? {
    arm == 0 ? contrasts.first?[quantity]?.incumbentMean : contrasts[arm - 1][quantity]?.candidateMean
  }

  /// Arm − control, with an interval that holds however often one looks; `nil` for the control, and where too little is known.
  package func difference(_ quantity: ReplayQuantity, of arm: Int) -> IntervalEstimate? {
    arm == 0 ? nil : contrasts[arm - 1][quantity]?.difference
  }
}
