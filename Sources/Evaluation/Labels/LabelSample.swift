/// A request on which two policies disagree, and what a label says of it.
package struct LabelledPair: Sendable, Equatable {
  /// The conversation, as an index into ``LabelSample/requests``.
  package var conversation: Int
  /// ι: the probability with which the tiers of both policies are rated, above 0 and at most 1.
  package var inclusion: Double
  /// Whether it was drawn to be rated.
  package var isDrawn: Bool
  /// D, the candidate's quality less the incumbent's, −1…1; `nil` where it was not drawn, or was and has no label.
  package var difference: Double?
  /// m, what the difference was predicted to be without this conversation's labels, −1…1; 0 where nothing is predicted.
  package var prediction: Double
  /// The difference by ratings of people, where it was drawn for these among the rated; `nil` else.
  package var gold: Double?
  /// The probability of that draw, above 0 and at most 1.
  package var goldInclusion: Double
  /// How much the request counts in every mean.
  package var weight: Double
  /// ``LabelDesign/weight(rate:inclusion:)``, which sequences need; `nil` where the log does not know the rates.
  package var labelWeight: Double?

  /// Creates a pair; the defaults are those of a request without a label, about which nothing is predicted.
  package init(
    conversation: Int, inclusion: Double, isDrawn: Bool = false, difference: Double? = nil, prediction: Double = 0,
    gold: Double? = nil, goldInclusion: Double = 1, weight: Double = 1, labelWeight: Double? = nil
  ) {
    self.conversation = conversation
    self.inclusion = inclusion
    self.isDrawn = isDrawn
    self.difference = difference
    self.prediction = prediction
    self.gold = gold
    self.goldInclusion = goldInclusion
    self.weight = weight
    self.labelWeight = labelWeight
  }

  /// Whether it was drawn and has no label.
  package var isMissing: Bool { isDrawn && difference == nil }
}

/// The eligible requests of a period as far as labels speak about two policies: all disagreements, and how many requests there were.
///
/// Invariants, checked on creation: pairs name a conversation, inclusions are above 0 and at most 1, differences and predictions in
/// −1…1, weights finite and above 0, and only what was drawn has a difference.
package struct LabelSample: Sendable, Equatable {
  /// The disagreements, in the order of the requests.
  package let pairs: [LabelledPair]
  /// The eligible requests of each conversation by weight, those on which the policies agree among them.
  package let requests: [Double]

  /// - Precondition: the invariants above hold.
  package init(pairs: [LabelledPair], requests: [Double]) {
    for pair in pairs {
      precondition(requests.indices.contains(pair.conversation), "a pair belongs to a conversation")
      precondition(pair.inclusion > 0 && pair.inclusion <= 1, "an inclusion probability is above 0, at most 1")
      precondition(pair.goldInclusion > 0 && pair.goldInclusion <= 1, "a probability of gold is above 0, at most 1")
      precondition(pair.weight > 0 && pair.weight.isFinite, "a weight is finite and above 0")
      precondition(pair.isDrawn || pair.difference == nil, "only what was drawn is rated")
      for number in [pair.difference ?? 0, pair.prediction, pair.gold ?? 0] {
        precondition((-1...1).contains(number), "a difference of qualities is in -1…1")
      }
    }
    self.pairs = pairs
    self.requests = requests
  }

  /// The share of requests, by weight, on which the policies disagree; 0 without requests.
  package var disagreement: Double {
    let total = requests.reduce(0, +)
    return total > 0 ? pairs.reduce(0) { $0 + $1.weight } / total : 0
  }
}
