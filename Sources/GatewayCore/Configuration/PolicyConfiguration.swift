package import Ockham

/// How requests are placed: a point on the cost–quality frontier, and limits that no gain outweighs.
package struct PolicyConfiguration: Sendable, Hashable {
  /// The steps between neighbouring tiers; `nil` for those of the model.
  package var thresholds: [Float]?
  package var minimumQuality: Float?
  package var maximumCostUSD: Double?
  package var maximumLatencyMilliseconds: Double?

  /// Tiers, by name, that a kind of task must use.
  package var taskPins: [TaskKind: [String]] = [:]

  /// The share of requests that go to a tier drawn at random, at most 0.5; logged with its propensity.
  package var explorationRate: Double = 0

  package var cascade: CascadeConfiguration?
  package var ensemble: EnsembleConfiguration?

  package init() {}
}

/// Answer with the chosen tier, check, and move up while the answer falls short.
package struct CascadeConfiguration: Sendable, Hashable {
  /// The model's response heads decide where a request starts and whether an answer is taken, beside the other checks.
  package struct Learned: Sendable, Hashable {
    /// The share of accepted answers that are asked of a higher tier all the same, from 0 to 0.5, to learn what was missed.
    package var explorationRate = 0.0

    package init() {}
  }

  /// Steps up at most; at least 1.
  package var maximumSteps = 1
  /// `nil` for a cascade that looks at an answer's form alone, or asks a judge.
  package var learned: Learned?
  /// The least mean log probability of the answer's tokens, where the provider gives them.
  package var minimumMeanLogprob: Double?
  /// The target that judges the answer, by name; `nil` for none.
  package var judge: String?
  /// The least mark of the judge, from 0 to 1.
  package var minimumScore = 0.5
  package var bounds = MultiCallLimits()

  package init() {}
}

/// Ask several times and pick one answer.
package struct EnsembleConfiguration: Sendable, Hashable {
  package enum Choice: String, Sendable, Hashable, CaseIterable {
    /// The answer that most agree on, after normalising.
    case majority
    /// The answer that the judge prefers.
    case judge
  }

  /// Answers to ask for; at least 2.
  package var answers = 3
  package var choice = Choice.majority
  /// The target that judges, by name.
  package var judge: String?
  package var bounds = MultiCallLimits()

  package init() {}
}

/// What looking at answers may take in all: beyond it the best answer that is there is sent.
package struct MultiCallLimits: Sendable, Hashable {
  /// From the first answer on for a cascade, from the request on for an ensemble.
  package var seconds = 120.0
  /// What all answers and judges of a request may cost at most, as known or bounded, in USD; `nil` for no limit but the budgets'.
  package var costUSD: Double?

  package init() {}
}

/// A rule beside the classifier: when all its conditions hold, it acts.
///
/// Rules are looked at in order. The first that pins a tier or a target ends the search; the others narrow what is
/// allowed and add up.
package struct Rule: Sendable, Hashable {
  package var name: String
  package var conditions: [Condition]
  package var action: Action

  /// Whether it holds also where it is unknown whether a condition does: for rules that keep data in a place.
  package var isPrivate = false

  package enum Condition: Sendable, Hashable {
    /// Bytes of all messages' text.
    case textBytes(ClosedRange<Int>)
    /// ISO 639-1 codes; a guess from the script and common words of the last user turn.
    case languages(Set<String>)
    /// Any of these, as whole words, whatever the case, in the last user turn.
    case keywords([String])
    /// A header of the request with one of these among its values, whatever their case and parameters; none for any value.
    case header(name: String, values: [String])
    /// The virtual key's name.
    case keys(Set<String>)
    case tasks(Set<TaskKind>)
    case hasTools(Bool)
    case hasImages(Bool)
    /// At least so many messages.
    case turns(ClosedRange<Int>)
    /// A share of the requests, by hash of the conversation: an A/B test that sticks.
    case share(Double)
  }

  package enum Action: Sendable, Hashable {
    case pin(tier: String)
    case target(String)
    case forbid(tiers: Set<String>)
    case atLeast(tier: String)
    case atMost(tier: String)
    case policy(String)
  }

  /// ISO 639-1 codes of the languages that can be distinguished, and so be named in a condition.
  package static let languages = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ko", "ar"]

  package init(name: String, conditions: [Condition], action: Action) {
    self.name = name
    self.conditions = conditions
    self.action = action
  }
}

/// A virtual key: what a client may do and spend. The key itself is known by its hash alone.
package struct KeyConfiguration: Sendable, Hashable {
  package var name: String

  /// SHA-256 of the key, in lower-case hexadecimal.
  package var sha256: String

  /// The most that the key may spend, in USD, per UTC day and per UTC month.
  package var dailyBudgetUSD: Double?
  package var monthlyBudgetUSD: Double?
  package var requestsPerMinute: Int?
  package var tokensPerMinute: Int?

  /// Names of models that the key may ask for (`auto`, tiers, targets); `nil` for all.
  package var models: Set<String>?

  /// Whether copies of the key's requests may be asked of other tiers.
  package var allowsShadow = true

  package init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}
