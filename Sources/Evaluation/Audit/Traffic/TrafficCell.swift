/// Sums over requests that have a ``TrafficKey`` in common. Adding cells is adding requests: nothing is lost, and parts add up to the
/// whole.
///
/// A sum of dollars has a count of its own beside it, of the requests that it is known for.
package struct TrafficCell: Sendable, Hashable {
  package var requests = 0
  /// Those that chance could have sent elsewhere.
  package var eligible = 0
  package var failures = 0
  package var escalations = 0
  package var fallbacks = 0
  /// Those whose decision was only watched.
  package var observed = 0
  package var conversationsBegun = 0
  package var attempts = 0

  /// Requests whose cost is known, Σc and Σc².
  package var priced = 0
  package var costUSD = 0.0
  package var squaredCost = 0.0
  /// Requests of which the strongest tier's cost is known too: their own Σc, Σs, Σ(s − c) and Σ(s − c)².
  package var compared = 0
  package var comparedUSD = 0.0
  package var strongestUSD = 0.0
  package var savedUSD = 0.0
  package var squaredSaving = 0.0
  /// Requests of which the cheapest tier's cost is known as well, and Σ of it.
  package var floored = 0
  package var cheapestUSD = 0.0
  /// Of answers that were thrown away; part of ``costUSD``.
  package var rejectedUSD = 0.0

  /// Requests whose tokens are known.
  package var counted = 0
  package var inputTokens = 0
  package var outputTokens = 0

  package var decisions = 0
  package var decisionNanoseconds = 0
  /// In milliseconds, of requests that did not fail.
  package var latency = MagnitudeHistogram()
  package var firstToken = MagnitudeHistogram()
  /// Dollars per request.
  package var costs = MagnitudeHistogram()

  /// Requests that were drawn to be rated, those of them without a rating, and what rating took.
  package var drawn = 0
  package var missing = 0
  package var labelUSD = 0.0
  package var judgeUSD = 0.0
  /// Ratings by clients' users: shown, never part of an estimate.
  package var feedbacks = 0
  package var feedback = 0.0

  package init() {}

  /// Requests whose cost no one knows.
  package var unpriced: Int { requests - priced }

  package mutating func add(_ row: TrafficRow) {
    requests += 1
    eligible += row.isEligible == true ? 1 : 0
    failures += row.isFailure ? 1 : 0
    escalations += row.isEscalated ? 1 : 0
    fallbacks += row.isFallback ? 1 : 0
    observed += row.observedTier == nil ? 0 : 1
    conversationsBegun += row.beginsConversation ? 1 : 0
    attempts += row.attempts
    addMoney(row)
    addWork(row)
    addLabels(row)
  }

  private mutating func addMoney(_ row: TrafficRow) {
    guard let cost = row.costUSD else { return }
    priced += 1
    costUSD += cost
    squaredCost += cost * cost
    costs.add(cost)
    rejectedUSD += row.rejectedUSD
    guard let strongest = row.strongestUSD else { return }
    compared += 1
    comparedUSD += cost
    strongestUSD += strongest
    savedUSD += strongest - cost
    squaredSaving += (strongest - cost) * (strongest - cost)
    guard let cheapest = row.cheapestUSD else { return }
    floored += 1
    cheapestUSD += cheapest
  }

  private mutating func addWork(_ row: TrafficRow) {
    if let input = row.inputTokens, let output = row.outputTokens {
      counted += 1
      inputTokens += input
      outputTokens += output
    }
    if let nanoseconds = row.decisionNanoseconds {
      decisions += 1
      decisionNanoseconds += nanoseconds
    }
    guard !row.isFailure else { return }
    if let latency = row.latencyMilliseconds { self.latency.add(latency) }
    if let first = row.firstTokenMilliseconds { firstToken.add(first) }
  }

  private mutating func addLabels(_ row: TrafficRow) {
    drawn += row.isDrawn ? 1 : 0
    missing += row.isLabelMissing ? 1 : 0
    labelUSD += row.labelUSD
    judgeUSD += row.judgeUSD
    guard let quality = row.feedback else { return }
    feedbacks += 1
    feedback += quality
  }
}

extension TrafficCell {
  package mutating func merge(_ other: TrafficCell) {
    mergeCounts(other)
    mergeMoney(other)
    latency.merge(other.latency)
    firstToken.merge(other.firstToken)
    costs.merge(other.costs)
  }

  private mutating func mergeCounts(_ other: TrafficCell) {
    requests += other.requests
    eligible += other.eligible
    failures += other.failures
    escalations += other.escalations
    fallbacks += other.fallbacks
    observed += other.observed
    conversationsBegun += other.conversationsBegun
    attempts += other.attempts
    priced += other.priced
    compared += other.compared
    floored += other.floored
    counted += other.counted
    inputTokens += other.inputTokens
    outputTokens += other.outputTokens
    decisions += other.decisions
    decisionNanoseconds += other.decisionNanoseconds
    drawn += other.drawn
    missing += other.missing
    feedbacks += other.feedbacks
  }

  private mutating func mergeMoney(_ other: TrafficCell) {
    costUSD += other.costUSD
    squaredCost += other.squaredCost
    comparedUSD += other.comparedUSD
    strongestUSD += other.strongestUSD
    savedUSD += other.savedUSD
    squaredSaving += other.squaredSaving
    cheapestUSD += other.cheapestUSD
    rejectedUSD += other.rejectedUSD
    labelUSD += other.labelUSD
    judgeUSD += other.judgeUSD
    feedback += other.feedback
  }
}

/// Every count, sum and histogram by the name of its column in a store.
extension TrafficCell {
  package static let counts: [(name: String, path: any WritableKeyPath<TrafficCell, Int> & Sendable)] = [
    ("requests", \.requests),
    ("eligible", \.eligible),
    ("failures", \.failures),
    ("escalations", \.escalations),
    ("fallbacks", \.fallbacks),
    ("observed", \.observed),
    ("conversations_begun", \.conversationsBegun),
    ("attempts", \.attempts),
    ("priced", \.priced),
    ("compared", \.compared),
    ("floored", \.floored),
    ("counted", \.counted),
    ("input_tokens", \.inputTokens),
    ("output_tokens", \.outputTokens),
    ("decisions", \.decisions),
    ("decision_nanoseconds", \.decisionNanoseconds),
    ("drawn", \.drawn),
    ("missing", \.missing),
    ("feedbacks", \.feedbacks),
  ]

  package static let sums: [(name: String, path: any WritableKeyPath<TrafficCell, Double> & Sendable)] = [
    ("cost_usd", \.costUSD),
    ("squared_cost", \.squaredCost),
    ("compared_usd", \.comparedUSD),
    ("strongest_usd", \.strongestUSD),
    ("saved_usd", \.savedUSD),
    ("squared_saving", \.squaredSaving),
    ("cheapest_usd", \.cheapestUSD),
    ("rejected_usd", \.rejectedUSD),
    ("label_usd", \.labelUSD),
    ("judge_usd", \.judgeUSD),
    ("feedback", \.feedback),
  ]

  package static let histograms:
    [(name: String, path: any WritableKeyPath<TrafficCell, MagnitudeHistogram> & Sendable)] = [
      ("latency", \.latency),
      ("first_token", \.firstToken),
      ("costs", \.costs),
    ]
}
