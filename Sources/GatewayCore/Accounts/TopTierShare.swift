/// How often one key's requests go to the most expensive tier, against the key's own past, in blocks of ``blockSize`` decisions.
///
/// A client that learns which words make a request look hard sends everything up. No single request shows it; the share does. An
/// alarm is raised by a block that lies above the usual share by at least ``jump`` and by more than chance would have it, and
/// ends with a block that lies above it by less than half of that. The usual share is that of all blocks before, of which half
/// is forgotten in ``halfLife`` blocks, also while there is an alarm: a change that stays becomes usual.
package struct TopTierShare: Sendable {
  /// Decisions in a block.
  package static let blockSize = 100
  /// Blocks that make a past: none is held against fewer.
  package static let pastBlocks = 3
  /// The least rise of the share that is worth an alarm.
  package static let jump = 0.2
  /// Standard errors that the rise must reach. Decisions of one client resemble each other, so chance is given much room.
  static let standardErrors = 5.0
  /// Blocks in which half of the past is forgotten.
  package static let halfLife = 20.0

  /// What a block made of the alarm.
  package enum Change: Sendable, Equatable {
    /// It began: the block's share, and what is usual.
    case raised(share: Double, usual: Double)
    /// It is over.
    case ended(share: Double, usual: Double)
  }

  /// Whether there is an alarm.
  package private(set) var isAlarmed = false
  /// The share of the last full block, 0…1; `nil` before the first.
  package private(set) var share: Double?

  /// Whether the last decision ended a block: only then anything changes.
  package var isAtEndOfBlock: Bool { count == 0 && share != nil }

  private var count = 0
  private var mostExpensive = 0
  private var past = (blocks: 0, count: 0.0, mostExpensive: 0.0)

  package init() {}

  /// Counts a decision.
  ///
  /// - Returns: what became of the alarm with it; `nil` for nothing.
  /// - Complexity: O(1), no allocation.
  package mutating func add(isMostExpensive: Bool) -> Change? {
    count += 1
    if isMostExpensive { mostExpensive += 1 }
    guard count == Self.blockSize else { return nil }
    let change = judge(Double(mostExpensive) / Double(count))
    learn()
    return change
  }

  /// The usual share, 0…1; `nil` while there is too little past. One more of each kind is counted, so that it is never 0 or 1.
  package var usual: Double? {
    past.blocks < Self.pastBlocks ? nil : (past.mostExpensive + 1) / (past.count + 2)
  }

  private mutating func judge(_ share: Double) -> Change? {
    self.share = share
    guard let usual else { return nil }
    let rise = share - usual
    if isAlarmed {
      guard rise < Self.jump / 2 else { return nil }
      isAlarmed = false
      return .ended(share: share, usual: usual)
    }
    let error = (usual * (1 - usual) * (1 / Double(Self.blockSize) + 1 / past.count)).squareRoot()
    guard rise >= Self.jump, rise >= Self.standardErrors * error else { return nil }
    isAlarmed = true
    return .raised(share: share, usual: usual)
  }

  private mutating func learn() {
    past = (
      past.blocks + 1, past.count * Self.kept + Double(count), past.mostExpensive * Self.kept + Double(mostExpensive)
    )
    (count, mostExpensive) = (0, 0)
  }

  /// The part of the past that a block leaves: 2^(−1/20).
  private static let kept = 0.9659363289248456
}
