import Ockham

/// One figure that is watched, and how it is taken from what is known of a request.
package enum DriftColumn: Sendable, Hashable {
  /// A dense feature, by its place.
  case feature(Int)
  /// The logit of a tier.
  case logit(Int)
  /// The tier that the model's own steps choose.
  case tier
  case task
  /// Whether the client got an error.
  case failed
  /// What the response of a tier cost, and how long it took.
  case cost(Int)
  case latency(Int)

  /// All that a model of so many tiers can be watched by.
  package static func all(tiers: Int, hasTasks: Bool) -> [DriftColumn] {
    DenseFeatures.names.indices.map { .feature($0) } + (0..<tiers).map { .logit($0) } + [.tier]
      + (hasTasks ? [.task] : []) + [.failed] + (0..<tiers).map { .cost($0) } + (0..<tiers).map { .latency($0) }
  }

  /// The column of a statistic's name; `nil` for a name that there is not.
  package init?(_ name: String, tiers: Int) {
    guard let column = Self.all(tiers: tiers, hasTasks: true).first(where: { $0.name == name }) else { return nil }
    self = column
  }

  /// As model files spell it.
  package var name: String {
    switch self {
    case .feature(let place): "feature." + DenseFeatures.names[place]
    case .logit(let tier): "logit.\(tier)"
    case .tier: "share.tier"
    case .task: "share.task"
    case .failed: "share.failed"
    case .cost(let tier): "cost.\(tier)"
    case .latency(let tier): "latency.\(tier)"
    }
  }
}

/// What is known of one request.
package struct DriftFacts: Sendable {
  /// Seconds since 1970.
  package var time: Double?
  /// Names the conversation; a request of none has one of its own.
  package var conversation: UInt64
  /// One over the probability with which the request came to be looked at.
  package var weight = 1.0
  /// Dense features before standardising; empty where no one kept them.
  package var dense: [Float] = []
  package var logits: [Float] = []
  /// P(good) by tier.
  package var probabilities: [Float] = []
  /// What the model's own steps choose.
  package var tier: Int?
  package var task: Int?
  package var hasFailed: Bool?
  /// What the response of each tier took that the client got, or of every tier that was asked where none served; empty where unknown.
  package var answers: [Answer?] = []
  /// Qualities that were drawn uniformly to be known, by tier; `nil` where none was.
  package var labels: [Double?] = []

  /// What one response took; `nil` where unknown.
  package struct Answer: Sendable, Hashable {
    package var costUSD: Double?
    package var latencyMilliseconds: Double?

    package init(costUSD: Double? = nil, latencyMilliseconds: Double? = nil) {
      (self.costUSD, self.latencyMilliseconds) = (costUSD, latencyMilliseconds)
    }
  }

  package init(conversation: UInt64, time: Double? = nil) {
    (self.conversation, self.time) = (conversation, time)
  }
}

extension DriftFacts {
  fileprivate func answer(_ tier: Int) -> Answer? { tier < answers.count ? answers[tier] : nil }
}

extension DriftColumn {
  /// The value of a column; NaN where it is unknown, `nil` where the request is none of the column's.
  func value(_ facts: DriftFacts) -> Float? {
    switch self {
    case .feature(let place): facts.dense.isEmpty ? nil : facts.dense[place]
    case .logit(let tier):
      facts.logits.isEmpty
        ? nil : min(max(facts.logits[tier], -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    case .tier: facts.tier.map { Float($0) }
    case .task: facts.task.map { Float($0) }
    case .failed: facts.hasFailed.map { $0 ? 1 : 0 }
    case .cost(let tier): facts.answer(tier).map { Float($0.costUSD ?? .nan) }
    case .latency(let tier): facts.answer(tier).map { Float($0.latencyMilliseconds ?? .nan) }
    }
  }
}
