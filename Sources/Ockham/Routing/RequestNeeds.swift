/// What a request needs of the tier that answers it: read once, before any tier is looked at.
public struct RequestNeeds: Sendable, Hashable {
  /// The capabilities that the request uses.
  public var capabilities: Capabilities

  /// An estimate of the prompt's tokens.
  public var inputTokens: Int

  /// The most tokens that the answer may have, or ``assumedOutputTokens`` where the client does not say.
  public var outputTokens: Int

  /// What an answer is taken to need when the request names no limit.
  public static let assumedOutputTokens = 512

  /// What an image is taken to need.
  public static let tokensPerImage = 800

  /// Reads the needs of a request: one token per four bytes of text and schema (a little high for English prose, about
  /// right for code and for scripts of three bytes a character), a fixed count per image.
  ///
  /// - Complexity: O(segments).
  public init(_ request: Request) { self.init(content: request) }

  /// Reads the needs of a request wherever its texts lie.
  init(content request: some RequestContent) {
    let attributes = request.attributes
    var bytes = Self.bounded(attributes.toolSchemaBytes) + Self.bounded(attributes.responseSchemaBytes)
    bytes += request.textBytes + request.segmentCount * 16
    inputTokens = bytes / 4 + Self.bounded(attributes.imageCount) * Self.tokensPerImage
    outputTokens = Self.bounded(attributes.maximumOutputTokens ?? Self.assumedOutputTokens)
    capabilities = []
    if !attributes.toolNames.isEmpty { capabilities.insert(.tools) }
    if attributes.responseFormat != .text { capabilities.insert(.json) }
    if attributes.imageCount > 0 { capabilities.insert(.images) }
  }

  /// A count from 0 to 2⁴⁸: clients state counts as they like, and no sum of them may overflow.
  private static func bounded(_ count: Int) -> Int { min(max(0, count), 1 << 48) }

  /// What the request would cost in a tier, in USD; `nil` where a price is unknown.
  public func costUSD(in tier: TierLimits) -> Double? {
    guard let input = tier.inputUSDPerMillionTokens, let output = tier.outputUSDPerMillionTokens else { return nil }
    return (Double(inputTokens) * input + Double(outputTokens) * output) / 1_000_000
  }
}
