import Ockham

/// What tokens cost, by tier and by model: gives answers a cost where their log contains none.
///
/// A cost that a log contains was paid, and stays as it is, unless the list says what it would be today.
package struct PriceList: Sendable, Hashable {
  /// By the name of a tier; these come first.
  package var tiers: [String: TokenPrice]
  /// By the name of a model, as a price file spells it: `model` or `provider/model`.
  package var models: [String: TokenPrice]

  /// The length of answers that their log does not contain, as somebody states it; `nil` leaves their costs unknown.
  package var assumedOutputTokens: Int?

  /// Whether these prices count in place of the costs that a log contains; an answer without a price then has no cost.
  package var replacesRecorded = false

  package init(
    tiers: [String: TokenPrice] = [:], models: [String: TokenPrice] = [:], assumedOutputTokens: Int? = nil
  ) {
    self.tiers = tiers
    self.models = models
    self.assumedOutputTokens = assumedOutputTokens
  }

  /// The price of a model: that of its own name, else that of the name behind its provider's. `nil` is unknown, which is
  /// not the price 0.
  package func price(ofModel name: String) -> TokenPrice? {
    models[name] ?? name.firstIndex(of: "/").flatMap { models[String(name[name.index(after: $0)...])] }
  }
}

extension PriceList {
  /// The tokens of an answer: as counted, else estimated from its text, else as assumed; `nil` where nothing shows.
  package func outputTokens(of outcome: ModelOutcome) -> Int? {
    outcome.outputTokens ?? outcome.answer.map { TokenEstimate.tokens(bytes: $0.text.utf8.count) }
      ?? assumedOutputTokens
  }
}
