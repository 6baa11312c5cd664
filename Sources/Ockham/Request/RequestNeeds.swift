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

  /// Reads the needs of a request: text and schemas by ``TokenEstimate``, a fixed count per image.
  ///
  /// - Complexity: O(segments).
  public init(_ request: Request) { self.init(content: request) }

  /// Reads the needs of a request whose texts the caller keeps.
  public init(_ request: BorrowedRequest) { self.init(content: request) }

  /// Reads the needs of a request wherever its texts lie.
  init(content request: some RequestContent) {
    let attributes = request.attributes
    let schemaBytes = Self.bounded(attributes.toolSchemaBytes) + Self.bounded(attributes.responseSchemaBytes)
    let textTokens = TokenEstimate.tokens(bytes: schemaBytes + request.textBytes, messages: request.segmentCount)
    inputTokens = textTokens + Self.bounded(attributes.imageCount) * Self.tokensPerImage
    outputTokens = Self.bounded(attributes.maximumOutputTokens ?? Self.assumedOutputTokens)
    capabilities = []
    if !attributes.toolNames.isEmpty { capabilities.insert(.tools) }
    if attributes.responseFormat != .text { capabilities.insert(.json) }
    if attributes.imageCount > 0 { capabilities.insert(.images) }
  }

  /// A count from 0 to 2⁴⁸: clients state counts as they like, and no sum of them may overflow.
  private static func bounded(_ count: Int) -> Int { min(max(0, count), 1 << 48) }
}

/// What a request may need of a tier beyond text.
public struct Capabilities: OptionSet, Sendable, Hashable {
  /// One bit per capability.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Calling tools.
  public static let tools = Capabilities(rawValue: 1)
  /// Answers that fit a JSON schema or are JSON.
  public static let json = Capabilities(rawValue: 2)
  /// Images in the request.
  public static let images = Capabilities(rawValue: 4)
  /// Everything.
  public static let all: Capabilities = [.tools, .json, .images]
}
