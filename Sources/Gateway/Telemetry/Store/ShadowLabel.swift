/// What was learnt of a request off its client's path: what other tiers made of it, and how good that and the answer that the
/// client got was found to be.
///
/// It is written once the request is over and follows it into the store: see ``TelemetryRecorder/label(_:)``. A second label of
/// a request says everything anew.
package struct ShadowLabel: Sendable, Hashable {
  /// Why a tier was asked.
  package enum Origin: String, Sendable, Hashable, CaseIterable {
    /// Two policies disagree on the request.
    case shadow
    /// Drawn with one probability for all requests.
    case audit
  }

  /// What one other tier gave.
  package struct Outcome: Sendable, Hashable {
    /// The tier, as outcomes of served requests spell it.
    package var name: String

    /// From 0 to 1; `nil` where the draw came to no rating.
    package var quality: Double?

    /// Of the tier's answer; `nil` where unknown, and where nothing was asked.
    package var costUSD: Double?
    package var outputTokens: Int?
    package var latencyMilliseconds: Double?
    package var origin: Origin

    /// The probability with which the request was drawn to be rated under this tier, above 0 and at most 1.
    package var inclusion: Double

    /// What the judge took; `nil` where none was asked, or where its price is unknown.
    package var judgeUSD: Double?

    /// The answer's text; kept only where prompts are.
    package var answer: String?

    package init(
      name: String, quality: Double? = nil, costUSD: Double? = nil, outputTokens: Int? = nil,
      latencyMilliseconds: Double? = nil, origin: Origin, inclusion: Double, judgeUSD: Double? = nil,
      answer: String? = nil
    ) {
      self.name = name
      self.quality = quality
      self.costUSD = costUSD
      self.outputTokens = outputTokens
      self.latencyMilliseconds = latencyMilliseconds
      self.origin = origin
      self.inclusion = inclusion
      self.judgeUSD = judgeUSD
      self.answer = answer
    }
  }

  package var requestID: String

  /// What else was drawn; each tier once, and not the one that served.
  package var outcomes: [Outcome]

  /// Of the answer that the client got; `nil` where the draw came to no rating of it.
  package var servedQuality: Double?

  /// The greatest of the outcomes' inclusions, above 0 and at most 1.
  package var servedInclusion: Double

  /// The rate r of labels on disagreements and the audit share a that were in force when the request was drawn, each from 0
  /// to 1.
  package var labelRate: Double
  package var auditRate: Double

  /// Why a rating is missing, in a word: `judge`, `capacity`, `refused`; `nil` where none is.
  package var missing: String?

  package init(
    requestID: String, outcomes: [Outcome], servedQuality: Double?, servedInclusion: Double, labelRate: Double,
    auditRate: Double, missing: String? = nil
  ) {
    self.requestID = requestID
    self.outcomes = outcomes
    self.servedQuality = servedQuality
    self.servedInclusion = servedInclusion
    self.labelRate = labelRate
    self.auditRate = auditRate
    self.missing = missing
  }

  /// Whether the rating is in progress; for good where the process ended meanwhile.
  var isPending: Bool { missing == "pending" }

  /// Whether readers of a log accept it: names are there, numbers in their ranges.
  var isValid: Bool {
    let share = 0.0...1.0
    return ([servedQuality] + outcomes.map(\.quality)).allSatisfy { $0.map(share.contains) ?? true }
      && ([servedInclusion] + outcomes.map(\.inclusion)).allSatisfy { $0 > 0 && $0 <= 1 }
      && share.contains(labelRate) && share.contains(auditRate)
      && outcomes.flatMap { [$0.costUSD, $0.latencyMilliseconds, $0.judgeUSD] }
        .allSatisfy { $0.map { $0 >= 0 && $0.isFinite } ?? true }
      && outcomes.allSatisfy { $0.outputTokens ?? 0 >= 0 && !$0.name.isEmpty && !$0.name.utf8.contains(0) }
      && Set(outcomes.map(\.name)).count == outcomes.count
  }

  /// Bytes of answers: what it weighs while it waits.
  var textBytes: Int { outcomes.reduce(0) { $0 + ($1.answer?.utf8.count ?? 0) } }

  /// The label as it may be kept without the request's text.
  var withoutTexts: ShadowLabel {
    var label = self
    for index in label.outcomes.indices { label.outcomes[index].answer = nil }
    return label
  }
}
