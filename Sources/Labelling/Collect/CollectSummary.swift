/// The result of asking for answers.
package struct CollectSummary: Sendable {
  /// What is known of one tier that was asked.
  package struct Tier: Sendable, Hashable {
    package var name: String
    /// Answers, those of the journal included.
    package var answers = 0
    /// Answers that an earlier run had paid for.
    package var journalled = 0
    /// Answers that call tools.
    package var toolCalls = 0
    /// Answers that ended at a limit that the request did not set.
    package var cut = 0
    /// Requests that the endpoint refused for good, such as too long ones.
    package var refused = 0
    /// Requests failed after several attempts.
    package var failed = 0
    /// Requests that were not made, as the cap was reached.
    package var overCap = 0
    /// Σ cost of the answers whose cost is known, in US dollars.
    package var costUSD = 0.0
    /// Σ tokens of the answers where they are counted.
    package var outputTokens = 0

    /// Drawn requests without an answer.
    package var missing: Int { refused + failed + overCap }
  }

  /// Lines read and written.
  package var lines = 0
  /// Records that were picked.
  package var drawn = 0
  /// The tiers, in the order they were named.
  package var tiers: [Tier]
  /// Outcomes with neither answer nor quality that were replaced.
  package var replaced = 0
  /// Tools that were left out as the provider would have run them.
  package var strippedTools = 0

  init(_ targets: [CollectTarget]) { tiers = targets.map { Tier(name: $0.tier) } }

  /// Whether the cap ended asking.
  package var isCapped: Bool { tiers.contains { $0.overCap > 0 } }
}
