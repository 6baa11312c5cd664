/// What a model's tokens cost, in USD per token. A part that is `nil` is unknown, never free.
package struct Price: Sendable, Hashable {
  package var input: Double?
  package var output: Double?

  /// Of tokens read from a cache; `nil` where the catalogue gives none: then unknown as soon as there are such tokens.
  package var cachedInput: Double?

  /// Of tokens written to a cache; `nil` as above.
  package var cacheWrite: Double?

  /// Of tokens written to a cache for an hour; `nil` prices them as twice the input, as Anthropic does.
  package var longCacheWrite: Double?

  /// Of reasoning tokens; `nil` prices them as output, as all providers do that set no other price.
  package var reasoning: Double?

  /// Of the prompt's tokens that are sound; `nil` prices them as other input.
  package var audioInput: Double?

  /// Of the answer's tokens that are sound; `nil` prices them as other output.
  package var audioOutput: Double?

  /// Other prices of service tiers. A tier that is not here costs as usual.
  package var serviceTiers: [ServiceTier: PriceChange] = [:]

  /// Other prices for long prompts, by rising ``PriceStep/aboveTokens``.
  package var steps: [PriceStep] = []

  /// Prompt and answer together, or the prompt's and the answer's own limit.
  package var contextTokens: Int?
  package var maximumOutputTokens: Int?

  /// What the catalogue says of the model beside prices.
  package var support = ModelSupport()

  package init(input: Double?, output: Double?) {
    self.input = input
    self.output = output
  }

  /// The prices for a prompt of so many tokens: those of the last step that it is longer than. What the step does not
  /// say stays as it is.
  package func forPrompt(tokens: Int) -> Price {
    var price = self
    price.steps = []
    guard let step = steps.last(where: { tokens > $0.aboveTokens }) else { return price }
    price.apply(step.change)
    return price
  }

  /// The prices of a service tier. What the tier does not say stays as it is.
  package func served(_ tier: ServiceTier?) -> Price {
    guard let tier, let change = serviceTiers[tier] else { return self }
    var price = self
    price.apply(change)
    return price
  }

  private mutating func apply(_ change: PriceChange) {
    input = change.input ?? input
    output = change.output ?? output
    cachedInput = change.cachedInput ?? cachedInput
    cacheWrite = change.cacheWrite ?? cacheWrite
  }

  /// An amount to a millionth of a millionth of a dollar: far below any price, and free of the digits that binary
  /// fractions leave behind.
  package static func rounded(_ amountUSD: Double) -> Double { (amountUSD * 1e12).rounded() / 1e12 }
}

/// Prices in place of the usual ones. A part that is `nil` costs as usual.
package struct PriceChange: Sendable, Hashable {
  package var input: Double?
  package var output: Double?
  package var cachedInput: Double?
  package var cacheWrite: Double?

  package init() {}
}

/// The prices of prompts that are longer than a number of tokens; they hold for all tokens of prompt and answer.
package struct PriceStep: Sendable, Hashable {
  package var aboveTokens: Int
  package var change = PriceChange()

  package init(aboveTokens: Int) { self.aboveTokens = aboveTokens }
}
