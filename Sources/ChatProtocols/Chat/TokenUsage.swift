package import TextKit

/// The tokens of one answer. Providers count differently; here a part is always inside its whole.
package struct TokenUsage: Sendable, Hashable {
  /// All tokens of the prompt, those read from or written to a cache among them.
  package var inputTokens: Int

  /// Tokens of the prompt that were read from a cache.
  package var cachedInputTokens: Int

  /// Tokens of the prompt that were written to a cache.
  package var cacheWriteTokens: Int

  /// Of those, tokens that the cache keeps for an hour, which cost more.
  package var longCacheWriteTokens: Int

  /// All tokens of the answer, reasoning among them.
  package var outputTokens: Int

  /// Tokens of the answer that are reasoning.
  package var reasoningTokens: Int

  /// Tokens of the prompt that are sound.
  package var audioInputTokens = 0

  /// Tokens of the answer that are sound.
  package var audioOutputTokens = 0

  /// How the provider served it; `nil` as usual.
  package var serviceTier: ServiceTier?

  /// Whether a count could not be true, and stands here as an estimate.
  package var isFlagged = false

  package init(
    inputTokens: Int, outputTokens: Int, cachedInputTokens: Int = 0, cacheWriteTokens: Int = 0,
    reasoningTokens: Int = 0,
    longCacheWriteTokens: Int = 0
  ) {
    self.inputTokens = inputTokens
    self.longCacheWriteTokens = longCacheWriteTokens
    self.outputTokens = outputTokens
    self.cachedInputTokens = cachedInputTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.reasoningTokens = reasoningTokens
  }

  /// The sum of two answers: what a cascade or an ensemble used in all.
  package static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
    var sum = TokenUsage(
      inputTokens: left.inputTokens + right.inputTokens, outputTokens: left.outputTokens + right.outputTokens,
      cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
      cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
      reasoningTokens: left.reasoningTokens + right.reasoningTokens,
      longCacheWriteTokens: left.longCacheWriteTokens + right.longCacheWriteTokens)
    sum.audioInputTokens = left.audioInputTokens + right.audioInputTokens
    sum.audioOutputTokens = left.audioOutputTokens + right.audioOutputTokens
    sum.serviceTier = left.serviceTier == right.serviceTier ? left.serviceTier : nil
    sum.isFlagged = left.isFlagged || right.isFlagged
    return sum
  }
}
