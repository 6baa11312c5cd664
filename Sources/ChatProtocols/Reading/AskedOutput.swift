package import TextKit

/// How much of an answer a request asks for.
package struct AskedOutput: Sendable, Hashable {
  /// Answers: `n`, or `best_of` where that is more; from 1 to ``maximumAnswers``.
  package let answers: Int

  /// The most tokens of each; `nil` where the request names no limit.
  package let limit: Int?

  /// Tokens of thinking that it asks for: a budget, or what an effort stands for. 0 for none; `nil` where it says nothing.
  package let thinkingTokens: Int?

  /// The service tier that it names; `nil` for the usual, and where the provider chooses.
  package let serviceTier: ServiceTier?

  /// Whether the answer may be sound.
  package let mayBeAudio: Bool

  /// More than any server writes at once.
  package static let maximumAnswers = 1 << 16

  /// What efforts are taken to stand for, in tokens; another word for ``otherEffort``.
  private static let efforts = [
    "none": 0, "minimal": 0, "low": 1 << 10, "medium": 1 << 12, "xhigh": 1 << 15, "max": 1 << 15,
  ]
  private static let otherEffort = 1 << 14

  /// Thinking whose extent is the model's own choice.
  package static let usualThinking = 1 << 12

  private static let maximumTokens = 1 << 40
}

extension AskedOutput {
  /// Reads what a request says, the largest where it says one thing in several ways: servers differ in which they obey.
  package init(_ request: ChatRequest) {
    let chat = request.chat
    func count(_ name: String) -> Int { chat[name]?.integer ?? 0 }
    answers = min(max(1, count("n"), count("best_of")), Self.maximumAnswers)
    let limits = [
      request.request.attributes.maximumOutputTokens ?? 0, count("max_tokens"), count("max_completion_tokens"),
    ]
    let limit = limits.max() ?? 0
    self.limit = limit > 0 ? min(limit, Self.maximumTokens) : nil
    thinkingTokens = Self.thinking(in: request)
    serviceTier = chat["service_tier"]?.string.flatMap { ServiceTier(rawValue: $0) }
    mayBeAudio = chat["modalities"]?.elements?.contains { $0.string == "audio" } == true
  }

  private static func thinking(in request: ChatRequest) -> Int? {
    let effort = request.chat["reasoning_effort"]?.string.map { efforts[$0] ?? otherEffort }
    guard let thinking = request.root["thinking"] ?? request.chat["thinking"] else { return effort }
    if thinking["type"]?.string == "disabled" { return effort ?? 0 }
    let budget = thinking["budget_tokens"]?.integer.map { min(max(0, $0), maximumTokens) }
    return max(budget ?? otherEffort, effort ?? 0)
  }
}
