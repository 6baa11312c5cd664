/// How the gateway watches whether its own traffic is what it was. See <doc:Drift>.
package struct DriftConfiguration: Sendable, Hashable {
  /// How many days pass on average until a false alarm of any test.
  package var daysToFalseAlarm = 365.0
  /// What quality may fall below what was predicted, where the model's own calibration error is not known.
  package var tolerance = 0.02
  /// How often the store is looked at.
  package var everySeconds = 3600.0

  package init() {}
}

/// Fixed prompts that each target is asked again and again: they show when a provider changes a model silently.
package struct CanaryPromptConfiguration: Sendable, Hashable {
  /// One prompt, and what shows a good answer.
  package struct Prompt: Sendable, Hashable {
    package enum Expectation: Sendable, Hashable {
      /// The answer is this text, but for white space around it and the case of letters.
      case exact(String)
      /// The answer contains this text, whatever the case of letters.
      case contains(String)
    }

    package var text: String
    package var expectation: Expectation

    package init(text: String, expectation: Expectation) { (self.text, self.expectation) = (text, expectation) }
  }

  package var prompts: [Prompt] = []
  /// How long passes between two rounds of all prompts.
  package var everySeconds = 3600.0
  /// The targets that are asked, by name; empty for all of the tiers.
  package var targets: [String] = []
  /// What a UTC day of them may cost, in USD.
  package var dailyBudgetUSD = 1.0
  /// The most tokens of an answer.
  package var maximumTokens = 64
  /// How many rounds the first answers of a target are taken for normal.
  package var referenceRounds = 72

  package init() {}
}

extension CanaryPromptConfiguration.Prompt {
  /// Whether an answer is good.
  package func accepts(_ answer: String) -> Bool {
    switch expectation {
    case .exact(let text): Self.trimmed(answer) == Self.trimmed(text)
    case .contains(let text): answer.lowercased().contains(text.lowercased())
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.lowercased().drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
