import Statistics

/// By how much the candidate's conversations differ from the incumbent's in one quantity, looked at as often as one likes.
///
/// A conversation is the candidate's with probability s, whatever is in it. With m the mean of all conversations before it,
///
///   X = (1{candidate} − s) / (s(1 − s)) · (y − m)
///
/// has the difference of the arms as its mean, whatever m is; m takes out most of the noise.
package struct ArmContrast: Sendable {
  /// The conversations of each arm before which no interval is given: their sum has to be normal.
  package static let leastConversations = 50

  private let share: Double
  private var sequence: AsymptoticSequence
  private var sums = (incumbent: 0.0, candidate: 0.0)
  package private(set) var conversations = (incumbent: 0, candidate: 0)

  /// - Parameters:
  ///   - share: s, above 0 and below 1.
  ///   - level: α of the interval, one half to each side.
  package init(share: Double, level: Double, sharpestAt planned: Double) {
    precondition(share > 0 && share < 1, "both arms have a share")
    self.share = share
    sequence = AsymptoticSequence(level: level, sharpestAt: planned)
  }

  /// Takes a conversation that is over.
  package mutating func add(_ value: Double, isCandidate: Bool) {
    let before = conversations.incumbent + conversations.candidate
    let mean = before > 0 ? (sums.incumbent + sums.candidate) / Double(before) : value
    sequence.add(((isCandidate ? 1 : 0) - share) / (share * (1 - share)) * (value - mean))
    if isCandidate {
      (conversations.candidate, sums.candidate) = (conversations.candidate + 1, sums.candidate + value)
    } else {
      (conversations.incumbent, sums.incumbent) = (conversations.incumbent + 1, sums.incumbent + value)
    }
  }

  /// The incumbent's mean; `nil` without a conversation.
  package var incumbentMean: Double? {
    conversations.incumbent > 0 ? sums.incumbent / Double(conversations.incumbent) : nil
  }

  /// The candidate's, likewise.
  package var candidateMean: Double? {
    conversations.candidate > 0 ? sums.candidate / Double(conversations.candidate) : nil
  }

  /// Candidate − incumbent, with its interval as it is now; `nil` before ``leastConversations`` of each.
  package var difference: IntervalEstimate? {
    guard min(conversations.incumbent, conversations.candidate) >= Self.leastConversations,
      let interval = sequence.interval
    else { return nil }
    return IntervalEstimate(value: sequence.mean, low: interval.lowerBound, high: interval.upperBound)
  }
}
