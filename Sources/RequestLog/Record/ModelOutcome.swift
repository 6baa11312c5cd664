/// What one model or tier gave for a request. Each part is `nil` where it is unknown: JSON null, or absent.
package struct ModelOutcome: Sendable, Hashable {
  /// The model's or tier's name, as the log spells it.
  package var name: String

  /// How good the answer was, from 0 (wrong) to 1 (right).
  package var quality: Double?

  /// What the answer cost, in US dollars; at least 0.
  package var costUSD: Double?

  /// The tokens of the answer; at least 0.
  package var outputTokens: Int?

  /// The time from request to last byte, in milliseconds; at least 0.
  package var latencyMilliseconds: Double?

  /// The probability with which the request was picked to be rated, above 0 and at most 1. The outcomes of one pair, that
  /// which was served and that which was asked beside it, carry the same.
  package var inclusion: Double?

  /// Why the model was asked.
  package var origin: OutcomeOrigin?

  /// What people made of the answer, beside its quality.
  package var gold: GoldRating?

  /// The answer itself; `nil` also where the reader did not ask for answers: ``LogOptions/keepsAnswers``.
  package var answer: ModelAnswer?

  /// What response heads read of the answer, as bytes of ``Ockham/StoredResponse`` of this version; `nil` as ``answer`` is. Where both
  /// are there it says more: all that was known of the answer when it came.
  package var responseFeatures: [UInt8]?

  /// Creates an outcome; what is left out is unknown.
  package init(
    name: String, quality: Double? = nil, costUSD: Double? = nil, outputTokens: Int? = nil,
    latencyMilliseconds: Double? = nil, inclusion: Double? = nil, origin: OutcomeOrigin? = nil,
    gold: GoldRating? = nil, answer: ModelAnswer? = nil, responseFeatures: [UInt8]? = nil
  ) {
    self.name = name
    self.quality = quality
    self.costUSD = costUSD
    self.outputTokens = outputTokens
    self.latencyMilliseconds = latencyMilliseconds
    self.inclusion = inclusion
    self.origin = origin
    self.gold = gold
    self.answer = answer
    self.responseFeatures = responseFeatures
  }
}
