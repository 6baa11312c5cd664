/// Why labels give no interval.
package enum LabelRefusal: Sendable, Equatable {
  /// No eligible request.
  case noRequests
  /// Too few conversations have a label for what an interval by conversation assumes.
  case fewConversations(labelled: Int)
  /// Too many requests that were drawn have no label.
  case missing(share: Double)
  /// One label decides too much.
  case heavyWeight(share: Double)

  /// The least number of conversations with a label.
  package static let leastConversations = 50
  /// The greatest share of drawn requests without a label.
  package static let greatestMissingShare = 0.05
  /// The greatest share of the weight that one label may have.
  package static let greatestShare = 0.1

  init?(_ counts: LabelCounts, hasRequests: Bool) {
    if !hasRequests { self = .noRequests; return }
    let missing = counts.drawn > 0 ? Double(counts.missing) / Double(counts.drawn) : 0
    if missing > Self.greatestMissingShare { self = .missing(share: missing); return }
    if counts.labelledConversations < Self.leastConversations {
      self = .fewConversations(labelled: counts.labelledConversations)
      return
    }
    if let share = counts.greatestShare, share > Self.greatestShare { self = .heavyWeight(share: share); return }
    return nil
  }
}

extension LabelRefusal: CustomStringConvertible {
  /// A sentence that says why, and what to do.
  package var description: String {
    switch self {
    case .noRequests: "no eligible request in the log; look at a longer period"
    case .fewConversations(let labelled):
      "\(labelled) conversations with a label where the policies disagree, \(Self.leastConversations) are needed; gather more labels"
    case .missing(let share):
      "\(Self.percent(share)) % of the requests drawn for a label have none, more than \(Self.percent(Self.greatestMissingShare)) %; "
        + "see why asks or ratings fail"
    case .heavyWeight(let share):
      "one label has \(Self.percent(share)) % of the weight, more than \(Self.percent(Self.greatestShare)) %; gather more labels"
    }
  }

  private static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10)" }
}
