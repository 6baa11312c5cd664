package import ChatProtocols

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

  /// The price of a target; `nil` where none is known.
  ///
  /// A target that names its entry has that or none. The others are looked up as `provider/model`, by the provider's name
  /// and by its kind, and then as `model`.
  package func price(of target: TargetConfiguration, kind: ProviderKind?) -> Price? {
    if let name = target.priceName { return prices[name] }
    if let price = prices["\(target.provider)/\(target.model)"] { return price }
    if let kind, let price = prices["\(kind.rawValue)/\(target.model)"] { return price }
    // Whoever serves a model himself does not pay the list price of its namesake.
    return kind?.isInProcess == true ? nil : prices[target.model]
  }
}
