/// Prices by model, in the form of LiteLLM's `model_prices_and_context_window.json`: an object of `model` or
/// `provider/model` to prices in USD per token. A model that is not in it has no price, which is not the price 0.
package struct PriceCatalogue: Sendable, Hashable {
  /// By name of the model, as the file spells it.
  package private(set) var prices: [String: Price]

  package init(prices: [String: Price]) { self.prices = prices }

  /// This catalogue with the entries of another in the place of its own.
  package func overridden(by other: PriceCatalogue) -> PriceCatalogue {
    PriceCatalogue(prices: prices.merging(other.prices) { $1 })
  }
}
