/// How probabilities become a tier: thresholds, and constraints that no gain outweighs.
public struct Policy: Sendable, Hashable {
  /// The least gain worth paying for per step up.
  public var thresholds: Thresholds

  /// What each tier can do and costs; as many as the model has tiers.
  public var tiers: [TierLimits]

  /// The least P(good) to settle for, from 0 to 1: a request whose chosen tier falls short is moved to the cheapest
  /// allowed tier that reaches it, or to the likeliest one where none does.
  public var minimumQuality: Float?

  /// The most that one request may cost, in USD.
  public var maximumCostUSD: Double?

  /// The longest acceptable typical latency, in milliseconds.
  public var maximumLatencyMilliseconds: Double?

  /// Tiers that a kind of task is pinned to (bit `t` for tier `t`).
  public var taskPins: [TaskKind: UInt64]

  /// Creates a policy without constraints.
  public init(thresholds: Thresholds) {
    self.thresholds = thresholds
    tiers = [TierLimits](repeating: TierLimits(), count: thresholds.tierCount)
    minimumQuality = nil
    maximumCostUSD = nil
    maximumLatencyMilliseconds = nil
    taskPins = [:]
  }
}

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
