package import Ockham
import Synchronization

/// What a model makes of one request.
struct Scores: Sendable, Hashable {
  /// P(good) per tier that is served.
  var probabilities: [Float]
  /// See ``Scratch/thresholdScales``; empty for a model that predicts no costs.
  var thresholdScales: [Float]
  /// Per tier, in USD; empty as above.
  var expectedCostUSD: [Double]
  var task: TaskKind?
  /// How far each probability may be lower and higher, per tier that is served; empty for a request that is familiar.
  var below: [Float] = []
  var above: [Float] = []
}

/// Scores requests on any number of threads, and remembers the scores of requests that come again.
///
/// The scores are what is remembered, not the decision: they depend on the request and the model alone, and what
/// policies, rules and limits make of them takes less than a microsecond. No lock is held while a request is scored.
package final class RequestScorer: Sendable {
  /// A request with more text than this is scored anew: to hash it would take longer than to score it.
  static let maximumHashedBytes = 256 << 10

  private let scorer: Scorer
  /// The tiers that scores are of.
  let tiers: TierSelection
  private let remembers: Bool
  private let remembered: Mutex<BoundedCache<Question, Scores>>

  /// What scores are remembered for: a request, and the client's key that asked it.
  private struct Question: Hashable {
    let content: UInt64
    let key: String?
  }

  /// - Parameters:
  ///   - tiers: the tiers of the model that are served.
  ///   - cacheEntries: scores to remember; 0 for none.
  package init(model: Model, tiers: TierSelection, cacheEntries: Int) {
    (scorer, self.tiers) = (Scorer(model), tiers)
    remembers = cacheEntries > 0
    remembered = Mutex(BoundedCache(capacity: cacheEntries))
  }

  package var model: Model { scorer.model }

  /// What an answer costs on average, by tier that is served, in USD; empty where the model does not say.
  var meanCosts: [Double] { tiers.of(model.tierCosts) }

  /// The model's thresholds between the tiers that are served.
  var thresholds: Thresholds { tiers.thresholds(model.thresholds) }

  /// The scores of a request, and whether they were remembered.
  ///
  /// - Parameter key: the name of the client's key. What one key asked is not remembered for another: whether scores were remembered is
  ///   said and can be timed, and would tell each client what the others ask.
  func scores(of request: Request, for key: String?) -> (scores: Scores, isFromCache: Bool) {
    guard remembers, request.textBytes <= Self.maximumHashedBytes else { return (score(request), false) }
    let question = Question(content: request.contentHash, key: key)
    if let known = remembered.withLock({ $0.value(for: question) }) { return (known, true) }
    let scores = score(request)
    remembered.withLock { $0.set(scores, for: question) }
    return (scores, false)
  }

  /// What is predicted given responses of a tier, and how the request's steps are scaled.
  ///
  /// - Returns: P(good) by response, of the tier and of each above it in the model; none for a tier without a response head.
  func scores(
    of responses: [Response], by tier: Int, to request: Request
  ) -> (responses: [[Float]], thresholdScales: [Float]) {
    scorer.withScratches { scratch, own in
      guard own != nil else { return ([], []) }
      model.score(request, into: &scratch)
      var probabilities: [[Float]] = []
      // In place: an optional that is bound would be copied.
      for response in responses where model.score(response, of: tier, after: scratch, into: &own!) {
        probabilities.append(own!.probabilities)
      }
      return (probabilities, scratch.thresholdScales)
    }
  }

  private func score(_ request: Request) -> Scores {
    scorer.score(request) { scratch in
      var scores = Scores(
        probabilities: tiers.of(scratch.probabilities), thresholdScales: tiers.thresholdScales(scratch.thresholdScales),
        expectedCostUSD: tiers.of(scratch.expectedCostUSD), task: scratch.task)
      if scratch.isUnfamiliar { (scores.below, scores.above) = (tiers.of(scratch.below), tiers.of(scratch.above)) }
      return scores
    }
  }
}
