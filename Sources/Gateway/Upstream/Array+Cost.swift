import ChatProtocols
import GatewayCore
import TextKit

extension Array where Element == Attempt {
  /// Of all attempts together; `nil` where no attempt told.
  var usage: TokenUsage? {
    let known = compactMap(\.usage)
    return known.isEmpty ? nil : known.dropFirst().reduce(known[0], +)
  }

  /// Of all attempts together; `nil` where one that answered has no known cost.
  var costUSD: Double? {
    var total = 0.0
    var isKnown = false
    for attempt in self where attempt.usage != nil || attempt.failure == nil {
      guard let cost = attempt.costUSD else { return nil }
      total += cost
      isKnown = true
    }
    return isKnown ? Price.rounded(total) : nil
  }

  /// What a budget is charged with: what is known of each attempt, or what it is taken to have used. An attempt that was
  /// never sent, or that the provider answered with an error, costs nothing. Attempts without a price are no money beside
  /// others with one.
  var settlement: Settlement {
    let charged = filter { $0.usage != nil || $0.assumedUsage != nil }
    guard !charged.isEmpty else { return .nothing }
    let costs = charged.compactMap { $0.usage == nil ? $0.assumedCostUSD : $0.costUSD }
    let tokens = charged.compactMap { $0.usage ?? $0.assumedUsage }.map { $0.inputTokens + $0.outputTokens }
    return Settlement(
      costUSD: costs.isEmpty ? nil : Price.rounded(costs.reduce(0, +)), tokens: tokens.reduce(0, +))
  }
}
