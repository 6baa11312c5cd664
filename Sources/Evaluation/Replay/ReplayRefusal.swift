import TextKit

/// Why a comparison by labels is not given, or which reason propensities have against it.
package enum ReplayRefusal: Sendable, Equatable {
  /// No request on which the policies differ is known under both of their tiers.
  case noPairs(disagreements: Int)
  /// Some are not known, and those that are do not say by what chance.
  case unknownInclusion(rows: Int)
  /// Too few conversations have such a request.
  case fewConversations(Int)
  /// Their weights are too uneven.
  case fewLabels(effectiveSampleSize: Double)
  /// One conversation decides too much.
  case heavyWeight(share: Double)
  /// Weights 1/inclusion do not add up to the requests on which the policies differ, by more than chance explains.
  case inconsistent(meanWeight: Double)
  /// Too many requests that were drawn got no label.
  case missingLabels(share: Double)
  /// Nothing is known of a tier that one of the policies uses.
  case noPrediction
  /// The candidate's rules, pins or tiers are not those of the log.
  case rules(rows: Double, dollars: Double?)
  /// What an estimate by labels has against it.
  case labels(LabelRefusal)
  /// What propensities have against it.
  case draws(OffPolicyRefusal)

  /// The fewest conversations that an interval may rest on.
  static let leastConversations = 50
  /// The share of missing labels above which nothing is decided.
  static let missingShare = 0.05
  /// The share of requests, or of dollars, without support above which nothing is said.
  package static let unsupportedShare = 0.01

  /// The reason and what to do, as one sentence.
  package var sentence: String {
    switch self {
    case .noPairs(let disagreements):
      "none of the \(NumberFormat.count(disagreements)) requests on which the two differ is rated under both of their tiers; have "
        + "shadow copies of them asked and judged, or draw tiers at random and log the propensity."
    case .unknownInclusion(let rows):
      "\(NumberFormat.count(rows)) rated requests do not say with which probability they were picked, and others are not rated; log "
        + "outcomes' inclusion."
    case .fewConversations(let count):
      "\(NumberFormat.count(count)) conversations have a request on which the two differ and which is rated under both tiers; at least "
        + "\(Self.leastConversations) are needed; let labels be drawn for longer, or for more dollars a day."
    case .fewLabels(let size):
      "the rated requests count for \(NumberFormat.decimal(size, places: 1)) (effective sample size), fewer than "
        + "\(NumberFormat.decimal(OffPolicyRefusal.leastSampleSize, places: 0)); collect more labels."
    case .heavyWeight(let share):
      "one conversation carries \(NumberFormat.percent(share, places: 1)) of the weight, more than "
        + "\(NumberFormat.percent(OffPolicyRefusal.greatestShare)); collect more labels."
    case .inconsistent(let mean):
      "the weights 1 / inclusion add up to \(NumberFormat.decimal(mean, places: 2)) per request on which the two differ instead of 1: some "
        + "of these requests could not be drawn, or inclusions are not those of the draws; leave out with --since what was logged before "
        + "labels were drawn."
    case .missingLabels(let share):
      "\(NumberFormat.percent(share, places: 1)) of the labels that were drawn are missing, more than "
        + "\(NumberFormat.percent(Self.missingShare)); see why the judge or the tiers failed."
    case .noPrediction: "nothing is known of a tier that one of the two uses; log its outcomes too."
    case .rules(let rows, let dollars):
      "the candidate's rules, pins or tiers would treat \(NumberFormat.percent(rows, places: 1)) of the requests"
        + (dollars.map { " (\(NumberFormat.percent($0, places: 1)) of the dollars)" } ?? "")
        + " otherwise than they were logged, more than \(NumberFormat.percent(Self.unsupportedShare)): the log says nothing of that."
    case .labels(let refusal): "\(refusal)."
    case .draws(let refusal): refusal.sentence
    }
  }
}
