package import ChatProtocols
package import TextKit

extension Price {
  /// What an answer cost; `nil` where a price is unknown that it needs.
  ///
  /// The same figure whether the answer was streamed or not: it depends on the tokens alone.
  package func costUSD(of usage: TokenUsage) -> Double? {
    if !steps.isEmpty { return forPrompt(tokens: usage.inputTokens).costUSD(of: usage) }
    let price = served(usage.serviceTier)
    let (input, output) = (price.input, price.output)
    let plainInput = max(
      0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens - usage.audioInputTokens)
    let plainOutput = max(0, usage.outputTokens - usage.reasoningTokens - usage.audioOutputTokens)
    let parts: [(Int, Double?)] = [
      (plainInput, input), (usage.cachedInputTokens, price.cachedInput), (usage.audioInputTokens, audioInput ?? input),
      (usage.cacheWriteTokens - usage.longCacheWriteTokens, price.cacheWrite),
      (usage.longCacheWriteTokens, longCacheWrite ?? input.map { 2 * $0 }),
      (plainOutput, output), (usage.audioOutputTokens, audioOutput ?? output),
      (usage.reasoningTokens, reasoning ?? output),
    ]
    var cost = 0.0
    for (tokens, price) in parts where tokens > 0 {
      guard let price else { return nil }
      cost += Double(tokens) * price
    }
    return Self.rounded(cost)
  }
}
