/// What one tier can do, as far as it is known. Unknown limits exclude nothing.
public struct TierLimits: Sendable, Hashable {
  /// The most tokens of prompt and answer together.
  public var contextTokens: Int?

  /// What requests may ask of the tier.
  public var capabilities: Capabilities

  /// The price of a million prompt tokens, in USD.
  public var inputUSDPerMillionTokens: Double?

  /// The price of a million answer tokens, in USD.
  public var outputUSDPerMillionTokens: Double?

  /// The typical time to an answer, in milliseconds.
  public var latencyMilliseconds: Double?

  /// Creates limits that exclude nothing.
  public init() { capabilities = .all }
}

extension RequestNeeds {
  /// What the request would cost in a tier, in USD; `nil` where a price is unknown.
  public func costUSD(in tier: TierLimits) -> Double? {
    guard let input = tier.inputUSDPerMillionTokens, let output = tier.outputUSDPerMillionTokens else { return nil }
    return (Double(inputTokens) * input + Double(outputTokens) * output) / 1_000_000
  }
}
