package import Ockham

/// The best thresholds for a goal by the log alone, where the log cannot prove any: an offer, not a guarantee.
package struct UnprovenThresholds: Sendable, Equatable {
  /// The thresholds.
  package var thresholds: Thresholds
  /// What they come to on the log.
  package var estimate: PolicyEstimate
  /// What they, taken by themselves, are shown to keep; see ``ChosenThresholds/bound``.
  package var bound: Double
  /// Whether they meet the goal on the log from which they were chosen, which is optimistic.
  package var meetsGoal: Bool

  /// Takes the last of the policies in question that meets the goal on the log. Sending everything to the strongest tier is no
  /// offer for a goal of quality: where nothing else meets it, each request goes to the tier that is most probably right. Where
  /// nothing meets a goal of cost, everything goes to the first tier.
  init(_ sequence: FixedSequence) {
    let (sample, order) = (sequence.sample, sequence.order)
    let safest = sequence.tiers(order[0])
    var isQuality: Bool { if case .targetQuality = sample.goal { true } else { false } }
    let found = order.last { gain in
      let tiers = sequence.tiers(gain)
      let isOffer = !isQuality || tiers != safest
      return isOffer && sample.margins(tiers, goal: sample.goal).values.reduce(0, +) >= 0
    }
    let gain = found ?? (isQuality ? 0 : order[0])
    thresholds = sequence.grid.thresholds(gain)
    estimate = PolicyEstimate(sample, thresholds: thresholds)
    bound = sequence.bound(sequence.tiers(gain))
    meetsGoal = found != nil
  }
}
