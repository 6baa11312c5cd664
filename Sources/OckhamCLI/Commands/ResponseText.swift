import Ockham
import RequestLog
import TextKit
import Workflow

/// What a model's cascade makes of a request and of the answer that its row keeps. For one thread.
struct ResponseText {
  private let router: Router
  private var scratch: ResponseScratch

  /// `nil` for a model without a cascade, and where not all of its tiers are used.
  init?(router: Router, selection: TierSelection) {
    guard router.model.cascade != nil, !selection.isPartial, let scratch = router.model.makeResponseScratch() else {
      return nil
    }
    self.router = router
    self.scratch = scratch
  }

  /// What became of a row.
  struct Weighed {
    /// The tier to ask first.
    var start: Int
    /// The tier whose answer was weighed; `nil` for a row without one that the model has a head for.
    var tier: Int?
    /// P(good | answer), of that tier and of each above.
    var probabilities: [Float] = []
    /// `nil` also where the answer is to be taken as it is.
    var step: Escalation?
    /// What moved the answer, largest first: a feature's name, and what it adds to the logit of the tier above beside the answer's.
    var movedBy: [(name: String, value: Float)] = []
  }

  private static let shownFeatures = 5

  /// - Parameter request: what the request was just scored into.
  mutating func weigh(_ record: LogRecord, after request: Scratch, start: Int) -> Weighed {
    var weighed = Weighed(start: start)
    guard let (tier, outcome) = answer(of: record) else { return weighed }
    if let stored = outcome.storedResponse(fitting: router.model.extractor.options) {
      weighed.step = router.weigh(stored, of: tier, after: request, using: &scratch)
    } else if let response = outcome.response(to: record) {
      weighed.step = router.weigh(response, of: tier, after: request, using: &scratch)
    } else {
      return weighed
    }
    (weighed.tier, weighed.probabilities) = (tier, scratch.probabilities)
    let explanation = weighed.step.flatMap { router.model.explain(scratch, to: $0.candidate) }
    weighed.movedBy = (explanation?.contributions ?? []).prefix(Self.shownFeatures).map { ($0.name, $0.value) }
    return weighed
  }

  /// The answer that the client got, or else the cheapest tier's, of a tier with a response head.
  private func answer(of record: LogRecord) -> (tier: Int, outcome: ModelOutcome)? {
    let known = router.model.responseTiers.compactMap { tier in
      record.outcomes.first {
        $0.name == router.model.tierNames[tier] && ($0.answer != nil || $0.responseFeatures != nil)
      }
      .map { (tier, $0) }
    }
    return known.first { $0.1.name == record.servedName } ?? known.first
  }

  // MARK: Words

  func json(_ weighed: Weighed) -> JSONNode {
    let names = router.model.tierNames
    let probabilities = weighed.tier.map { tier in
      zip(names[tier...], weighed.probabilities).map { ($0, JSONNode.number($1)) }
    }
    let isAccepted = weighed.tier.map { _ in !(weighed.step?.isWorthwhile ?? false) }
    let next = weighed.step.flatMap { $0.isWorthwhile ? names[$0.candidate] : nil }
    return .object([
      ("start", .string(names[weighed.start])), ("answered", weighed.tier.map { .string(names[$0]) } ?? .null),
      ("probability", probabilities.map { .object($0) } ?? .null),
      ("accepted", isAccepted.map { .boolean($0) } ?? .null),
      ("next", next.map { .string($0) } ?? .null), ("gain", weighed.step.map { .number($0.gain) } ?? .null),
      ("threshold", weighed.step.map { .number($0.threshold) } ?? .null),
      (
        "moved_by",
        .array(
          weighed.movedBy.map {
            .object([
              JSONMember(key: "feature", value: .string($0.name)), JSONMember(key: "value", value: .number($0.value)),
            ])
          })
      ),
    ])
  }

  /// `small 0.103 → frontier`, `small 0.970 taken`, or the tier to start at where there is no answer.
  func cell(_ weighed: Weighed, _ shownNames: [String]) -> String {
    guard let tier = weighed.tier, let probability = weighed.probabilities.first else {
      return "start at \(shownNames[weighed.start])"
    }
    let next = weighed.step.flatMap { $0.isWorthwhile ? "→ \(shownNames[$0.candidate])" : nil } ?? "taken"
    return "\(shownNames[tier]) \(NumberFormat.decimal(Double(probability), places: 3)) \(next)"
  }
}
