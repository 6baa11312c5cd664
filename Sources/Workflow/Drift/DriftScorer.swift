import Evaluation
import Ockham
import OckhamTraining
import RequestLog
import TextKit

/// Makes of a log's records what drift is detected from.
struct DriftScorer {
  private let model: Model
  private let outOfFold: OutOfFoldScores?
  private let places: [UInt64: Int]
  private let tierMap: TierMap
  private let prices: PriceList?

  var tiers: Int { model.tierNames.count }

  init(_ folder: ModelFolder, tiers: TierMap?, prices: PriceList?) throws {
    model = folder.model
    outOfFold = try folder.outOfFoldScores()
    places = outOfFold?.placeOfHash ?? [:]
    tierMap = try folder.tierMap(tiers, for: TierSelection(allOf: folder.model))
    self.prices = prices
    try prices?.check(tierMap)
  }

  func facts(of record: LogRecord, using scratch: inout Scratch) -> DriftFacts {
    if let features = record.features {
      model.score(features, into: &scratch)
    } else {
      model.score(record.request, into: &scratch)
    }
    var facts = DriftFacts(
      conversation: ContentHash(record.conversation ?? record.id).value,
      time: record.timestamp.flatMap(CivilTime.seconds(ofTimestamp:)))
    facts.dense = scratch.features.dense
    (facts.logits, facts.probabilities) = (scratch.logits, scratch.probabilities)
    facts.task = scratch.task.map { Int($0.rawValue) }
    // Of a row that the model was trained on it would show what it remembers.
    if let outOfFold, let place = places[record.contentHash] {
      let row = place * tiers..<(place + 1) * tiers
      (facts.logits, facts.probabilities) = (Array(outOfFold.logits[row]), Array(outOfFold.probabilities[row]))
    }
    facts.tier = model.thresholds.choose(facts.probabilities.span, thresholdScales: scratch.thresholdScales.span).tier
    let outcomes = tierMap.outcomes(of: record, prices: prices)
    facts.hasFailed = record.failed
    facts.answers = answers(record, outcomes)
    facts.labels = labels(record, outcomes)
    return facts
  }

  /// Of the tier that served; of all where no one says which one did.
  private func answers(_ record: LogRecord, _ outcomes: TierOutcomes) -> [DriftFacts.Answer?] {
    let draw = tierMap.draw(of: record, outcomes, recordedCost: prices?.replacesRecorded != true)
    return (0..<tiers).map { tier in
      if let draw {
        guard draw.tier == tier else { return nil }
        return .init(costUSD: draw.costUSD, latencyMilliseconds: draw.latencyMilliseconds)
      }
      guard outcomes.costUSD[tier] != nil || outcomes.latencyMilliseconds[tier] != nil else { return nil }
      return .init(costUSD: outcomes.costUSD[tier], latencyMilliseconds: outcomes.latencyMilliseconds[tier])
    }
  }

  /// Qualities that were drawn with one probability for all requests: those of audits, and those of logs in which everything is rated.
  private func labels(_ record: LogRecord, _ outcomes: TierOutcomes) -> [Double?] {
    let isAudit = record.outcomes.contains { $0.origin == .audit }
    return (0..<tiers).map { tier in
      let own = record.outcomes.filter { tierMap.index(of: $0.name) == tier && $0.quality != nil }
      let isUniform = isAudit || own.allSatisfy { ($0.inclusion ?? 1) == 1 && $0.origin != .shadow }
      guard !own.isEmpty, isUniform, !own.contains(where: { $0.origin == .feedback }) else { return nil }
      return outcomes.quality[tier]
    }
  }
}
