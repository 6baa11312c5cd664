import Evaluation
import Ockham
import RequestLog
import TextKit

/// Makes of stored requests what drift is detected from: their features, as far as telemetry keeps them, and what the model makes of these.
struct WatchedScorer {
  private let model: Model
  private let tiers: [String]

  init(_ model: Model) { (self.model, tiers) = (model, model.tierNames) }

  func table(_ requests: [WatchedRequest]) -> DriftTable {
    var table = DriftTable(
      columns: DriftColumn.all(tiers: tiers.count, hasTasks: model.hasTaskHead), tiers: tiers.count)
    var scratch = model.makeScratch()
    let parser = RequestParser()
    for request in requests { table.add(facts(of: request, parser, &scratch)) }
    return table
  }

  /// The ratings of requests that an audit drew, beside what the model predicted; those of which too little is kept are left out.
  func labels(_ requests: [WatchedRequest], day: Int) -> [WatchedLabel] {
    var scratch = model.makeScratch()
    let parser = RequestParser()
    return requests.flatMap { request -> [WatchedLabel] in
      guard !request.labels.isEmpty, score(request, parser, &scratch) else { return [] }
      return tiers.indices.compactMap { tier in
        request.labels[tiers[tier]].map {
          WatchedLabel(
            request: request.id, tier: tier, quality: $0, probability: Double(scratch.probabilities[tier]), day: day)
        }
      }
    }
  }

  private func facts(of request: WatchedRequest, _ parser: RequestParser?, _ scratch: inout Scratch) -> DriftFacts {
    var facts = DriftFacts(
      conversation: ContentHash(request.conversation ?? request.id).value, time: request.time)
    facts.hasFailed = request.status >= 500
    if score(request, parser, &scratch) {
      facts.dense = scratch.features.dense
      (facts.logits, facts.probabilities) = (scratch.logits, scratch.probabilities)
      facts.task = scratch.task.map { Int($0.rawValue) }
      facts.tier = model.thresholds.choose(facts.probabilities.span, thresholdScales: scratch.thresholdScales.span).tier
    }
    if let served = request.answeredTier.flatMap(tiers.firstIndex(of:)) {
      facts.answers = tiers.indices.map { tier in
        tier == served
          ? .init(costUSD: request.costUSD, latencyMilliseconds: request.latencyMilliseconds) : nil
      }
    }
    facts.labels = tiers.map { request.labels[$0] }
    return facts
  }

  /// Whether enough of the request is kept to be scored.
  private func score(_ request: WatchedRequest, _ parser: RequestParser?, _ scratch: inout Scratch) -> Bool {
    if let bytes = request.features, let features = try? StoredFeatures(bytes: bytes),
      features.fit(model.extractor.options)
    {
      model.score(features, into: &scratch)
      return true
    }
    guard let text = request.request, let read = try? parser?.request(fromJSON: Array(text.utf8)) else { return false }
    model.score(read, into: &scratch)
    return true
  }
}
