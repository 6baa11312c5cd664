import ChatProtocols
import GatewayCore
package import TextKit

/// The prices of the tiers, cheapest first: what a request is compared with, regardless of who answered it.
package final class ReferencePrices: Sendable {
  /// A tier and the price of its first target; `nil` where the catalogue does not know it.
  package struct Reference: Sendable {
    package var tier: String
    package var price: Price?

    package init(tier: String, price: Price?) { (self.tier, self.price) = (tier, price) }
  }

  package let tiers: [Reference]

  package init(_ tiers: [Reference]) { self.tiers = tiers }
}

extension RequestTrace {
  /// What the answer would have cost in each tier: its price × the tokens of the answer that was given, and what was really paid
  /// where it came from there. Modelled, for another model's answer has other tokens; `nil` where a price or the tokens are not
  /// known.
  var referenceCosts: [(tier: String, costUSD: Double?)] {
    guard kind == .chat, let references, let answer = attempts.last(where: { !$0.isJudge && $0.failure == nil }) else {
      return []
    }
    return references.tiers.map { reference in
      let cost =
        answer.tier == reference.tier
        ? answer.costUSD : answer.usage.flatMap { reference.price?.costUSD(of: $0) }
      return (reference.tier, cost)
    }
  }
}
