package import TextKit

extension PriceCatalogue {
  /// What the demo's targets are said to cost: made up, each tier several times the one below.
  package static func demo(tierNames: [String]) -> PriceCatalogue {
    var prices: [String: Price] = [:]
    for (tier, name) in tierNames.enumerated() {
      let rank = tierNames.count > 1 ? Double(tier) / Double(tierNames.count - 1) : 0
      let input = 0.1e-6 * (1 + 29 * rank * rank)
      var price = Price(input: input, output: 4 * input)
      (price.cachedInput, price.cacheWrite) = (input / 4, input)
      prices["mock/mock-\(name)"] = price
    }
    return PriceCatalogue(prices: prices)
  }
}
